"""Canvases with transparent pixels: what the model sees of them, and what a fill is blended with.

A picture of three channels passes through all of this as it is.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from lazydiff_core.contract import RGB, Cover, Mask, Pixels
from lazydiff_core.geometry.pixels import alpha_of, shown_through
from lazydiff_core.geometry.resample import fill_from_nearest

WHITE: Final = 255
GREY: Final = 127
_PALE = 200.0  # mean of 255 from which a picture would hardly be seen on white
SOLID: Final = 128  # alpha from which a pixel's colour is a neighbour for a fill


def ground_for(pixels: Pixels, hole: Mask) -> int:
    """The grey, 0..255, over which the model sees a picture: white, or mid-grey if it is pale.

    pixels: (h, w, 3 or 4) uint8, the part of the canvas that the model sees. hole: (h, w) bool.
    White is what an empty canvas is; a white logo would not be seen on it.
    """
    alpha = alpha_of(pixels)
    if alpha is None:
        return WHITE
    weight = (alpha * ~hole).astype(np.float32)
    total = float(weight.sum())
    if total == 0:
        return WHITE
    lightness = float((pixels[..., :3].mean(axis=2) * weight).sum()) / total
    return GREY if lightness > _PALE else WHITE


def surroundings(canvas: Pixels, hole: Mask) -> tuple[RGB, Mask]:
    """What a fill is blended with: the colours of a canvas, and where they are to be replaced.

    A clear pixel is no neighbour: the fill would fade to a colour that nobody sees. It belongs to
    the hole, and where a blender reads beneath the hole, it has its nearest neighbour's colour.
    Returns (h, w, 3) uint8 and (h, w) bool, the hole and all clear pixels.
    """
    alpha = alpha_of(canvas)
    if alpha is None:
        return canvas, hole
    clear = alpha < SOLID
    colours = np.ascontiguousarray(canvas[..., :3])
    return fill_from_nearest(colours, clear), hole | clear


def laid_over(fill: RGB, canvas: Pixels, hole: Mask, cover: Cover | None) -> Pixels:
    """The canvas with a fill in the hole, as opaque as the cover says; None = fully.

    fill: (h, w, 3) uint8. Returns uint8 of the canvas's shape; outside the hole it is the canvas.
    """
    if cover is not None:
        return shown_through(fill, canvas, np.where(hole, cover, np.uint8(0)))
    laid = canvas.copy()
    laid[..., :3][hole] = fill[hole]
    if laid.shape[2] == 4:
        laid[..., 3][hole] = 255
    return laid
