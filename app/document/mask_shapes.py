"""Growing, shrinking and feathering of a mask's cover, with numpy and OpenCV.

A mask that reaches the edge of the canvas is treated as if it continued beyond it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from lazydiff_core.contract import Box, Cover
from lazydiff_core.geometry.box import bounds_of

MAX_PIXELS = 200  # for growing, shrinking and feathering


@dataclass(frozen=True)
class Refinement:
    """What is done to a mask's border, in this order. In pixels, 0 = not at all.

    snap:    move it to edges of the picture nearby.
    smooth:  round corners, and drop specks, of up to this size.
    grow:    move it outwards, or inwards if negative.
    feather: let it fade over this much inwards and outwards.
    """

    snap: bool = False
    smooth: int = 0
    grow: int = 0
    feather: int = 0

    def applied(self, cover: Cover) -> Cover:
        """(H, W) uint8: a cover, snapped before if that is wanted, with the rest done to it."""
        if self.smooth > 0:
            cover = smoothed(cover, self.smooth)
        if self.grow:
            cover = (grown if self.grow > 0 else shrunk)(cover, abs(self.grow))
        return feathered(cover, self.feather) if self.feather > 0 else cover


def grown(cover: Cover, pixels: int) -> Cover:
    """(H, W) uint8: the mask and everything within `pixels` of it; soft edges stay soft."""
    return _changed_near(cover, pixels + 1, lambda part: _spread(part, pixels))


def shrunk(cover: Cover, pixels: int) -> Cover:
    """(H, W) uint8: the mask without the pixels within `pixels` of its border."""
    return _changed_near(cover, 1, lambda part: ~_spread(~part, pixels))


def feathered(cover: Cover, pixels: int) -> Cover:
    """(H, W) uint8: the mask with borders that fade over `pixels` inwards and outwards."""
    return _changed_near(cover, 3 * pixels, lambda part: _blurred(part, pixels / 2))


def smoothed(cover: Cover, pixels: int) -> Cover:
    """(H, W) uint8: 0 and 255, the mask without corners and specks smaller than `pixels`."""
    return _changed_near(
        cover,
        3 * pixels,
        lambda part: np.where(_blurred(part, pixels / 2) > 127, np.uint8(255), np.uint8(0)),
    )


def moved(cover: Cover, right: int, down: int) -> Cover:
    """(H, W) uint8: the mask moved by this many pixels; parts outside the canvas are lost."""
    there = np.zeros_like(cover)
    canvas = Box.of(cover.shape)
    kept = canvas.intersection(canvas.shift(right, down))
    there[kept.slices] = cover[kept.shift(-right, -down).slices]
    return there


def _changed_near(cover: Cover, margin: int, change: Callable[[Cover], Cover]) -> Cover:
    """Apply `change` to the mask and a margin around it only, to save time."""
    changed = np.zeros_like(cover)
    mask = bounds_of(cover > 0)
    if not mask.is_empty:
        near = mask.grow(margin).clip(Box.of(cover.shape)).slices
        changed[near] = change(cover[near])
    return changed


def _blurred(cover: Cover, sigma: float) -> Cover:
    blurred = cv2.GaussianBlur(cover, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(blurred, np.uint8)


def _spread(cover: Cover, pixels: int) -> Cover:
    """(H, W) uint8: for each pixel the largest cover within `pixels`."""
    hard = np.where(cover == 255, np.uint8(0), np.uint8(1))
    near = cv2.distanceTransform(hard, cv2.DIST_L2, cv2.DIST_MASK_PRECISE) <= pixels
    spread = np.where(near & ~hard.all(), np.uint8(255), np.uint8(0))
    if ((cover > 0) & (cover < 255)).any():
        side = 2 * pixels + 1
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
        spread = np.maximum(spread, np.asarray(cv2.dilate(cover, disc), np.uint8))
    return np.asarray(spread, np.uint8)
