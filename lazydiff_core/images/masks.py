"""Reads masks as painting programs write them: one reader for window, command line and drops.

White on black, any colour on nothing, a picture with parts erased, the classes of a segmentation,
greys, and what JPEG makes of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import Cover, Mask, Pixels
from lazydiff_core.images.picture import Metadata, Picture
from lazydiff_core.images.reading import read_picture
from lazydiff_core.images.writing import encode

_Levels: TypeAlias = npt.NDArray[np.int16]
_Array: TypeAlias = npt.NDArray[Any]
_MID = 127
_NEAR = 24  # levels within which colours count as one, and greys as black or white
_SOLID = 64  # alpha from which a pixel's colour is trusted
_COLOURFUL = 40  # levels between the channels of a pixel that make it one of colour
_MAX_CLASSES = 64
_MAX_INDEX = 64  # classes written as small numbers look all black
_MOST = 0.995  # share of the pixels that must have the classes' colours
_LOSSY = ("JPEG", "AVIF")
# Pixels between black and white for each pixel of the outline: hard outlines have one at most.
_SOFT = 1.5
# Pixels beside black and white for each pixel of the outline, from which they are noise.
_NOISE = 3.0
_STRETCH = (16, 239)
_OURS = ("Comment", "A mask of LazyDiff: its greys are how much of a fill shows.")


@dataclass(frozen=True, eq=False)
class MaskRead:
    """cover:  (H, W) uint8, 255 = full fill. The hole is where it is above 0.
    notice: what was read as what, as a sentence.
    """

    cover: Cover
    notice: str

    @property
    def hole(self) -> Mask:
        """(H, W) bool."""
        return self.cover > 0

    def inverted(self) -> MaskRead:
        """The mask of everything else."""
        return _said(~self.cover, notice="it is all that the file's mask leaves")

    @property
    def is_soft(self) -> bool:
        return bool(((self.cover > 0) & (self.cover < 255)).any())


def read_mask(path: Path) -> MaskRead:
    """Read a mask; raises ImageError."""
    return mask_in(read_picture(path))


def mask_file(cover: Cover) -> bytes:
    """A grey PNG of a mask, whose greys are read again as they are."""
    marked = Picture(cover[..., None], metadata=Metadata(text=(_OURS,)))
    return encode(cover, Path("mask.png"), marked)


def mask_in(picture: Picture) -> MaskRead:
    """What a picture says as a mask.

    With transparency: of one colour, or of black and white, what is opaque (and not black) is the
    mask; of a picture, what is transparent. Without: white is the mask, or all classes but the
    background.
    """
    pixels = picture.pixels
    if _OURS in picture.metadata.text:
        return _said(pixels[..., 0], notice="white is the mask")
    if pixels.shape[2] == 4 and (pixels[..., 3] < 255).any():
        return _of_transparency(pixels)
    return _of_colours(pixels[..., :3], picture.format in _LOSSY)


def transparency_of(pixels: Pixels) -> Cover:
    """(H, W) uint8: what of a picture is transparent."""
    if pixels.shape[2] == 3:
        return np.zeros(pixels.shape[:2], np.uint8)
    return 255 - pixels[..., 3]


def _of_transparency(pixels: Pixels) -> MaskRead:
    alpha = pixels[..., 3]
    solid = pixels[alpha >= _SOLID][:, :3].astype(np.int16)
    if not len(solid) or np.ptp(solid, axis=0).max() <= _NEAR:
        return _said(alpha, notice="it is what is opaque in a picture of one color")
    light = solid.max(axis=1)
    black_or_white = (light <= _NEAR) | (solid.min(axis=1) >= 255 - _NEAR)
    if black_or_white.mean() >= _MOST:
        shown = pixels[..., :3].astype(np.uint16).max(axis=2) * alpha
        return _said(np.asarray((shown + _MID) // 255, np.uint8), notice="white is the mask")
    return _said(transparency_of(pixels), notice="it is what is transparent in the picture")


def _of_colours(colours: Pixels, is_lossy: bool) -> MaskRead:
    levels = colours.astype(np.int16)
    is_grey = np.percentile(np.ptp(levels, axis=2), 99.9) <= _COLOURFUL
    if not is_grey and (found := _of_classes(levels)) is not None:
        return found
    if not is_grey and (shares := _of_two_colours(levels)) is not None:
        return _cleaned(shares, is_lossy, notice="it is everything but the color of the border")
    grey = _lightness(levels)
    values = np.unique(grey)
    if 1 < len(values) <= _MAX_CLASSES and values[-1] < _MAX_INDEX:
        return _said(np.where(grey > values[0], 255, 0), notice="it is every class but the lowest")
    if len(values) == 2:
        is_plain = tuple(values) == (0, 255)
        return _said(
            np.where(grey == values[1], 255, 0),
            notice="white is the mask" if is_plain else "the lighter of two grays is the mask",
        )
    if not is_grey:
        return _said(grey, notice="it is the lightness of a picture of many colors")
    return _cleaned(grey, is_lossy, notice="white is the mask")


def _lightness(levels: _Levels) -> Cover:
    weights = np.array((0.299, 0.587, 0.114), np.float32)
    return np.asarray(np.rint(levels.astype(np.float32) @ weights), np.uint8)


def _of_classes(levels: _Levels) -> MaskRead | None:
    """A segmentation in a few plain colours; its background is black, or else at the border."""
    packed = (levels[..., 0].astype(np.int32) << 16) | (levels[..., 1] << 8) | levels[..., 2]
    values, counts = np.unique(packed, return_counts=True)
    largest = np.sort(counts)[-_MAX_CLASSES:]
    if len(values) < 2 or largest.sum() < _MOST * packed.size or len(values) > 4 * _MAX_CLASSES:
        return None
    background = 0 if values[0] == 0 else _commonest(_border(packed))
    return _said(
        np.where(packed == background, 0, 255), notice="it is every class but the background"
    )


def _of_two_colours(levels: _Levels) -> Cover | None:
    """How far each pixel is from the border's colour to another one; None if there are more."""
    ground = np.median(_border(levels), axis=0)
    away = levels - ground
    distance = np.sqrt((away.astype(np.float32) ** 2).sum(axis=2))
    far = distance >= np.percentile(distance, 99.9) * 0.9
    paint = np.median(away[far], axis=0)
    length = float((paint**2).sum())
    if length < _COLOURFUL**2:
        return None
    share = (away @ paint.astype(np.float32)) / length
    beside = np.abs(away - share[..., None] * paint).max(axis=2)
    if np.percentile(beside, 97) > 2 * _NEAR:
        return None
    return np.asarray(np.rint(np.clip(share, 0, 1) * 255), np.uint8)


def _border(picture: _Array) -> _Array:
    edges = (picture[0], picture[-1], picture[:, 0], picture[:, -1])
    return np.concatenate(edges)


def _commonest(values: _Array) -> int:
    found, counts = np.unique(values, return_counts=True)
    return int(found[counts.argmax()])


def _cleaned(grey: Cover, is_lossy: bool, *, notice: str) -> MaskRead:
    """Greys without what lossy compression added; soft edges stay soft."""
    inside = grey > _MID
    outline = _count(inside[1:] != inside[:-1]) + _count(inside[:, 1:] != inside[:, :-1])
    between = _count((grey >= 64) & (grey < 192))
    beside = _count((grey > 0) & (grey < 64)) + _count((grey > 191) & (grey < 255))
    if between <= _SOFT * outline and (is_lossy or beside > _NOISE * max(outline, 1)) and beside:
        return _said(np.where(inside, 255, 0), notice=f"{notice}, without the noise of compression")
    if is_lossy and beside:
        low, high = _STRETCH
        wide = (grey.astype(np.float32) - low) * np.float32(255 / (high - low))
        return _said(
            np.clip(np.rint(wide), 0, 255), notice=f"{notice}, without the noise of compression"
        )
    return _said(grey, notice=notice)


def _count(where: _Array) -> int:
    return int(np.count_nonzero(where))


def _said(cover: _Array, *, notice: str) -> MaskRead:
    cover = np.ascontiguousarray(cover, np.uint8)
    share = 100 * _count(cover) / max(cover.size, 1)
    percent = f"{share:.0f}%" if share >= 1 or not share else "less than 1%"
    if _count((cover > 0) & (cover < 255)):
        told = MaskRead(
            cover, notice=f"The mask is {percent} of the picture, with soft edges: {notice}."
        )
    else:
        told = MaskRead(
            cover, notice=f"The mask is {percent} of the picture, with hard edges: {notice}."
        )
    return told
