"""Between a file's own colours and 8-bit sRGB, which is shown and what models see.

lcms does it, through Pillow; colours of more than 8 bits: `matrix_profile`.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

from lazydiff_core.contract import RGB
from lazydiff_core.images.matrix_profile import (
    MatrixProfile,
    convert,
    matrix_profile,
    to_eight_bits,
)
from lazydiff_core.images.picture import COLOURS, ColourModel, Samples

_log = logging.getLogger(__name__)
_CHUNK = 2**18  # pixels converted at a time: they stay in the cache
_SPACES: dict[ColourModel, str] = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}
# Relative to white, with black to black: what painting programs do by default.
_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
# Unoptimised, it rounds correctly at a tenth of the speed: used for what is written, a few pixels.
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION


def scaled(samples: npt.NDArray[Any], dtype: npt.DTypeLike) -> Samples:
    """Samples as uint8, uint16 or float32, rounded correctly, clipped to 0..white."""
    target, source = np.dtype(dtype), samples.dtype
    if target == source:
        return samples
    if target == np.float32:
        return samples.astype(np.float32) / np.float32(white_of(source))
    if source == np.float32:
        white = np.float32(white_of(target))
        clean = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=0.0)
        return np.asarray(np.rint(np.clip(clean, 0, 1) * white), target)
    if target == np.uint16:
        return samples.astype(np.uint16) * np.uint16(257)
    return np.asarray((samples.astype(np.uint32) + 128) // 257, np.uint8)


def white_of(dtype: np.dtype[Any]) -> float:
    return 1.0 if dtype == np.float32 else float(np.iinfo(dtype).max)


def to_srgb(
    samples: Samples, model: ColourModel, icc: bytes, dtype: npt.DTypeLike = np.uint8
) -> Samples:
    """(H, W, 3) sRGB of (H, W, C) samples of `model`, without alpha; uint8 by default.

    Without a profile, or with a damaged one, the samples count as sRGB.
    """
    if not is_foreign(icc, model):
        return _as_rgb(scaled(samples, np.uint8 if model == "CMYK" else dtype), model)
    deep = matrix_profile(icc) if samples.dtype != np.uint8 else None
    if deep is not None and np.dtype(dtype) == np.uint8:
        found = _quickly(samples, deep)
    elif deep is not None:
        found = scaled(_through(samples, deep, _srgb()), dtype)
    else:
        found = scaled(_by_lcms(scaled(samples, np.uint8), _transform(icc, model), model), dtype)
    # Rounding must not give a grey a colour.
    return np.repeat(found[..., 1:2], 3, axis=2) if model == "L" else found


def from_srgb(pixels: RGB, model: ColourModel, icc: bytes, dtype: npt.DTypeLike) -> Samples:
    """(H, W, C) samples of `model` and `dtype`, without alpha, of (H, W, 3) uint8 sRGB."""
    if not pixels.size:
        return np.zeros((*pixels.shape[:2], COLOURS[model]), dtype)
    if not is_foreign(icc, model):
        return scaled(_from_rgb(pixels, model), dtype)
    deep = matrix_profile(icc) if np.dtype(dtype) != np.uint8 else None
    if deep is not None:
        return scaled(_through(pixels, _srgb(), deep), dtype)
    return scaled(_by_lcms(pixels, _transform(icc, model, back=True), "RGB"), dtype)


@lru_cache(maxsize=8)
def fits(icc: bytes, model: ColourModel) -> bool:
    """Whether this is a profile of the model that can be used."""
    try:
        space = _opened(icc).profile.xcolor_space.strip()
        if space != _SPACES[model]:
            _log.info("A profile for %s in a picture of %s is not used.", space, model)
            return False
        _transform(icc, model)
    except (ImageCms.PyCMSError, OSError, ValueError) as error:
        _log.info("A colour profile cannot be used: %s", error)
        return False
    return True


@lru_cache(maxsize=8)
def is_foreign(icc: bytes, model: ColourModel) -> bool:
    """Whether a profile fits the model, can be used, and says other colours than plain sRGB."""
    if not icc:
        return False
    if not fits(icc, model):
        return False
    there = _transform(icc, model)
    if model != "RGB":
        return model == "CMYK" or bool(_off(_GREYS, there, "L"))
    return bool(_off(_CUBE, there, "RGB"))


@lru_cache(maxsize=8)
def is_reversible(icc: bytes, model: ColourModel) -> bool:
    """Whether sRGB can be converted to a foreign profile: those of scanners only tell one way."""
    try:
        _transform(icc, model, back=True)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return False
    return True


def lab_as_rgb(image: Image.Image) -> Image.Image:
    """An image of mode LAB in sRGB."""
    lab, srgb = ImageCms.createProfile("LAB"), _opened(_srgb_icc())
    transform = ImageCms.ImageCmsTransform(
        ImageCms.ImageCmsProfile(lab), srgb, "LAB", "RGB", _INTENT
    )
    return transform.apply(image)


def name_of(icc: bytes) -> str:
    """A profile's own name, such as "Display P3"; "sRGB" if there is none."""
    if not icc:
        return "sRGB"
    try:
        return (_opened(icc).profile.profile_description or "").strip() or "unnamed"
    except (OSError, ImageCms.PyCMSError):
        return "unreadable"


def _ramp(count: int) -> npt.NDArray[np.uint8]:
    return np.linspace(0, 255, count).round().astype(np.uint8)


_GREYS = _ramp(256)[None, :, None]
_CUBE = np.stack(np.meshgrid(*[_ramp(9)] * 3, indexing="ij"), axis=-1).reshape(1, -1, 3)


def _off(
    samples: npt.NDArray[np.uint8], transform: ImageCms.ImageCmsTransform, model: ColourModel
) -> bool:
    """Whether a transform to sRGB changes any of the samples by more than rounding."""
    before = _as_rgb(samples, model).astype(np.int16)
    return int(np.abs(_by_lcms(samples, transform, model) - before).max()) > 1


def _opened(icc: bytes) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(BytesIO(icc))


@lru_cache(maxsize=1)
def _srgb_icc() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@lru_cache(maxsize=1)
def _srgb() -> MatrixProfile:
    profile = matrix_profile(_srgb_icc())
    assert profile is not None  # lcms writes it as curves and a matrix
    return profile


@lru_cache(maxsize=8)
def _transform(icc: bytes, model: ColourModel, *, back: bool = False) -> ImageCms.ImageCmsTransform:
    """From the profile to sRGB, or back to the profile."""
    own, srgb = (_opened(icc), model), (_opened(_srgb_icc()), "RGB")
    (source, before), (target, after) = (srgb, own) if back else (own, srgb)
    flags = _FLAGS | ImageCms.Flags.NOOPTIMIZE if back else _FLAGS
    return ImageCms.ImageCmsTransform(source, target, before, after, _INTENT, flags=flags)


def _by_lcms(
    samples: npt.NDArray[np.uint8], transform: ImageCms.ImageCmsTransform, model: ColourModel
) -> npt.NDArray[np.uint8]:
    """model: of the samples."""
    return np.asarray(transform.apply(_image(samples, model))).reshape(*samples.shape[:2], -1)


def _image(samples: npt.NDArray[np.uint8], model: ColourModel) -> Image.Image:
    height, width = samples.shape[:2]
    return Image.frombytes(model, (width, height), np.ascontiguousarray(samples).data)


def _through(samples: Samples, source: MatrixProfile, target: MatrixProfile) -> Samples:
    """(H, W, C) float32 in [0,1]."""
    flat = samples.reshape(-1, samples.shape[2])
    parts = [
        convert(np.clip(scaled(flat[k : k + _CHUNK], np.float32), 0, 1), source, target)
        for k in range(0, len(flat), _CHUNK)
    ]
    return np.concatenate(parts).reshape(*samples.shape[:2], -1)


def _quickly(samples: Samples, source: MatrixProfile) -> RGB:
    """(H, W, 3) uint8 sRGB."""
    flat = samples.reshape(-1, samples.shape[2])
    clean = np.nan_to_num(flat) if flat.dtype == np.float32 else flat
    starts = range(0, len(flat), _CHUNK)
    parts = [to_eight_bits(clean[k : k + _CHUNK], source, _srgb()) for k in starts]
    return np.concatenate(parts).reshape(*samples.shape[:2], 3)


def _as_rgb(samples: npt.NDArray[Any], model: ColourModel) -> npt.NDArray[Any]:
    if model == "CMYK":
        return np.asarray(_image(samples, model).convert("RGB"))
    return np.repeat(samples, 3, axis=2) if model == "L" else samples


def _from_rgb(pixels: RGB, model: ColourModel) -> npt.NDArray[np.uint8]:
    if model == "RGB":
        return pixels
    return np.asarray(_image(pixels, "RGB").convert(model)).reshape(*pixels.shape[:2], -1)
