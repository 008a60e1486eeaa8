"""Stickers on canvases. Canvases are (side, side, 3) float32 in [0, 1], RGB."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import Box
from lazydiff_core.images.cutouts import premultiplied

Image = npt.NDArray[np.float32]


def to_bytes(canvas: Image) -> npt.NDArray[np.uint8]:
    """(H,W,3) float32 in [0,1] of any memory layout -> uint8, row by row."""
    return np.ascontiguousarray(np.rint(canvas * 255), np.uint8)


def paste(
    canvas: Image,
    sticker: npt.NDArray[np.uint8],
    corner: tuple[int, int],
    size: int,
    draw: bool = True,
) -> Image:
    """Blend a sticker in place at (top, left); returns its alpha (side, side) on the canvas."""
    ready = premultiplied(sticker)  # what is clear must not darken the rim
    method = cv2.INTER_AREA if size < 256 else cv2.INTER_LINEAR
    scaled = cv2.resize(ready, (size, size), interpolation=method)
    top, left = corner
    place = Box(left, top, left + size, top + size)
    shown = place.intersection(Box.of(canvas.shape))
    part = scaled[shown.relative_to(place).slices]
    alpha = np.zeros(canvas.shape[:2], np.float32)
    alpha[shown.slices] = part[..., 3]
    if draw:
        under = canvas[shown.slices]
        canvas[shown.slices] = under * (1 - part[..., 3:]) + part[..., :3]
    return alpha
