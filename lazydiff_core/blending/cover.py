"""Soft edges: how much of a fill shows, pixel by pixel. Ours (ADR 0012)."""

from __future__ import annotations

import numpy as np

from lazydiff_core.contract import RGB, Cover


def shown_through(fill: RGB, canvas: RGB, cover: Cover) -> RGB:
    """The canvas with the fill laid over it, as opaque as the cover says.

    fill, canvas: (H, W, 3) uint8. cover: (H, W) uint8, 0 = canvas, 255 = fill, both exactly.
    Returns (H, W, 3) uint8, rounded to nearest.
    """
    share = cover[..., None].astype(np.float32) / np.float32(255)
    below = canvas.astype(np.float32)
    return np.asarray(np.rint(below + (fill - below) * share), np.uint8)
