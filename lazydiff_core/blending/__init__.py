"""Ways to join generated pixels to the canvas, by name.

A blender takes (source, destination, mask): the generated picture (H, W, 3) uint8, the canvas
(H, W, 3) uint8 and the hole (H, W) bool. It returns (H, W, 3) uint8 that equals the canvas outside
the hole, and leaves its inputs unchanged. Errors: ImageError for arrays that do not fit each other,
EmptyMaskError. A new blender is one file and one line here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np

from lazydiff_core.blending import feather, poisson
from lazydiff_core.blending.checks import checked_box
from lazydiff_core.contract import RGB, Cover, Mask, Pixels

Blender: TypeAlias = Callable[[RGB, RGB, Mask], RGB]


def paste(source: RGB, destination: RGB, mask: Mask) -> RGB:
    """`destination` with the pixels of `source` in the hole."""
    checked_box(source, destination, mask)
    blended = destination.copy()
    blended[mask] = source[mask]
    return blended


BLENDERS: Final[dict[str, Blender]] = {
    "poisson": poisson.blend,
    "feather": feather.blend,
    "none": paste,
}


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
