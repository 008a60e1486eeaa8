"""A file's samples: Pillow's for 8 bits a channel, OpenCV's for more.

Pillow reads 16-bit colour as 8 bits, so the samples of such files come from OpenCV.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile
from PIL import TiffImagePlugin as Tiff

from lazydiff_core.images.colour import lab_as_rgb, white_of
from lazydiff_core.images.exif import with_orientation
from lazydiff_core.images.picture import ColourModel, Samples
from lazydiff_core.images.tiff_planes import is_separate, planes

_TURNS = {  # Exif's orientation: mirrored first, then quarter turns to the left
    1: (False, 0),
    2: (True, 0),
    3: (False, 2),
    4: (True, 2),
    5: (True, 1),
    6: (False, 3),
    7: (True, 3),
    8: (False, 1),
}
# TIFF's ExtraSamples for alpha: colours are multiplied by it, or are not.
_ASSOCIATED = (1,)
_ALPHA = (_ASSOCIATED, (2,))

# Kinds of TIFF that Pillow does not know: told these, it opens them, and reads their tags. Pixels
# come from elsewhere, but for 16-bit grey with alpha, whose bytes are read as if they were RGBA.
for _order in (b"II", b"MM"):
    for _extra in (0, 1, 2):
        Tiff.OPEN_INFO[_order, 1, (1,), 1, (16, 16), (_extra,)] = ("RGBA", "RGBA")
        Tiff.OPEN_INFO[_order, 2, (3,), 1, (32,) * 4, (_extra,)] = ("RGBA", "RGBA")
    Tiff.OPEN_INFO[_order, 2, (3,), 1, (32,) * 3, ()] = ("RGB", "RGB")
    _grey = Tiff.OPEN_INFO[_order, 1, (1,), 1, (16,), ()]
    Tiff.OPEN_INFO.setdefault((_order, 0, (1,), 1, (16,), ()), _grey)  # white is 0


@dataclass(frozen=True, eq=False)
class Decoded:
    """samples: (H, W, C), with straight alpha last if C is one more than the model has."""

    samples: Samples
    model: ColourModel
    is_palette: bool = False


def decode(image: Image.Image, data: bytes) -> Decoded:
    """The samples of an opened image that is not loaded yet, as they lie in the file `data`."""
    bits = bits_of(image, data)
    if bits > 8 and is_plain(image, bits):
        return _deep(image, data, bits)
    image.load()
    return _shallow(image)


def upright(samples: Samples, orientation: int) -> Samples:
    """Samples turned as Exif's orientation says."""
    mirrored, turns = _TURNS[orientation]
    return np.ascontiguousarray(np.rot90(samples[:, ::-1] if mirrored else samples, turns))


def bits_of(image: Image.Image, data: bytes) -> int:
    """Bits a channel in the file `data`; 32 = floating point or whole numbers of 32 bits.

    The image must not be loaded yet.
    """
    if isinstance(image, Tiff.TiffImageFile):
        return int(max(image.tag_v2.get(Tiff.BITSPERSAMPLE, (1,))))
    if image.format in ("PNG", "PPM"):
        return 16 if ";16" in _raw_modes(image) else _largest(image).bit_length()
    if image.format == "AVIF":  # AV1 Codec ISO Media File Format Binding, section 2.3.3
        at = data.find(b"av1C")
        flags = data[at + 6] if 0 <= at < len(data) - 6 else 0
        return 12 if flags & 0x60 == 0x60 else 10 if flags & 0x40 else 8
    if image.format == "JPEG2000":  # ISO 15444-1, A.5.1: the size marker
        at = data.find(b"\xff\x4f\xff\x51")
        return (data[at + 42] & 0x7F) + 1 if 0 <= at < len(data) - 42 else 8
    return {"I;16": 16, "I;16B": 16, "I": 32}.get(image.mode, 8)


def _largest(image: Image.Image) -> int:
    """What white is in a PPM with a maximum of its own; 255 elsewhere."""
    tiles = image.tile if isinstance(image, ImageFile.ImageFile) else []
    given = [tile.args[1] for tile in tiles if isinstance(tile.args, tuple) and len(tile.args) > 1]
    return max((255, *(most for most in given if isinstance(most, int))))


def _raw_modes(image: Image.Image) -> str:
    """How Pillow is going to unpack the samples, until the image is loaded."""
    tiles = image.tile if isinstance(image, ImageFile.ImageFile) else []
    return " ".join(str(tile.args) for tile in tiles)


def extra_channels(image: Image.Image) -> int:
    """Channels of a TIFF that are neither colour nor transparency, such as saved selections."""
    extra = getattr(image, "tag_v2", {}).get(Tiff.EXTRASAMPLES, ())
    return len(extra) - (extra[:1] in _ALPHA)


def is_plain(image: Image.Image, bits: int) -> bool:
    """Grey or RGB, of whole numbers of 9 to 16 bits or floating point of 32: OpenCV reads it."""
    if not isinstance(image, Tiff.TiffImageFile):
        is_odd = image.format == "PPM" and _largest(image) not in (255, 65535)
        return image.format in ("PNG", "PPM", "AVIF", "JPEG2000") and bits <= 16 and not is_odd
    tags = image.tag_v2
    kind = tags.get(Tiff.SAMPLEFORMAT, (1,))[0]
    return (
        tags.get(Tiff.PHOTOMETRIC_INTERPRETATION) in (1, 2)
        and (bits, kind) in ((16, 1), (32, 3))
        and tags.get(Tiff.SAMPLESPERPIXEL, 1) <= 4
    )


def _deep(image: Image.Image, data: bytes, bits: int) -> Decoded:
    is_grey = _is_grey(image)
    tags = getattr(image, "tag_v2", {})
    if isinstance(image, Tiff.TiffImageFile) and is_grey and _is_interleaved_pair(image):
        samples = _grey_with_alpha(image)
    else:
        samples = _by_opencv(image, data)
        if is_grey and samples.shape[2] >= 3:
            samples = samples[..., [0, *range(3, samples.shape[2])]]
    if bits < 16:
        most = 2**bits - 1
        samples = (
            (np.minimum(samples, most).astype(np.uint32) * 65535 + most // 2) // most
        ).astype(np.uint16)
    clear = image.info.get("transparency")
    if isinstance(clear, int) and samples.shape[2] == 1:  # the grey that counts as clear
        alpha = np.where(samples == clear, 0, 65535).astype(samples.dtype)
        samples = np.concatenate([samples, alpha], axis=2)
    if extra_channels(image):
        samples = samples[..., : 1 if is_grey else 3]
    elif tags.get(Tiff.EXTRASAMPLES, ())[:1] == _ASSOCIATED:
        samples = _straight(samples)
    return Decoded(samples, "L" if is_grey else "RGB")


def _by_opencv(image: Image.Image, data: bytes) -> Samples:
    size = (image.height, image.width)
    if isinstance(image, Tiff.TiffImageFile):  # both would turn it upright, OpenCV not always
        size = (image.tag_v2[Tiff.IMAGELENGTH], image.tag_v2[Tiff.IMAGEWIDTH])
        if is_separate(image):
            return np.concatenate([_decoded(plane, size) for plane in planes(image, data)], axis=2)
        data = with_orientation(data, 1)
    samples = _decoded(data, size)
    channels = samples.shape[2]
    # It has blue first.
    return samples if channels < 3 else samples[..., [2, 1, 0, *range(3, channels)]]


def _decoded(data: bytes, size: tuple[int, int]) -> Samples:
    """What OpenCV reads of a file; ValueError if it is not of this size."""
    import cv2

    # What is wrong with a file is said by an exception, not on the terminal.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        read: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise ValueError(f"OpenCV cannot read it: {error}") from error
    if read is None or read.shape[:2] != size:
        raise ValueError("OpenCV cannot read it")
    samples: Samples = read.reshape(*read.shape[:2], -1)
    return samples


def _is_interleaved_pair(image: Tiff.TiffImageFile) -> bool:
    return image.tag_v2.get(Tiff.SAMPLESPERPIXEL, 1) == 2 and not is_separate(image)


def _grey_with_alpha(image: Tiff.TiffImageFile) -> Samples:
    """Grey and alpha of 16 bits, which Pillow was told to take for the bytes of RGBA."""
    swapped = image.tag_v2.prefix == b"MM" and not image.use_load_libtiff
    return _array(image).view(">u2" if swapped else "=u2").astype(np.uint16)


def _is_grey(image: Image.Image) -> bool:
    if isinstance(image, Tiff.TiffImageFile):
        return image.tag_v2.get(Tiff.PHOTOMETRIC_INTERPRETATION) == 1
    return image.mode in ("L", "LA", "I", "I;16", "I;16B") or "LA;16B" in _raw_modes(image)


def _straight(samples: Samples) -> Samples:
    """Samples that were multiplied by their alpha, divided by it."""
    white = white_of(samples.dtype)
    alpha = samples[..., -1:].astype(np.float64)
    colours = samples[..., :-1] * (white / np.maximum(alpha, white / 2**20))
    if samples.dtype != np.float32:
        colours = np.rint(np.minimum(colours, white))
    return np.concatenate([colours.astype(samples.dtype), samples[..., -1:]], axis=2)


def _shallow(image: Image.Image) -> Decoded:
    mode = image.mode
    if mode.startswith("I;16"):
        grey = np.asarray(image).astype(np.uint16)[..., None]
        return Decoded(65535 - grey if _is_negative(image) else grey, "L")
    if mode == "F":
        return Decoded(np.asarray(image)[..., None], "L")
    if mode == "LAB":
        return Decoded(_array(lab_as_rgb(image)), "RGB")
    if mode in ("L", "LA", "RGB", "RGBA", "CMYK") and "transparency" not in image.info:
        return Decoded(
            _array(image), "CMYK" if mode == "CMYK" else "L" if mode[0] == "L" else "RGB"
        )
    if mode == "1":
        return Decoded(_array(image.convert("L")), "L")
    if mode in ("L", "I;16") and "transparency" in image.info:
        return Decoded(_array(image.convert("LA")), "L")
    clear = image.has_transparency_data
    return Decoded(_array(image.convert("RGBA" if clear else "RGB")), "RGB", mode in ("P", "PA"))


def _is_negative(image: Image.Image) -> bool:
    """Whether white is 0 in a TIFF; Pillow turns that round for 8 bits only."""
    return getattr(image, "tag_v2", {}).get(Tiff.PHOTOMETRIC_INTERPRETATION) == 0


def _array(image: Image.Image) -> npt.NDArray[np.uint8]:
    pixels = np.asarray(image)
    return pixels.reshape(*pixels.shape[:2], -1)
