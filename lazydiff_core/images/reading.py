"""Reads pictures, with all that must come back when they are written again."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from lazydiff_core.contract import RGB, RGBA, Cover, Mask, Pixels
from lazydiff_core.errors import ImageError
from lazydiff_core.geometry.pixels import over_grey, with_alpha
from lazydiff_core.images.archives import archive_of
from lazydiff_core.images.coded_colour import profile_in
from lazydiff_core.images.colour import fits, is_foreign, is_reversible, scaled, to_srgb
from lazydiff_core.images.decoding import Decoded, bits_of, decode, upright
from lazydiff_core.images.layered import layered_picture
from lazydiff_core.images.metadata import metadata_of, orientation_of
from lazydiff_core.images.not_kept import not_kept
from lazydiff_core.images.picture import COLOURS, Metadata, Original, Picture
from lazydiff_core.images.signatures import kind_of

MAX_PIXELS = 100_000_000
# Texts that other programs write, such as a whole graph of nodes; Pillow calls more than 1 MiB
# damaged. The profile of a PNG counts as one.
PngImagePlugin.MAX_TEXT_CHUNK = 16 * 2**20
_MAX_BYTES = 2**32
_DNG_VERSION = 50706
# Raw pictures of cameras are TIFFs, but what opens is a thumbnail.
_RAW_SUFFIXES = (".dng", ".nef", ".arw", ".cr2", ".orf", ".pef", ".srw", ".rw2", ".raf", ".3fr")
# Only plain raster formats: some of Pillow's readers run other programs.
_READABLE = {
    **{name: name for name in ("PNG", "JPEG", "AVIF", "BMP", "TIFF", "GIF", "PPM", "TGA", "PSD")},
    **{"WEBP": "WebP", "JPEG2000": "JPEG 2000", "QOI": "QOI"},
}
# JPEG's reader finds out that there are several pictures; HEIF and JXL are of plugins.
_NAMES = _READABLE | {"MPO": "JPEG", "HEIF": "HEIC", "JXL": "JPEG XL"}


def read_picture(path: Path, file: IO[bytes] | None = None) -> Picture:
    """Read a picture; raises ImageError, with one sentence on what is wrong with it.

    file: read from this instead, such as an entry of the archive `path`.
    """
    with _told(path):
        data = file.read() if file else _contents(path)
    return picture_of(data, path)


def contents_of(path: Path) -> bytes:
    """All bytes of a picture's file, for `picture_of`; raises ImageError."""
    with _told(path):
        return _contents(path)


def picture_of(data: bytes, path: Path) -> Picture:
    """The picture in a file's contents; `path` names it in messages. Raises ImageError."""
    kind = kind_of(data)
    with _told(path, data):
        if kind is not None and kind.name == "ZIP archive":
            archive = archive_of(data, path)
            return layered_picture(archive, lambda png: picture_of(png, path), MAX_PIXELS)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a picture that can be decoded is good enough
            with Image.open(BytesIO(data), formats=_plugins(path, data)) as image:
                check_area(path, *image.size)
                _check_kind(path, image, data)
                dropped = not_kept(image, data)
                decoded = decode(image, data)
                if image.format == "PNG":
                    image.load()  # it may have metadata behind the pixels
                metadata, turn = metadata_of(image), orientation_of(image)
                if not metadata.icc:
                    metadata = replace(metadata, icc=profile_in(image, data))
                name = _NAMES.get(image.format or "", image.format or "")
        return _assembled(decoded, turn, metadata, dropped, name)


def read_image(path: Path) -> RGB:
    """Read a picture's colours as (H, W, 3) uint8 sRGB, transparency over white.

    Raises ImageError.
    """
    return over_grey(read_picture(path).pixels, 255)


def read_rgba(path: Path) -> RGBA:
    """Read a picture as (H, W, 4) uint8 sRGB with straight alpha; raises ImageError."""
    return with_alpha(read_picture(path).pixels)


def check_same_size(image: Pixels, other: Mask | Cover | RGBA, name: str) -> None:
    """Raise ImageError unless `other` has the image's size; `name` is its name in the message."""
    if image.shape[:2] != other.shape[:2]:
        raise ImageError(
            f"The {name} is {_size(other)} but the image is {_size(image)} pixels: "
            "make them the same size."
        )


def check_area(path: Path, width: int, height: int) -> None:
    """Raise ImageError for more than MAX_PIXELS."""
    if width * height > MAX_PIXELS:
        raise _too_large(path, f"{width}x{height} pixels")


def _assembled(
    decoded: Decoded, turn: int, metadata: Metadata, dropped: tuple[str, ...], name: str
) -> Picture:
    samples, model = upright(decoded.samples, turn), decoded.model
    colours = samples[..., : COLOURS[model]]
    if metadata.icc and not fits(metadata.icc, model):
        metadata = replace(metadata, icc=b"")
    pixels = to_srgb(colours, model, metadata.icc)
    if colours.shape[2] < samples.shape[2]:
        pixels = np.concatenate([pixels, scaled(samples[..., -1:], np.uint8)], axis=2)
    pixels = np.ascontiguousarray(pixels)
    foreign = is_foreign(metadata.icc, model)
    if foreign and not is_reversible(metadata.icc, model):
        dropped = (*dropped, "colours of a profile that can only be read")
        return Picture(pixels, None, replace(metadata, icc=b""), dropped, name)
    if samples.dtype == np.uint8 and model == "RGB" and not foreign:
        return Picture(pixels, None, metadata, dropped, name)
    return Picture(pixels, Original(samples, model), metadata, dropped, name)


def _contents(path: Path) -> bytes:
    if path.stat().st_size > _MAX_BYTES:
        raise ImageError(f"{path} has more than 4 GiB: scale the picture down first.")
    return path.read_bytes()


def _check_kind(path: Path, image: Image.Image, data: bytes) -> None:
    """Raise ImageError for what opens, but not as the picture that the artist means."""
    tags = getattr(image, "tag_v2", {})
    if path.suffix.lower() in _RAW_SUFFIXES or _DNG_VERSION in tags:
        raise ImageError(
            f"{path} is a camera's raw picture, which cannot be read: develop it as TIFF or PNG."
        )
    if image.mode in ("I", "I;32BS") and bits_of(image, data) == 32:
        raise ImageError(
            f"{path} holds whole numbers of 32 bits a channel, which cannot be read: save it with "
            "16 bits or as floating point."
        )


def _plugins(path: Path, data: bytes) -> tuple[str, ...]:
    """The formats that Pillow may try, with the plugin that this file needs."""
    kind = kind_of(data)
    if kind is None or not kind.module:
        return tuple(_READABLE)
    try:
        plugin = importlib.import_module(kind.module)
    except ImportError:
        raise ImageError(
            f"{path} is a {kind.name} picture, which needs Pillow's plugin {kind.package}: install "
            f"it with `pip install {kind.package}`, or save the picture as PNG first."
        ) from None
    if hasattr(plugin, "register_heif_opener"):
        plugin.register_heif_opener()
    return (*_READABLE, *kind.opens)


@contextmanager
def _told(path: Path, data: bytes = b"") -> Iterator[None]:
    """Turn whatever goes wrong into one sentence; decoders meet damage with errors of any kind."""
    try:
        yield
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
    except Exception as error:
        raise ImageError(_reason(path, data, error)) from error


def _reason(path: Path, data: bytes, error: Exception) -> str:
    kind = kind_of(data)
    if not isinstance(error, UnidentifiedImageError):
        return f"{path} cannot be read as an image: it is damaged or cut off."
    if kind is None:
        return f"{path} cannot be read as an image: it is of an unknown format, or damaged."
    if kind.name == "PSD" and data[22:24] != b"\0\x08":
        bits = int.from_bytes(data[22:24])
        return f"{path} has {bits} bits a channel: a PSD is read with 8 only; save it as TIFF."
    if kind.name in _READABLE.values():
        return f"{path} cannot be read: it is a damaged {kind.name} file, or of a rare kind."
    return f"{path} is of the format {kind.name}, which cannot be read: save it as PNG first."


def _too_large(path: Path, extent: str) -> ImageError:
    return ImageError(
        f"{path} has {extent}, more than {MAX_PIXELS // 1_000_000} million: scale it down first."
    )


def _size(pixels: Pixels | Mask) -> str:
    return f"{pixels.shape[1]}x{pixels.shape[0]}"
