"""Chooses the window, the square of the canvas that a model looks at.

This is fast, plain arithmetic, so that the app can estimate a fill while the mask is brushed, with
the same result as the engine (ADR 0019). `resample` cuts out the pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from lazydiff_core.geometry.box import Box, Edges

Scope: TypeAlias = Literal["auto", "near", "whole", "tiles"]

MAX_MAGNIFICATION = 4
_LEAST_EXACT = 160  # pixels: less of the surroundings says too little


@dataclass(frozen=True)
class Framing:
    """How a hole must lie in the model's window (ADR 0002).

    least: smallest share of the window's side for a square as large as the hole's bounding box.
    most:  largest share of the window's side for the hole's long side.
    grid:  grid, in window pixels, on which the model learned objects: the window is moved so that
           the hole's centre lies on it; 0 = no grid.
    exact: the model takes windows of any side up to its native one: nothing is ever enlarged, and
           the window reaches as far beyond the hole as the hole is long. `least` plays no part.
    """

    least: float = 0.16
    most: float = 0.8
    grid: int = 0
    exact: bool = False


@dataclass(frozen=True)
class Window:
    """A square of the canvas that the model sees as `side` x `side` pixels.

    `box` is in canvas pixels and sticks out of a canvas that is shorter than the window.
    """

    box: Box
    side: int

    @property
    def scale(self) -> float:
        """Window pixels per canvas pixel; below 1, the model works on a reduced picture."""
        return self.side / self.box.width

    def spans(self, pixels: int = 1, reach: int = 0) -> tuple[Edges, Edges]:
        """First and end of the canvas pixels under every `pixels` window pixels, from the box on.

        They are the same along both axes. `side` must be a multiple of `pixels`. When reducing, a
        window pixel covers every canvas pixel it touches, so that neighbours share one; when
        enlarging, it covers the nearest one.
        reach: window pixels to add on both sides, within the window.
        """
        span, side = self.box.width, self.side
        steps = np.arange(side)
        if span <= side:
            first = (2 * steps + 1) * span // (2 * side)
            end = first + 1
        else:
            first, end = steps * span // side, -(-(steps + 1) * span // side)
        before = (steps[::pixels] - reach).clip(0)
        after = (steps[pixels - 1 :: pixels] + reach).clip(max=side - 1)
        return first[before], end[after]


def choose_window(
    hole: Box,
    canvas_size: tuple[int, int],
    side: int,
    framing: Framing = Framing(),
    scope: Scope = "auto",
) -> Window:
    """The window for a hole (ADR 0002): native scale unless the hole is too large or too small.

    canvas_size: (H, W).
    framing:     "too small" compares a square of the bounding box's area, "too large" its long
                 side.
    scope:       "near" makes the hole's share as large as allowed; "whole" takes the whole canvas;
                 "tiles" is "auto" for the tiles that a large hole is cut into (`pieces_of`).

    The hole always lies inside the window. The window reaches beyond the canvas by less than one
    `framing.grid` of window pixels. Raises ValueError if the hole is not inside the canvas.
    """
    height, width = canvas_size
    if not Box.of(canvas_size).contains(hole):
        raise ValueError(f"{hole} is not inside a canvas of {width}x{height} pixels")
    least, longest = framing.most if scope == "near" else framing.least, max(canvas_size)
    if framing.exact:
        span = _exact_width(hole, longest, side, framing.most)
    else:
        span = _window_width(hole, longest, side, least, framing.most)
    span = longest if scope == "whole" else span
    left = _start(hole.left, hole.right, width, span)
    top = _start(hole.top, hole.bottom, height, span)
    if framing.grid and scope != "whole":
        grid = framing.grid * span / side
        left = _on_grid(left, span, hole.left, hole.right, grid)
        top = _on_grid(top, span, hole.top, hole.bottom, grid)
    seen = min(span, side) if framing.exact else side
    return Window(Box(left, top, left + span, top + span), seen)


def visible_to_model(hole: Box, canvas: Box, native_side: int, scope: Scope) -> Box:
    """A part of the canvas that contains every window that may be chosen for this hole.

    It saves copying a large canvas after every stroke. The window chosen in this part is the same
    as on the whole canvas: no window is larger, and the part ends only where the canvas does or
    beyond the window's reach.
    """
    if scope == "whole":
        return canvas
    side = max(native_side, math.ceil(max(hole.width, hole.height) / Framing.most))
    return hole.grow(side).intersection(canvas)


def _window_width(hole: Box, canvas: int, side: int, least: float, most: float) -> int:
    """Side of the window in canvas pixels; `canvas` is the canvas's long side."""
    native = min(side, canvas)
    longest, mean = max(hole.width, hole.height), math.sqrt(hole.width * hole.height)
    if longest > most * native:
        return min(math.ceil(longest / most), canvas)
    if mean < least * native:
        wanted = max(math.ceil(mean / least), math.ceil(longest / most))
        return min(max(wanted, math.ceil(side / MAX_MAGNIFICATION)), native)
    return native


def _exact_width(hole: Box, canvas: int, side: int, most: float) -> int:
    """As `_window_width`, for a model that takes windows of any side up to `side`."""
    long = max(hole.width, hole.height)
    wanted = max(3 * long, _LEAST_EXACT)
    return min(max(min(wanted, side), math.ceil(long / most)), canvas)


def _start(hole_start: int, hole_end: int, length: int, width: int) -> int:
    if length <= width:
        return (length - width) // 2
    return min(max((hole_start + hole_end - width) // 2, 0), length - width)


def _on_grid(start: int, span: int, hole_start: int, hole_end: int, grid: float) -> int:
    """The start nearest to `start` that puts the hole's centre on the grid.

    Unchanged if no such window contains the whole hole.
    """
    off = ((hole_start + hole_end) / 2 - start) % grid
    starts = [start + round(off), start + round(off - grid)]
    fitting = [new for new in starts if new <= hole_start and hole_end <= new + span]
    return min(fitting, key=lambda new: abs(new - start), default=start)
