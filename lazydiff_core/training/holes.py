"""Holes of training scenes: rough masks such as the engine's window would show a model. Ours.

The window lies so that a hole's middle is a corner of tokens, and is as wide as makes the hole a
certain part of it (ADR 0002). So objects are centred on a corner, an even number of tokens across,
and of the sizes that there are the hole asks for the largest with room in it (ADR 0004).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import Box, Mask
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.training.masks import rough_mask

TRIES = 16
UNEVEN = 0.15  # of the grid: how far a hole's middle may be off its object's
ROOM = 1.05  # a hole's side over that of the largest object it has room for
SHORT = 0.95  # of the least hole: what still passes for one


@dataclass(frozen=True)
class HoleRule:
    """What holes are drawn for: a scene's side and its grid in pixels (0 = objects lie anywhere).

    least: part of the side that a hole's bounding box (a square of its area) takes at least.
    """

    side: int
    grid: int = 0
    least: float = 0.0

    @property
    def step(self) -> int:
        """Pixels from one size of objects to the next."""
        return 2 * self.grid or 1

    def extent(self, length: float) -> int:
        """The nearest extent that an object may have, at least one step."""
        return max(1, round(length / self.step)) * self.step

    def tells(self, hole: Mask, entity: Box, extent: int) -> bool:
        """Whether the engine's window would show such a hole, and it asks for such an object."""
        if not self.grid:
            return True
        box = bounding_box(hole)
        room = min(box.width / entity.width, box.height / entity.height)
        return (
            math.sqrt(box.width * box.height) >= SHORT * self.least * self.side
            and room < ROOM * (extent + self.step) / extent
            and max(abs(v - self.side / 2) for v in _middle(box)) <= self.grid * UNEVEN
        )


def draw_hole(
    alpha: npt.NDArray[np.uint8],
    extent: int,
    rule: HoleRule,
    rng: np.random.Generator,
    stretch: float = 1.0,
) -> tuple[Mask, tuple[int, int]]:
    """A mask (side, side) bool for an object, and the (top, left) of the object's square.

    alpha: (n,n), of the object. stretch: how much longer the hole is along one axis than one
    brushed around the object. The object is covered with a margin, and all of it is in sight.
    """
    side, start = rule.side, (rule.side - extent) // 2
    entity = np.zeros((side, side), np.bool_)
    scaled = cv2.resize(alpha, (extent, extent), interpolation=cv2.INTER_AREA)
    entity[start : start + extent, start : start + extent] = scaled > 0.05 * 255
    place = bounding_box(entity)
    for _ in range(TRIES):
        mask = rough_mask(entity, rng)
        if stretch > 1:
            mask = _stretched(mask, stretch, rng)
        if rule.grid:
            mask = _centred(mask) | entity
        if rule.tells(mask, place, extent):
            break
    box, step = bounding_box(mask), rule.grid or 1
    down = step * int(rng.integers(-(box.top // step), (side - box.bottom) // step + 1))
    right = step * int(rng.integers(-(box.left // step), (side - box.right) // step + 1))
    return np.roll(mask, (down, right), (0, 1)), (start + down, start + right)


def _middle(box: Box) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def _warped(mask: Mask, scale: tuple[float, float], shift: tuple[float, float]) -> Mask:
    """Scaled along x and y, then shifted."""
    matrix = np.array([[scale[0], 0, shift[0]], [0, scale[1], shift[1]]], np.float64)
    size = mask.shape[::-1]
    warped = cv2.warpAffine(mask.astype(np.uint8), matrix, size, flags=cv2.INTER_NEAREST)
    return warped.astype(np.bool_)


def _stretched(mask: Mask, factor: float, rng: np.random.Generator) -> Mask:
    """Longer by a factor along either axis, about its middle."""
    scale = (factor, 1.0) if rng.random() < 0.5 else (1.0, factor)
    x, y = _middle(bounding_box(mask))
    return mask | _warped(mask, scale, (x * (1 - scale[0]), y * (1 - scale[1])))


def _centred(mask: Mask) -> Mask:
    """Moved so that the middle of its bounding box is the canvas's."""
    x, y = _middle(bounding_box(mask))
    high, wide = mask.shape
    return _warped(mask, (1.0, 1.0), (round(wide / 2 - x), round(high / 2 - y)))
