"""One gesture on the mask: seen while it is made, one step of the history when it ends."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QRect

from app.commands import MaskCommand
from app.document import Document
from app.rects import bounds_of, slices
from lazydiff_core.contract import Mask

_TILE = 128


class MaskEdit:
    """Paints shapes into the mask and remembers, tile by tile, what it covered.

    What a shape costs depends on its own size, neither on the canvas nor on the stroke so far.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._was_filled = document.filled
        self._before: dict[tuple[int, int], Mask] = {}
        self._rect = QRect()

    def paint(self, rect: QRect, shape: Mask, value: bool) -> None:
        """Set the True pixels of `shape`, which lies at `rect` inside the canvas, to `value`."""
        if rect.isEmpty():
            return
        self._remember(rect)
        now = self._document.mask[slices(rect)]
        self._document.write_mask(rect, now | shape if value else now & ~shape)
        self._rect = self._rect.united(rect)
        if self._document.filled:
            self._document.set_filled(False)

    def commit(self, text: str) -> None:
        """Make what was painted one step of the history; nothing if nothing changed."""
        flipped = self._restored() ^ self._document.mask[slices(self._rect)]
        changed = bounds_of(flipped)
        self.cancel()
        if not changed.isEmpty():
            flip = flipped[slices(changed)]
            where = changed.translated(self._rect.topLeft())
            self._document.undo_stack.push(MaskCommand(self._document, text, where, flip))

    def cancel(self) -> None:
        """Put the mask back as it was."""
        if not self._rect.isEmpty():
            self._document.write_mask(self._rect, self._restored())
        if self._document.filled != self._was_filled:
            self._document.set_filled(self._was_filled)

    def _remember(self, rect: QRect) -> None:
        for tile in self._tiles(rect):
            if tile not in self._before:
                self._before[tile] = self._document.mask[slices(self._tile_rect(tile))].copy()

    def _restored(self) -> Mask:
        """The touched part of the mask as it was before."""
        before = self._document.mask[slices(self._rect)].copy()
        for tile, values in self._before.items():
            place = self._tile_rect(tile)
            common = place.intersected(self._rect)
            inside = slices(common.translated(-self._rect.topLeft()))
            before[inside] = values[slices(common.translated(-place.topLeft()))]
        return np.asarray(before, np.bool_)

    def _tiles(self, rect: QRect) -> Iterator[tuple[int, int]]:
        for row in range(rect.top() // _TILE, rect.bottom() // _TILE + 1):
            for column in range(rect.left() // _TILE, rect.right() // _TILE + 1):
                yield column, row

    def _tile_rect(self, tile: tuple[int, int]) -> QRect:
        place = QRect(tile[0] * _TILE, tile[1] * _TILE, _TILE, _TILE)
        return place.intersected(self._document.rect)
