"""Rectangles of whole pixels, latent cells or tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.errors import EmptyMaskError
from lazydiff_core.geometry.pixels import Mask

Edges: TypeAlias = npt.NDArray[np.int64]  # (n,) coordinates along one axis


@dataclass(frozen=True, order=True)
class Box:
    """The pixels `left <= x < right`, `top <= y < bottom`; empty if there are none.

    Boxes sort by `left` first. Coordinates may be negative: a box may reach beyond its array.
    """

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of(cls, shape: tuple[int, ...]) -> Box:
        """The box of a whole array of shape (H, W, ...)."""
        return cls(0, 0, shape[1], shape[0])

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width), the shape of an array of these pixels."""
        return self.bottom - self.top, self.right - self.left

    @property
    def slices(self) -> tuple[slice, slice]:
        """The index of this box in an (H, W, ...) array."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def is_empty(self) -> bool:
        return self.right <= self.left or self.bottom <= self.top

    def union(self, other: Box) -> Box:
        """The smallest box around both; an empty box adds nothing."""
        if self.is_empty or other.is_empty:
            return other if self.is_empty else self
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def intersection(self, other: Box) -> Box:
        """The pixels in both; EMPTY if there are none."""
        common = Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )
        return EMPTY if common.is_empty else common

    def clip(self, bounds: Box) -> Box:
        """The part inside `bounds`; ValueError if there is none."""
        part = self.intersection(bounds)
        if part.is_empty:
            raise ValueError(f"{self} lies outside {bounds}")
        return part

    def overlaps(self, other: Box) -> bool:
        """Whether any pixel is in both."""
        across = max(self.left, other.left) < min(self.right, other.right)
        return across and max(self.top, other.top) < min(self.bottom, other.bottom)

    def contains(self, other: Box) -> bool:
        """Whether every pixel of the other box is in this one; False for an empty other."""
        return not other.is_empty and self.intersection(other) == other

    def grow(self, by: int) -> Box:
        """The box with `by` more pixels on each side; a negative `by` shrinks it."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def shift(self, x: int, y: int) -> Box:
        """The box moved by `x` to the right and `y` down."""
        return Box(self.left + x, self.top + y, self.right + x, self.bottom + y)

    def centred(self, shape: tuple[int, int]) -> Box:
        """A box of this (height, width) with the same centre, rounded up and to the left."""
        height, width = shape
        left, top = (self.left + self.right - width) // 2, (self.top + self.bottom - height) // 2
        return Box(left, top, left + width, top + height)

    def relative_to(self, origin: Box) -> Box:
        """The same pixels, counted from the top left of `origin`: an index into its array."""
        return self.shift(-origin.left, -origin.top)

    def scale(self, times: int, over: int = 1) -> Box:
        """The box in the cells of a grid `times` / `over` as fine, rounded outwards."""
        return Box(
            self.left * times // over,
            self.top * times // over,
            -(-self.right * times // over),
            -(-self.bottom * times // over),
        )


EMPTY = Box(0, 0, 0, 0)


def bounds_of(mask: Mask) -> Box:
    """The smallest box around the True pixels of an (H, W) mask; EMPTY if there are none."""
    rows = np.flatnonzero(mask.any(axis=1))
    if not rows.size:
        return EMPTY
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(mask[top:bottom].any(axis=0))
    return Box(int(columns[0]), top, int(columns[-1]) + 1, bottom)


def bounding_box(mask: Mask) -> Box:
    """`bounds_of` a mask that must not be empty; EmptyMaskError if it is."""
    box = bounds_of(mask)
    if box.is_empty:
        raise EmptyMaskError("The mask is empty: paint the area to generate first.")
    return box


def box_mask(shape: tuple[int, ...], box: Box) -> Mask:
    """(H, W) bool, True in the part of the box inside the array."""
    mask = np.zeros(shape[:2], np.bool_)
    mask[box.intersection(Box.of(shape)).slices] = True
    return mask


def boxes_of_parts(mask: Mask) -> list[Box]:
    """The bounds of each 8-connected part of an (H, W) mask, sorted by first pixel, row-major."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=8)
    numbers, first = np.unique(labels[mask], return_index=True)
    found = stats[numbers[np.argsort(first)], :4]
    return [Box(x, y, x + width, y + height) for x, y, width, height in found.tolist()]


def tiles(box: Box, side: int) -> Iterator[Box]:
    """The squares of `side` pixels, on a grid from (0, 0), that a box touches; row by row."""
    touched = box.scale(1, side)
    for top in range(touched.top * side, touched.bottom * side, side):
        for left in range(touched.left * side, touched.right * side, side):
            yield Box(left, top, left + side, top + side)
