"""Types of pixel arrays, and basic operations on them."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

RGB: TypeAlias = npt.NDArray[np.uint8]  # (H, W, 3), 0..255
RGBA: TypeAlias = npt.NDArray[np.uint8]  # (H, W, 4), straight alpha
Mask: TypeAlias = npt.NDArray[np.bool_]  # (H, W), True = hole to generate
Cover: TypeAlias = npt.NDArray[np.uint8]  # (H, W), 0..255: how much of the fill shows


def cover_of(shape: Mask | Cover) -> Cover:
    """(H, W) uint8: a bool mask becomes 0 and 255; a cover is returned as it is."""
    if shape.dtype == np.bool_:
        return np.asarray(np.negative(shape.view(np.uint8)), np.uint8)  # 255 where it was 1
    return np.asarray(shape, np.uint8)


def painted_over(image: RGB, paint: RGBA) -> RGB:
    """(H, W, 3) uint8, new: a picture with straight-alpha (H, W, 4) paint over it."""
    below = image.astype(np.float32)
    alpha = paint[..., 3:] / np.float32(255)
    return np.asarray(np.rint(below + (paint[..., :3] - below) * alpha), np.uint8)


def count_changed_outside(before: RGB, after: RGB, mask: Mask) -> int:
    """Number of pixels outside the hole that differ between two (H, W, 3) uint8 images.

    ValueError if the sizes differ.
    """
    if before.shape != after.shape or before.shape[:2] != mask.shape:
        raise ValueError(f"sizes differ: {before.shape}, {after.shape}, mask {mask.shape}")
    differs = before != after
    changed = differs[..., 0] | differs[..., 1] | differs[..., 2]
    return int(np.count_nonzero(changed & ~mask))
