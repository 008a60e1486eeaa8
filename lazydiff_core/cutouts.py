"""Things cut out of pictures: (H,W,4) uint8 with straight alpha, nothing around them."""

from __future__ import annotations

import cv2
import numpy as np

from lazydiff_core.contract import RGB, RGBA, Cover

SQUARE = 256
LEAST_PIXELS = 64  # of what shows


def cut_out(image: RGB, cover: Cover) -> RGBA:
    """What a mask covers of a picture, as far as it covers it, and no more; both of one size."""
    rows, columns = (np.flatnonzero(cover.any(axis)) for axis in (1, 0))
    if not rows.size:
        return np.zeros((0, 0, 4), np.uint8)
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return np.dstack([image[box], cover[box]])


def tight_square(image: RGBA, side: int = SQUARE) -> RGBA | None:
    """What shows of (H,W,4) uint8, straight alpha, in the middle of a square; None for nothing."""
    ys, xs = np.nonzero(image[..., 3] > 12)
    if ys.size < LEAST_PIXELS:
        return None
    crop = image[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1].astype(np.float32)
    crop[..., :3] *= crop[..., 3:] / 255  # premultiply: resizing must not bleed hidden colours
    scale = side / max(crop.shape[:2])
    size = (max(1, round(crop.shape[1] * scale)), max(1, round(crop.shape[0] * scale)))
    method = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    crop = np.clip(np.asarray(cv2.resize(crop, size, interpolation=method)), 0, 255)
    alpha = np.maximum(crop[..., 3:], 1)
    crop[..., :3] = np.clip(crop[..., :3] * 255 / alpha, 0, 255)
    square = np.zeros((side, side, 4), np.uint8)
    top, left = (side - size[1]) // 2, (side - size[0]) // 2
    square[top : top + size[1], left : left + size[0]] = np.rint(crop).astype(np.uint8)
    return square
