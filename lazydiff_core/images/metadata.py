"""Metadata, from an image that Pillow has opened."""

from __future__ import annotations

from typing import Any

from PIL import ExifTags, Image, PngImagePlugin, PsdImagePlugin, TiffImagePlugin

from lazydiff_core.images import exif as exifs
from lazydiff_core.images import photoshop
from lazydiff_core.images import xmp as xmps
from lazydiff_core.images.picture import Metadata

RECIPES = "LazyDiff"  # keyword of the PNG chunk with our note
XMP_CHUNK = "XML:com.adobe.xmp"
# TIFF's tags of the first directory that describe the picture, not how it is stored.
_DESCRIBING = (
    *(ExifTags.Base.ImageDescription, ExifTags.Base.Make, ExifTags.Base.Model),
    *(ExifTags.Base.Software, ExifTags.Base.DateTime, ExifTags.Base.Artist),
    *(ExifTags.Base.HostComputer, ExifTags.Base.Copyright, ExifTags.Base.Rating),
    *(ExifTags.Base.XPTitle, ExifTags.Base.XPComment, ExifTags.Base.XPAuthor),
    *(ExifTags.Base.XPKeywords, ExifTags.Base.XPSubject),
)
_PARTS = (exifs.EXIF_PART, exifs.GPS_PART)
_INCH = {2: 1.0, 3: 2.54}  # TIFF's units of resolution
# Text chunks that hold what has a place of its own.
_WRAPPED = (XMP_CHUNK, "Raw profile type exif", "Raw profile type APP1", "Raw profile type icc")


def metadata_of(image: Image.Image) -> Metadata:
    """What an opened, loaded image says, for its upright pixels."""
    exif = exifs.normalised(_exif(image))
    xmp = xmps.upright(_bytes(image.info.get("xmp") or image.info.get(XMP_CHUNK)))
    text = _texts(image)
    recipes = dict(text).get(RECIPES) or xmps.recipes_in(xmp) or _older_recipes(exif)
    return Metadata(
        icc=_bytes(image.info.get("icc_profile")),
        exif=exif,
        xmp=xmps.without_recipes(xmp),
        photoshop=_photoshop(image),
        dpi=_dpi(image),
        text=tuple(pair for pair in text if pair[0] != RECIPES),
        recipes=recipes,
    )


def orientation_of(image: Image.Image) -> int:
    """1 to 8, as Exif counts."""
    found = image.getexif().get(exifs.ORIENTATION, 1)
    return found if found in range(1, 9) else 1


def _exif(image: Image.Image) -> bytes:
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        return _exif_of_tiff(image)
    if raw := image.info.get("exif"):
        return _bytes(raw).removeprefix(exifs.HEADER)
    found = image.getexif()  # ImageMagick's way in a PNG
    return found.tobytes().removeprefix(exifs.HEADER) if len(found) else b""


def _exif_of_tiff(image: TiffImagePlugin.TiffImageFile) -> bytes:
    """In a TIFF, Exif's tags lie among those of the picture."""
    whole, kept = image.getexif(), Image.Exif()
    for tag in _DESCRIBING:
        if tag in whole:
            kept[tag] = whole[tag]
    for part in _PARTS:
        if tags := whole.get_ifd(part):
            kept.get_ifd(part).update(tags)
    says = bool(kept) or any(kept.get_ifd(part) for part in _PARTS)
    return kept.tobytes().removeprefix(exifs.HEADER) if says else b""


def _texts(image: Image.Image) -> list[tuple[str, str]]:
    if isinstance(image, PngImagePlugin.PngImageFile):
        return [(k, str(v)) for k, v in image.text.items() if k not in _WRAPPED]
    comment = image.info.get("comment")
    if isinstance(comment, bytes):
        return [("Comment", comment.decode("utf-8", "replace"))]
    return [("Comment", comment)] if comment else []


def _older_recipes(exif: bytes) -> str:
    """The note where earlier versions put it: Exif's comment of the user."""
    comment = exifs.parsed(exif).get_ifd(exifs.EXIF_PART).get(exifs.USER_COMMENT, b"")
    text = exifs.text_of(comment)
    return text if text.startswith('{"lazydiff"') else ""


def _photoshop(image: Image.Image) -> bytes:
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        found = _bytes(image.tag_v2.get(photoshop.TIFF_TAG))
        return photoshop.kept(found) or photoshop.from_iptc(image.tag_v2.get(photoshop.IPTC_TAG))
    if isinstance(image, PsdImagePlugin.PsdImageFile):
        return photoshop.packed((kind, data) for kind, _, data in image.resources)
    applist: list[tuple[str, bytes]] = getattr(image, "applist", [])
    parts = [data for name, data in applist if name == "APP13"]
    start = len(photoshop.HEADER)
    return photoshop.kept(b"".join(p[start:] for p in parts if p.startswith(photoshop.HEADER)))


def _dpi(image: Image.Image) -> tuple[float, float] | None:
    made_up = isinstance(image, TiffImagePlugin.TiffImageFile) or (
        image.format in ("JPEG", "MPO") and image.info.get("jfif_unit") not in (1, 2)
    )
    if not made_up and (found := image.info.get("dpi")):
        across, down = float(found[0]), float(found[1])
    else:  # of a TIFF, these are its own tags; Pillow makes up those that are missing
        block = image.getexif()
        inch = _INCH.get(block.get(ExifTags.Base.ResolutionUnit, 2), 0.0)
        across = float(block.get(ExifTags.Base.XResolution, 0)) * inch
        down = float(block.get(ExifTags.Base.YResolution, 0)) * inch
    return (across, down) if min(across, down) > 0 else None


def _bytes(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode()
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else b""
