"""A hole too long for its thickness, as pieces that a model looks at one after the other."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

from lazydiff_core.geometry.box import Box, bounds_of
from lazydiff_core.geometry.pixels import Mask
from lazydiff_core.geometry.window import MAX_MAGNIFICATION, Framing, Scope, choose_window

_SLENDER = 8  # so many times as long as thick is a piece, where a window has room for that


def pieces_of(
    mask: Mask,
    hole: Box,
    side: int,
    token_pixels: int,
    framing: Framing = Framing(),
    scope: Scope = "auto",
) -> list[Box]:
    """The bounds of the parts of a hole that are filled in turn (ADR 0026); mostly `[hole]`.

    mask: (H, W) bool. hole: its bounding box. side: of the window, in window pixels.
    A hole is cut across its long axis where its window would have to reduce it so much that its
    mean thickness (pixels by length) is less than a token; the parts then are looked at likewise.
    Parts share no pixel; cells of a cut without a hole pixel are left out. Scope "whole" promises
    one look at all of the canvas and is never cut. Scope "tiles" promises full detail: a hole
    larger than half a window is cut into tiles of that size, filled from the visible pixels on.
    """
    if scope == "tiles":
        return _tiles(mask, hole, side // 2)
    window = choose_window(hole, mask.shape, side, framing, scope)
    length = max(hole.width, hole.height)
    thickness = cv2.countNonZero(np.ascontiguousarray(mask[hole.slices]).view(np.uint8)) / length
    if scope == "whole" or window.scale >= 1 or thickness * window.scale >= token_pixels:
        return [hole]
    most = framing.most * min(side, max(mask.shape))
    least = min(most, framing.most * side / MAX_MAGNIFICATION)
    count = -(-length // int(min(max(_SLENDER * thickness, least), most)))
    found: list[Box] = []
    for cell in _cut(hole, count, along=int(hole.width >= hole.height)):
        part = bounds_of(mask[cell.slices])
        if not part.is_empty:
            part = part.shift(cell.left, cell.top)
            found += pieces_of(mask, part, side, token_pixels, framing, scope)
    return found


def _tiles(mask: Mask, hole: Box, most: int) -> list[Box]:
    """Cells of at most `most` pixels, as even as whole pixels are, those near the visible first."""
    rows, columns = (-(-length // most) for length in hole.shape)
    parts = []
    for band in _cut(hole, rows, along=0):
        for cell in _cut(band, columns, along=1):
            part = bounds_of(mask[cell.slices])
            if not part.is_empty:
                parts.append(part.shift(cell.left, cell.top))
    depth = cv2.distanceTransform(mask.view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_3)
    depth = np.minimum(depth, sum(mask.shape))  # where nothing is visible, it has no end
    return sorted(parts, key=lambda part: round(float(depth[part.slices].mean())))


def _cut(box: Box, count: int, along: int) -> list[Box]:
    """`count` cells along the rows' axis (0) or the columns' (1), as even as whole pixels are."""
    length = box.shape[along]
    edges = [length * k // count for k in range(count + 1)]
    spans = pairwise(edges)
    if along == 1:
        return [Box(box.left + a, box.top, box.left + b, box.bottom) for a, b in spans]
    return [Box(box.left, box.top + a, box.right, box.top + b) for a, b in spans]
