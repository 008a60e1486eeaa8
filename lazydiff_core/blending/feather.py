"""Feathering: fade from the canvas to the generated pixels over a strip inside the hole."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from scipy import ndimage

from lazydiff_core.blending.checks import checked_box
from lazydiff_core.contract import RGB, Box, Mask

WIDTH = 16.0


def blend(source: RGB, destination: RGB, mask: Mask, *, width: float = WIDTH) -> RGB:
    """`destination` with the hole filled by `source`, fading in over `width` pixels.

    source, destination: (H, W, 3) uint8; source must be valid inside the hole.
    mask:  (H, W) bool, True = hole.
    width: distance in pixels, above 0, from the border of the hole to where the fill is pure
           source. In a narrower part of the hole, the fill is pure source at the middle.
    Returns (H, W, 3) uint8, equal to `destination` outside the hole. Nothing fades at the border
    of the canvas. Errors: ImageError, EmptyMaskError, ValueError for the width.
    """
    if width <= 0:
        raise ValueError(f"the width of a feather must be above 0, not {width}")
    box = checked_box(source, destination, mask).grow(1).clip(Box.of(mask.shape))
    hole = mask[box.slices]
    below = destination[box.slices].astype(np.float32)
    faded = below + (source[box.slices] - below) * _ramp(hole, width)[..., None]
    blended = destination.copy()
    np.copyto(blended[box.slices], np.rint(faded).astype(np.uint8), where=hole[..., None])
    return blended


def _ramp(hole: Mask, width: float) -> npt.NDArray[np.float32]:
    """(h, w) opacity of the source, 0..1, rising inwards from the border of the hole."""
    if hole.all():  # nothing visible to fade from
        return np.ones(hole.shape, np.float32)
    distance = cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    depth = distance - np.float32(0.5)  # distance to the pixels' border, not to a pixel's centre
    labels, count = ndimage.label(hole)
    deepest = np.concatenate(([1], ndimage.maximum(depth, labels, np.arange(1, count + 1))))
    return np.asarray(np.clip(depth / np.minimum(width, deepest)[labels], 0, 1), np.float32)
