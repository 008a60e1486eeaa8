"""Metadata on its way into a format: what goes where, and what has no place there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PIL import ExifTags, Image

from lazydiff_core.images import exif as exifs
from lazydiff_core.images import xmp as xmps
from lazydiff_core.images.formats import Format
from lazydiff_core.images.picture import Metadata
from lazydiff_core.images.recipe_notes import joined

# Exif's places for the texts of a PNG.
_EXIF_TEXTS = {
    "Author": ExifTags.Base.Artist,
    "Description": ExifTags.Base.ImageDescription,
    "Copyright": ExifTags.Base.Copyright,
    "Software": ExifTags.Base.Software,
    "Comment": exifs.USER_COMMENT,
    "parameters": exifs.USER_COMMENT,  # where other generators put it in a JPEG
}
_INCH = 2
_MAX_RECIPES = 1_000_000  # bytes
_MAX_BYTES = 2**31 - 1  # of anything in formats without a limit of their own
_SPARE = 1000  # bytes in an XMP packet for what is added to it


@dataclass(frozen=True)
class Carried:
    """metadata: as the format takes it. lost: what has no place in it, in plain words."""

    metadata: Metadata
    lost: tuple[str, ...]


def carried(
    metadata: Metadata,
    form: Format,
    size: tuple[int, int],
    recipes: str = "",
    *,
    generated: bool = False,
) -> Carried:
    """The metadata for a picture of `size` (height, width).

    recipes:   a note on the fills, after those that the metadata has.
    generated: parts of the picture were generated, which XMP then says.
    """
    lost: list[str] = []
    height, width = size
    most = form.segment or _MAX_BYTES
    exif, xmp = exifs.with_size(metadata.exif, width, height), metadata.xmp
    if len(exif) > most:
        lost.append("Exif of more than 64 KiB")
        exif = b""
    if metadata.dpi and "dpi" not in form.says:
        if added := _with_dpi(exif, metadata.dpi):
            exif = added
        else:
            lost.append("dots per inch")
    text: list[tuple[str, str]] = []
    for keyword, words in metadata.text:
        has_place = form.keywords is None or keyword in form.keywords
        added = b"" if has_place else _with_text(exif, keyword, words)
        if has_place and len(words.encode()) <= most:
            text.append((keyword, words))
        elif added and len(added) <= most:
            exif = added
        else:
            lost.append(f"the text {keyword!r}")
    if len(xmp) > most - _SPARE:
        lost.append("XMP of more than 64 KiB")
        xmp = b""
    if generated:
        xmp = xmps.marked(xmp)
    if metadata.photoshop and "photoshop" not in form.says:
        lost.append("Photoshop's resources")
    note = joined(metadata.recipes, recipes, _MAX_RECIPES)
    if note and form.keywords is not None:
        xmp, note = _with_recipes(xmp, note, most)
    return Carried(
        replace(metadata, exif=exif, xmp=xmp, text=tuple(text), recipes=note), tuple(lost)
    )


def _with_recipes(xmp: bytes, note: str, most: int) -> tuple[bytes, str]:
    """An XMP packet of at most so many bytes with as much of a note as fits, and that note."""
    packet, room = xmps.with_recipes(xmp, note), most
    while len(packet) > most:
        room = room * 3 // 4  # what of it has to be escaped, and takes more, is not known before
        note = joined(note, "", room)
        if not note:
            return xmp, ""
        packet = xmps.with_recipes(xmp, note)
    return packet, note


def _with_text(exif: bytes, keyword: str, words: str) -> bytes:
    """The Exif block with a text; empty if it has no place, or another text there."""
    tag = _EXIF_TEXTS.get(keyword)
    if tag is None:
        return b""
    block = exifs.parsed(exif)
    if _has_makers_note(block):
        return b""
    part = block.get_ifd(exifs.EXIF_PART) if tag == exifs.USER_COMMENT else block
    value = exifs.comment_of(words) if tag == exifs.USER_COMMENT else words
    if tag in part:
        return exif if part[tag] == value else b""
    part[tag] = value
    return _packed(block)


def _has_makers_note(block: Image.Exif) -> bool:
    """Such a note counts bytes from the block's start: the block is not written anew."""
    return ExifTags.Base.MakerNote in block.get_ifd(exifs.EXIF_PART)


def _with_dpi(exif: bytes, dpi: tuple[float, float]) -> bytes:
    """The Exif block with a resolution; empty if it has no place for it."""
    block = exifs.parsed(exif)
    if ExifTags.Base.XResolution in block:
        return exif
    if _has_makers_note(block):
        return b""
    block[ExifTags.Base.XResolution], block[ExifTags.Base.YResolution] = dpi
    block[ExifTags.Base.ResolutionUnit] = _INCH
    return _packed(block)


def _packed(block: Image.Exif) -> bytes:
    return block.tobytes().removeprefix(exifs.HEADER)
