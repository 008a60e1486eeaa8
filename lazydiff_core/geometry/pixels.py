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


def shown_through(fill: RGB, canvas: Pixels, cover: Cover) -> Pixels:
    """The canvas with the fill composited over it; the cover is its opacity (ADR 0012).

    fill: (H, W, 3) uint8. canvas: the same, or (H, W, 4) with straight alpha, which rises by the
    cover (source over, Porter and Duff 1984). cover: (H, W) uint8, 0 = canvas, 255 = fill, both
    exactly. Returns uint8 of the canvas's shape, rounded to nearest.
    """
    share = cover[..., None].astype(np.float32) / np.float32(255)
    below = canvas[..., :3].astype(np.float32)
    if canvas.shape[2] == 3:
        return np.asarray(np.rint(below + (fill - below) * share), np.uint8)
    beneath = canvas[..., 3:].astype(np.float32) / np.float32(255) * (1 - share)
    alpha = share + beneath
    colours = below + (fill - below) * (share / np.maximum(alpha, np.float32(1e-6)))
    mixed = np.rint(np.concatenate((colours, alpha * 255), axis=2)).astype(np.uint8)
    return np.where(cover[..., None] > 0, mixed, canvas)


def painted_over(image: Pixels, paint: RGBA) -> Pixels:
    """A new picture: `image`, (H, W, 3 or 4) uint8, with straight-alpha (H, W, 4) paint over it."""
    return shown_through(paint[..., :3], image, paint[..., 3])


def alpha_of(pixels: Pixels) -> Cover | None:
    """(H, W) uint8: the alpha channel of an RGBA picture, a view; None for RGB."""
    return pixels[..., 3] if pixels.shape[2] == 4 else None


def over_grey(pixels: Pixels, grey: int) -> RGB:
    """(H, W, 3) uint8: an RGBA picture over a grey of 0..255; an RGB picture is returned itself."""
    if pixels.shape[2] == 3:
        return pixels
    return painted_over(np.full((*pixels.shape[:2], 3), grey, np.uint8), pixels)


def with_alpha(pixels: Pixels) -> RGBA:
    """(H, W, 4) uint8: an RGB picture becomes opaque; an RGBA picture is returned itself."""
    if pixels.shape[2] == 4:
        return pixels
    return np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])


def count_changed_outside(before: Pixels, after: Pixels, mask: Mask) -> int:
    """Number of pixels outside the hole in which two uint8 pictures of one shape differ.

    ValueError if the sizes differ.
    """
    if before.shape != after.shape or before.shape[:2] != mask.shape:
        raise ValueError(f"sizes differ: {before.shape}, {after.shape}, mask {mask.shape}")
    differs = before != after
    changed = reduce(np.logical_or, (differs[..., k] for k in range(differs.shape[2])))
    return int(np.count_nonzero(changed & ~mask))
