"""Writes pictures so that what the artist brought comes back.

Samples whose pixel was not changed are written as they were read, in the file's own colours and
depth; the others are converted. What the target has no place for is told before, by `losses`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from lazydiff_core.contract import Cover, Pixels
from lazydiff_core.errors import TargetError
from lazydiff_core.images import exif as exifs
from lazydiff_core.images import photoshop
from lazydiff_core.images.carrying import carried
from lazydiff_core.images.file_samples import FileSamples, file_samples
from lazydiff_core.images.formats import Format, format_of
from lazydiff_core.images.picture import Metadata, Picture
from lazydiff_core.images.png_writing import png_file
from lazydiff_core.images.tiff_writing import tiff_file
from lazydiff_core.storage.safe_files import check_writable

_NONE = Metadata()
_SEGMENT = 65_000


def losses(path: Path, pixels: Pixels, source: Picture | None = None) -> tuple[str, ...]:
    """What a file of this name cannot keep of a picture, each in plain words. See `encode`.

    Raises TargetError if it cannot hold the picture at all.
    """
    form = format_of(path)
    _check_size(form, pixels)
    lost: list[str] = []
    if (
        pixels.ndim == 3
        and pixels.shape[2] == 4
        and not form.alpha
        and (pixels[..., 3] < 255).any()
    ):
        lost.append("transparency (it is laid over white)")
    if source is None:
        return tuple(lost)
    original = source.original
    if original is not None:
        if original.bits > max(depth for depth in form.depths):
            lost.append(f"{original.bits} bits a channel (it has {max(form.depths)})")
        if original.model not in form.models and original.model == "CMYK":
            lost.append("CMYK (it has RGB)")
    return (*lost, *carried(source.metadata, form, pixels.shape[:2]).lost)


def is_exact(path: Path) -> bool:
    """Whether every pixel is read from such a file as it was written."""
    return format_of(path).exact


def check_target(path: Path, pixels: Pixels) -> None:
    """Raise TargetError unless a picture of this size can be written at `path`."""
    _check_size(format_of(path), pixels)
    check_writable(path)


def encode(
    pixels: Pixels | Cover,
    path: Path,
    source: Picture | None = None,
    *,
    recipes: str = "",
    generated: bool = False,
) -> bytes:
    """The contents of a file with (H, W, 3), (H, W, 4) or grey (H, W) uint8 sRGB pixels.

    path:      its suffix names the format.
    source:    the picture that the pixels were made from, as it was read. Pixels equal to its are
               written as its samples, and its metadata is carried over. None = neither.
    recipes:   a note on the fills (`recipe_notes`), added after the one that the source has.
    generated: parts were generated: the picture says so in XMP, as IPTC asks.

    Raises TargetError.
    """
    form = format_of(path)
    _check_size(form, pixels)
    samples = file_samples(pixels, source, form)
    given = source.metadata if source else _NONE
    metadata = carried(given, form, pixels.shape[:2], recipes, generated=generated).metadata
    try:
        return _WRITERS[form.name](samples, metadata, form)
    except (OSError, ValueError, struct.error) as error:
        raise TargetError(f"A {form.name} file of this picture cannot be made: {error}.") from error


def _check_size(form: Format, pixels: Pixels | Cover) -> None:
    height, width = pixels.shape[:2]
    if max(height, width) > form.most:
        raise TargetError(
            f"A {form.name} file cannot hold a picture of {width}x{height} pixels: write a PNG."
        )


def _png(samples: FileSamples, metadata: Metadata, form: Format) -> bytes:
    return png_file(samples, metadata)


def _tiff(samples: FileSamples, metadata: Metadata, form: Format) -> bytes:
    return tiff_file(samples, metadata)


def _by_pillow(samples: FileSamples, metadata: Metadata, form: Format) -> bytes:
    said: dict[str, Any] = {"icc_profile": samples.icc, "exif": metadata.exif, "xmp": metadata.xmp}
    if form.name == "JPEG":
        said |= _of_jpeg(metadata)
    buffer = BytesIO()
    given = {name: value for name, value in said.items() if value}
    samples.image().save(buffer, form.name.upper(), **form.options, **given)
    return buffer.getvalue()


def _of_jpeg(metadata: Metadata) -> dict[str, Any]:
    said: dict[str, Any] = {"comment": dict(metadata.text).get("Comment", "")}
    if metadata.exif:
        said["exif"] = exifs.HEADER + metadata.exif
    if metadata.dpi:
        said["dpi"] = metadata.dpi
    if metadata.photoshop:
        said["extra"] = b"".join(_segments(metadata.photoshop))
    return said


def _segments(resources: bytes) -> Iterator[bytes]:
    """Photoshop's resources as segments of a JPEG, each of at most 64 KiB."""
    for k in range(0, len(resources), _SEGMENT):
        body = photoshop.HEADER + resources[k : k + _SEGMENT]
        yield b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


_WRITERS: dict[str, Callable[[FileSamples, Metadata, Format], bytes]] = {
    "PNG": _png,
    "TIFF": _tiff,
    "JPEG": _by_pillow,
    "WebP": _by_pillow,
    "AVIF": _by_pillow,
}
