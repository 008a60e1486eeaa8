"""Where a mask is, block by block, so that counting its tokens costs nothing while brushing."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.geometry.box import EMPTY, Box, Edges, bounds_of
from lazydiff_core.geometry.pixels import Mask

BLOCK = 8


class MaskBlocks:
    """Which blocks of 8x8 pixels of a mask have any of it.

    The mask, (H, W) bool, is read live; `refresh` must be told what has changed of it. Answers are
    exact: where a block is cut by what is asked about, its pixels are read.
    """

    def __init__(self, mask: Mask) -> None:
        self.show(mask)

    def show(self, mask: Mask) -> None:
        """Start over with another mask."""
        self._mask = mask
        whole = Box.of(mask.shape)
        self._blocks: Mask = np.zeros(whole.scale(1, BLOCK).shape, np.bool_)
        self.refresh(whole)

    def refresh(self, box: Box) -> None:
        """The mask has changed in a box of the canvas."""
        if box.is_empty:
            return
        blocks = box.scale(1, BLOCK)
        pixels = blocks.scale(BLOCK)
        part = self._mask[pixels.slices]
        if part.shape != pixels.shape:
            below, beside = (full - now for full, now in zip(pixels.shape, part.shape, strict=True))
            part = np.pad(part, ((0, below), (0, beside)))
        words = np.ascontiguousarray(part).view(np.uint64).reshape(blocks.height, BLOCK, -1)
        self._blocks[blocks.slices] = np.bitwise_or.reduce(words, axis=1) != 0

    def bounds(self) -> Box:
        """The smallest box around the mask; EMPTY if there is none."""
        blocks = bounds_of(self._blocks)
        if blocks.is_empty:
            return EMPTY
        around = blocks.scale(BLOCK).intersection(Box.of(self._mask.shape))
        part = self._mask[around.slices]
        above, below = _margins(part)
        before, after = _margins(part.T)
        return Box(
            around.left + before, around.top + above, around.right - after, around.bottom - below
        )

    def any_in(self, tops: Edges, bottoms: Edges, lefts: Edges, rights: Edges) -> Mask:
        """(rows, columns) bool: is any of the mask in the pixels of a row and a column?

        Rows go from `tops` up to `bottoms`, columns from `lefts` up to `rights`, in canvas pixels;
        beyond the canvas there is no mask.
        """
        height, width = self._mask.shape
        rows = tops.clip(0, height), bottoms.clip(0, height)
        columns = lefts.clip(0, width), rights.clip(0, width)
        below = np.asarray(cv2.integral(self._blocks.view(np.uint8)), np.int32)
        touched = _counted(below, _around(*rows), _around(*columns)) > 0
        sure = _counted(below, _within(*rows), _within(*columns)) > 0
        for row, column in np.argwhere(touched & ~sure):
            across = slice(columns[0][column], columns[1][column])
            touched[row, column] = self._mask[rows[0][row] : rows[1][row], across].any()
        return touched


def _margins(part: Mask) -> tuple[int, int]:
    """Empty rows before and after what is in a part, whose outer blocks are not empty."""
    first = part[:BLOCK].any(axis=1)
    last = part[-BLOCK:][::-1].any(axis=1)
    return int(first.argmax()), int(last.argmax())


def _around(first: Edges, end: Edges) -> tuple[Edges, Edges]:
    """The blocks that a span touches."""
    return first // BLOCK, np.where(end > first, -(-end // BLOCK), first // BLOCK)


def _within(first: Edges, end: Edges) -> tuple[Edges, Edges]:
    """The blocks that lie in a span as a whole."""
    start = -(-first // BLOCK)
    return start, np.maximum(end // BLOCK, start)


def _counted(
    below: npt.NDArray[np.int32], rows: tuple[Edges, Edges], columns: tuple[Edges, Edges]
) -> npt.NDArray[np.int32]:
    """Occupied blocks of each row and column, from the integral of all."""
    by_row = below[rows[1]] - below[rows[0]]
    return np.asarray(by_row[:, columns[1]] - by_row[:, columns[0]], np.int32)
