"""A coarse index of a mask, which makes counting its tokens cheap while brushing."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.geometry.box import EMPTY, Box, Edges, bounds_of
from lazydiff_core.geometry.pixels import Mask

BLOCK = 8


class MaskBlocks:
    """An index of the 8x8 blocks of an (H, W) bool mask that contain any True pixel.

    The mask is not copied; call `refresh` after it changes. Answers are exact: if a query cuts
    through a block, the block's pixels are read.
    """

    def __init__(self, mask: Mask) -> None:
        self.show(mask)

    def show(self, mask: Mask) -> None:
        """Index another mask."""
        self._mask = mask
        whole = Box.of(mask.shape)
        self._blocks: Mask = np.zeros(whole.scale(1, BLOCK).shape, np.bool_)
        self.refresh(whole)

    def refresh(self, box: Box) -> None:
        """Update the index after the mask changed inside a box."""
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
        """(rows, columns) bool: whether the cell of a row and a column has any mask pixel.

        Rows span `tops` to `bottoms`, columns `lefts` to `rights` (exclusive), in canvas pixels;
        the mask is empty beyond the canvas.
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
    """Number of empty rows at both ends of a part whose outer blocks are not empty."""
    first = part[:BLOCK].any(axis=1)
    last = part[-BLOCK:][::-1].any(axis=1)
    return int(first.argmax()), int(last.argmax())


def _around(first: Edges, end: Edges) -> tuple[Edges, Edges]:
    """The range of blocks that each span touches."""
    return first // BLOCK, np.where(end > first, -(-end // BLOCK), first // BLOCK)


def _within(first: Edges, end: Edges) -> tuple[Edges, Edges]:
    """The range of blocks that lie completely inside each span."""
    start = -(-first // BLOCK)
    return start, np.maximum(end // BLOCK, start)


def _counted(
    below: npt.NDArray[np.int32], rows: tuple[Edges, Edges], columns: tuple[Edges, Edges]
) -> npt.NDArray[np.int32]:
    """Number of occupied blocks in each row and column, from the integral image."""
    by_row = below[rows[1]] - below[rows[0]]
    return np.asarray(by_row[:, columns[1]] - by_row[:, columns[0]], np.int32)
