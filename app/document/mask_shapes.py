"""Growing, shrinking and feathering of a mask's cover, with numpy and OpenCV.

A mask that reaches the edge of the canvas is treated as if it continued beyond it.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from lazydiff_core.contract import Box, Cover
from lazydiff_core.geometry.box import bounds_of

MAX_PIXELS = 200  # for growing, shrinking and feathering


def grown(cover: Cover, pixels: int) -> Cover:
    """(H, W) uint8: the mask and everything within `pixels` of it; soft edges stay soft."""
    return _changed_near(cover, pixels + 1, lambda part: _spread(part, pixels))


def shrunk(cover: Cover, pixels: int) -> Cover:
    """(H, W) uint8: the mask without the pixels within `pixels` of its border."""
    return _changed_near(cover, 1, lambda part: ~_spread(~part, pixels))


def feathered(cover: Cover, pixels: int) -> Cover:
    """(H, W) uint8: the mask with borders that fade over `pixels` inwards and outwards."""
    sigma = pixels / 2
    return _changed_near(
        cover,
        3 * pixels,
        lambda part: np.asarray(
            cv2.GaussianBlur(part, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), np.uint8
        ),
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
