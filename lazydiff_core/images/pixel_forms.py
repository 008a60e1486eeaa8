"""Pixels with and without transparency."""

from __future__ import annotations

import numpy as np

from lazydiff_core.contract import RGB, RGBA


def flattened(pixels: RGB | RGBA, behind: int = 255) -> RGB:
    """(H, W, 3) uint8: a picture over a plain grey, white by default."""
    if pixels.shape[2] == 3:
        return pixels
    alpha = pixels[..., 3:].astype(np.uint32)
    over = pixels[..., :3] * alpha + np.uint32(behind) * (255 - alpha)
    return ((over + 127) // 255).astype(np.uint8)


def with_alpha(pixels: RGB | RGBA) -> RGBA:
    """(H, W, 4) uint8: a picture without transparency becomes opaque."""
    if pixels.shape[2] == 4:
        return pixels
    return np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])
