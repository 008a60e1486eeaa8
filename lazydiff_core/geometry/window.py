"""Which square of the canvas a model looks at, and which tokens of it are computed.

Plain arithmetic, quick to import and to run, so that the window can say what a fill would compute
while the mask is still being brushed, and says the same as the engine (ADR 0019). `regions` cuts
and resamples pixels by it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import Box, Computed, Framing, Mask, Scope

Edges: TypeAlias = npt.NDArray[np.int64]  # (n,) canvas coordinates

MOST_MAGNIFIED = 4
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
_SQUARE = np.ones((3, 3), np.uint8)


# --- windows -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Window:
    """A square of the canvas that the model sees as `side` x `side` pixels.

    `box` is in canvas pixels and sticks out of a canvas that is shorter than the window.
    """

    box: Box
    side: int

    @property
    def scale(self) -> float:
        """Window pixels a canvas pixel: below 1 the model works on a reduced picture."""
        return self.side / self.box.width

    def spans(self, pixels: int = 1) -> tuple[Edges, Edges]:
        """First and end of the canvas pixels under every `pixels` window pixels, from the box on.

        Along either axis; `side` must be a multiple of `pixels`. Reducing, a window pixel stands
        for every canvas pixel it touches, so that neighbours share one; enlarging, it stands for
        the nearest one.
        """
        span, side = self.box.width, self.side
        steps = np.arange(side)
        if span <= side:
            first = (2 * steps + 1) * span // (2 * side)
            end = first + 1
        else:
            first, end = steps * span // side, -(-(steps + 1) * span // side)
        return first[::pixels], end[pixels - 1 :: pixels]


def choose_window(
    hole: Box,
    canvas_size: tuple[int, int],
    side: int,
    framing: Framing = Framing(),
    scope: Scope = "auto",
) -> Window:
    """The window for a hole (ADR 0002): native scale unless the hole is too large or too small.

    canvas_size is (H, W). Too small is a matter of the hole's bounding box as a whole (a square of
    its area), too large of its long side. scope: "near" makes the hole as large a part as may be,
    "whole" takes in all of the canvas. The hole always lies inside the window, which sticks out of
    the canvas by less than one `framing.grid` of window pixels.
    ValueError if the hole is not inside the canvas.
    """
    height, width = canvas_size
    if not (0 <= hole.left < hole.right <= width and 0 <= hole.top < hole.bottom <= height):
        raise ValueError(f"{hole} is not inside a canvas of {width}x{height} pixels")
    least, longest = framing.most if scope == "near" else framing.least, max(canvas_size)
    span = _window_width(hole, longest, side, least, framing.most)
    span = longest if scope == "whole" else span
    left = _start(hole.left, hole.right, width, span)
    top = _start(hole.top, hole.bottom, height, span)
    if framing.grid and scope != "whole":
        grid = framing.grid * span / side
        left = _on_grid(left, span, hole.left, hole.right, grid)
        top = _on_grid(top, span, hole.top, hole.bottom, grid)
    return Window(Box(left, top, left + span, top + span), side)


def _window_width(hole: Box, canvas: int, side: int, least: float, most: float) -> int:
    """Canvas pixels a window spans, `canvas` being the canvas's long side."""
    native = min(side, canvas)
    longest, mean = max(hole.width, hole.height), math.sqrt(hole.width * hole.height)
    if longest > most * native:
        return min(math.ceil(longest / most), canvas)
    if mean < least * native:
        wanted = max(math.ceil(mean / least), math.ceil(longest / most))
        return min(max(wanted, math.ceil(side / MOST_MAGNIFIED)), native)
    return native


def _start(hole_start: int, hole_end: int, length: int, width: int) -> int:
    if length <= width:
        return (length - width) // 2
    return min(max((hole_start + hole_end - width) // 2, 0), length - width)


def _on_grid(start: int, span: int, hole_start: int, hole_end: int, grid: float) -> int:
    """The start nearest to `start` from which the hole's middle lies on the grid.

    As it is where no such start has the whole hole in sight.
    """
    off = ((hole_start + hole_end) / 2 - start) % grid
    starts = [start + round(off), start + round(off - grid)]
    fitting = [new for new in starts if new <= hole_start and hole_end <= new + span]
    return min(fitting, key=lambda new: abs(new - start), default=start)


# --- tokens ------------------------------------------------------------------------------------


def computed_tokens(holes: Mask, how: Computed) -> Mask:
    """(rows, columns) bool tokens that a backend computes for these hole tokens.

    With a rim the neighbours do useful work, and so do those that fill up a multiple.
    """
    if how.everything:
        return np.ones_like(holes)
    rimmed = cv2.dilate(holes.view(np.uint8), _SQUARE, iterations=how.rim) > 0
    return grow_to_multiple(rimmed, how.multiple, np.random.default_rng(0))


def grow_to_multiple(tokens: Mask, multiple: int, rng: np.random.Generator) -> Mask:
    """Add visible neighbours (4-connected, random) until the hole tokens are a multiple.

    Samples of equal length batch without padding, and the extra tokens do useful work. A grid
    without room for the next multiple becomes all hole; a grid without hole stays so.
    """
    grown = tokens.copy()
    missing = -int(grown.sum()) % multiple
    while missing and not grown.all():
        around = cv2.dilate(grown.view(np.uint8), _CROSS) > 0
        frontier = np.flatnonzero(around & ~grown)
        if frontier.size > missing:
            frontier = rng.choice(frontier, missing, replace=False)
        grown.flat[frontier] = True
        missing -= frontier.size
    return grown


def blend_ring(token: float) -> float:
    """How deep inside the hole Poisson blending evens out a seam, for tokens of this side.

    What it adds is harmonic: a difference along the border that repeats every L pixels has fallen
    to exp(-2 pi d / L) of itself d pixels inside. Neighbouring tokens differ most, L = 1 token:
    half a token inside 4 % is left of it. An even shift of the whole fill reaches further.
    """
    return token / 2
