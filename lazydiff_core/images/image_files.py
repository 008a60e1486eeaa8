"""Reads and writes pictures and masks."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from lazydiff_core.contract import RGB, RGBA, Cover, Mask
from lazydiff_core.errors import ImageError, TargetError
from lazydiff_core.storage.safe_files import check_writable

_log = logging.getLogger(__name__)
MAX_PIXELS = 100_000_000
# Only plain raster formats: some of Pillow's readers run other programs.
_READABLE = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "PPM", "TGA")
_SIXTEEN_BITS = ("I", "I;16", "I;16B", "I;16L", "I;16N")


@dataclass(frozen=True)
class Format:
    """A file format to write.

    name:       Pillow's name.
    options:    Pillow's options for the best quality.
    note_bytes: longest note that a picture can carry.
    most:       longest side in pixels.
    """

    name: str
    options: dict[str, Any] = field(default_factory=dict)
    note_bytes: int = 60_000  # Exif has 64 KiB
    most: int = 2**31 - 1


_JPEG = Format("JPEG", {"quality": 95, "subsampling": 0}, most=65_500)
FORMATS = {
    ".png": Format("PNG", note_bytes=1_000_000),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".webp": Format("WEBP", {"lossless": True, "exact": True}, most=16_383),
}
_NOTE = "LazyDiff"  # keyword of the PNG chunk
# Exif's UserComment is in the Exif sub-directory; its text begins with the character set.
_EXIF_PART, _USER_COMMENT, _ASCII = 0x8769, 0x9286, b"ASCII\0\0\0"


def read_image(path: Path, file: IO[bytes] | None = None) -> RGB:
    """Read a picture upright as (H, W, 3) uint8, transparency over white; raises ImageError.

    file: read from this instead, such as an entry of the archive `path`.
    """
    return _read(path, lambda image: _over(image, "white"), file)


def read_rgba(path: Path) -> RGBA:
    """Read a picture upright as (H, W, 4) uint8 with straight alpha; raises ImageError."""
    return _read(path, lambda image: image.convert("RGBA"))


def read_mask(path: Path) -> Mask:
    """Read a mask upright as (H, W) bool, True = hole; raises ImageError.

    Pixels lighter than mid-grey are hole. Transparency counts as black, so white strokes on black
    and on a transparent background mean the same.
    """
    return _read(path, lambda image: _over(image, "black").convert("L")) > 127


def read_cover(path: Path) -> Cover:
    """Read a mask upright as (H, W) uint8 with its greys, 255 = full fill; raises ImageError.

    Transparency counts as black.
    """
    return _read(path, lambda image: _over(image, "black").convert("L"))


def check_same_size(image: RGB, other: Mask | Cover | RGBA, name: str) -> None:
    """Raise ImageError unless `other` has the image's size; `name` is its name in the message."""
    if image.shape[:2] != other.shape[:2]:
        raise ImageError(
            f"The {name} is {_size(other)} but the image is {_size(image)} pixels: "
            "make them the same size."
        )


def check_target(path: Path, picture: RGB) -> None:
    """Raise TargetError unless a picture of this size can be written at `path`."""
    written = _format_of(path)
    if max(picture.shape[:2]) > written.most:
        raise _too_small(written, picture)
    check_writable(path)


def encode(image: RGB | RGBA | Cover, path: Path, note: str = "") -> bytes:
    """The file contents of (H, W, 3), (H, W, 4) or grey (H, W) uint8, in the suffix's format.

    PNG and WebP keep every pixel; JPEG, at quality 95, does not.
    note: ASCII text to embed, of at most `room_for_note(path)` bytes.
    Raises TargetError.
    """
    written = _format_of(path)
    extra = _annotation(written, note) if note else {}
    buffer = BytesIO()
    try:
        Image.fromarray(image).save(buffer, written.name, **written.options, **extra)
    except (OSError, ValueError) as error:
        raise _too_small(written, image) from error
    return buffer.getvalue()


def _too_small(written: Format, image: RGB | RGBA | Cover) -> TargetError:
    return TargetError(
        f"A {written.name} file cannot hold a picture of {_size(image)} pixels: write a PNG."
    )


def room_for_note(path: Path) -> int:
    """The longest note, in bytes, that a picture of this name can carry; raises TargetError."""
    return _format_of(path).note_bytes


def read_note(path: Path) -> str:
    """The note that `encode` embedded in a picture; "" if there is none, or it is unreadable."""
    try:
        with warnings.catch_warnings(), Image.open(path, formats=_READABLE) as image:
            warnings.simplefilter("ignore")
            if image.format == "PNG":
                return str(image.info.get(_NOTE, ""))
            comment = image.getexif().get_ifd(_EXIF_PART).get(_USER_COMMENT, b"")
    except Exception as error:  # as in `_read`; the picture itself may be sound
        _log.info("No note in %s: %s", path, error)
        return ""
    is_ours = isinstance(comment, bytes) and comment.startswith(_ASCII)
    return comment[len(_ASCII) :].decode("ascii", "replace") if is_ours else ""


def _annotation(written: Format, note: str) -> dict[str, Any]:
    """Pillow's arguments that embed a note in a picture."""
    if written.name == "PNG":
        chunks = PngInfo()
        chunks.add_text(_NOTE, note)
        return {"pnginfo": chunks}
    exif = Image.Exif()
    exif.get_ifd(_EXIF_PART)[_USER_COMMENT] = _ASCII + note.encode("ascii")
    return {"exif": exif}


def _size(pixels: RGB | RGBA | Mask) -> str:
    return f"{pixels.shape[1]}x{pixels.shape[0]}"


def _format_of(path: Path) -> Format:
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        raise TargetError(
            f"{path.name} names no format to write: end it in {', '.join(FORMATS)}."
        ) from None


def _read(
    path: Path, convert: Callable[[Image.Image], Image.Image], file: IO[bytes] | None = None
) -> npt.NDArray[np.uint8]:
    """Decode a file, rotate it upright by its Exif tag, and convert it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a picture that can be decoded is good enough
            with Image.open(file or path, formats=_READABLE) as image:
                _check_area(path, *image.size)
                upright = ImageOps.exif_transpose(image)
                return np.array(convert(_eight_bits(path, upright)))
    except (ImageError, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(path, "far too many pixels") from error
    except FileNotFoundError as error:
        raise ImageError(f"There is no image {path}: check the name.") from error
    except IsADirectoryError as error:
        raise ImageError(f"{path} is a folder: name an image in it.") from error
    except PermissionError as error:
        raise ImageError(f"{path} may not be read: check its permissions.") from error
    except Exception as error:  # decoders meet damaged files with errors of any kind
        raise ImageError(
            f"{path} cannot be read as an image: it is damaged or of an unknown format."
        ) from error


def _check_area(path: Path, width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _too_large(path, f"{width}x{height} pixels")


def _too_large(path: Path, extent: str) -> ImageError:
    return ImageError(
        f"{path} has {extent}, more than {MAX_PIXELS // 1_000_000} million: scale it down first."
    )


def _eight_bits(path: Path, image: Image.Image) -> Image.Image:
    if image.mode in _SIXTEEN_BITS:
        deep = np.asarray(image).astype(np.int64).clip(0, 65535)
        return Image.fromarray(((deep + 128) // 257).astype(np.uint8))
    if image.mode == "F":
        raise ImageError(f"{path} holds floating-point numbers: save it with 8 or 16 bits first.")
    return image


def _over(image: Image.Image, behind: str) -> Image.Image:
    """The image as RGB, composited over a plain colour."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    below = Image.new("RGBA", image.size, behind)
    return Image.alpha_composite(below, image.convert("RGBA")).convert("RGB")
