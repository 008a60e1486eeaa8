"""Types of pixel arrays, and basic operations on them."""

from __future__ import annotations

from functools import reduce
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

RGB: TypeAlias = npt.NDArray[np.uint8]  # (H, W, 3), 0..255
RGBA: TypeAlias = npt.NDArray[np.uint8]  # (H, W, 4), straight alpha
Pixels: TypeAlias = npt.NDArray[np.uint8]  # RGB or RGBA: what a canvas holds
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


def alpha_of(pixels: Pixels) -> Cover | None:
    """(H, W) uint8: the alpha channel of an RGBA picture, a view; None for RGB."""
    return pixels[..., 3] if pixels.shape[2] == 4 else None


def over_grey(pixels: Pixels, grey: int) -> RGB:
    """(H, W, 3) uint8: an RGBA picture over a grey of 0..255; an RGB picture is returned itself."""
    if pixels.shape[2] == 3:
        return pixels
    return painted_over(np.full((*pixels.shape[:2], 3), grey, np.uint8), pixels)


def in_channels(colours: RGB, channels: int) -> Pixels:
    """Opaque RGB or RGBA, (H, W, channels), of (H, W, 3) colours; RGB is returned itself."""
    if channels == 3:
        return colours
    opaque = np.full((*colours.shape[:2], 1), 255, np.uint8)
    return np.concatenate((colours, opaque), axis=2)


def count_changed_outside(before: Pixels, after: Pixels, mask: Mask) -> int:
    """Number of pixels outside the hole in which two uint8 pictures of one shape differ.

    ValueError if the sizes differ.
    """
    if before.shape != after.shape or before.shape[:2] != mask.shape:
        raise ValueError(f"sizes differ: {before.shape}, {after.shape}, mask {mask.shape}")
    differs = before != after
    changed = reduce(np.logical_or, (differs[..., k] for k in range(differs.shape[2])))
    return int(np.count_nonzero(changed & ~mask))
