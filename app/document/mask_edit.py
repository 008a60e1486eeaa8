"""One gesture on the mask: seen while it is made, one step of the history when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

import numpy as np
from PySide6.QtCore import QRect

from app.document.commands import MaskCommand
from app.document.document import Document
from app.document.rects import bounds_of, cover_of, slices, tile_rect, tiles_of
from lazydiff_core.contract import Cover, Mask

Mode: TypeAlias = Literal["replace", "add", "subtract", "intersect"]
_TILE = 128


class MaskEdit:
    """Paints shapes into the mask and remembers, tile by tile, what it covered.

    What a shape costs depends on its own size, neither on the canvas nor on the stroke so far.
    Soft shapes join like sharp ones: adding takes the larger cover, subtracting leaves what the
    shape does not cover, intersecting takes the smaller. So a stroke may cross itself, and the
    same shape twice is the same shape.
    starts_over: the first shape added to a mask that is spent begins another mask.
    """

    def __init__(self, document: Document, *, starts_over: bool = False) -> None:
        self._document = document
        self._was_filled = document.filled
        self._was_spent = document.is_spent
        self._starts_over = starts_over and document.is_spent
        self._before: dict[tuple[int, int], Cover] = {}

    def paint(self, rect: QRect, shape: Mask | Cover, value: bool) -> None:
        """Add a (h, w) shape that lies at `rect` inside the canvas, or subtract it."""
        if rect.isEmpty():
            return
        if value and self._starts_over:
            self._clear()
        cover = cover_of(shape)
        now = self._document.cover[slices(rect)]
        self._write(rect, np.maximum(now, cover) if value else np.minimum(now, ~cover))

    def combine(self, rect: QRect, shape: Mask | Cover, mode: Mode) -> None:
        """Join the mask with a shape at `rect`, in one of four ways."""
        if mode in ("add", "subtract"):
            self.paint(rect, shape, mode == "add")
            return
        cover = cover_of(shape)
        if mode == "intersect" and not rect.isEmpty():
            cover = np.minimum(cover, self._document.cover[slices(rect)])
        self._clear()
        self._write(rect, cover)

    def commit(self, text: str) -> None:
        """Make what was painted one step of the history; nothing if nothing changed."""
        flips = [
            (place, before ^ self._document.cover[slices(place)])
            for place, before in self._touched()
        ]
        changed = [(place, flipped) for place, flipped in flips if flipped.any()]
        if changed:
            command = MaskCommand(self._document, text, changed, was_filled=self._was_filled)
            self._document.undo_stack.push(command)
        else:
            self._restore_filled()

    def cancel(self) -> None:
        """Put the mask back as it was."""
        for place, before in self._touched():
            self._document.write_cover(place, before)
        self._restore_filled()

    def _clear(self) -> None:
        self._starts_over = False
        self._write(touched := bounds_of(self._document.mask), np.zeros(_size(touched), np.uint8))

    def _restore_filled(self) -> None:
        if self._document.is_spent != self._was_spent:
            self._document.set_filled(self._was_filled)

    def _write(self, rect: QRect, cover: Cover) -> None:
        if rect.isEmpty():
            return
        self._remember(rect)
        self._document.write_cover(rect, cover)
        if self._document.is_spent:
            self._document.set_filled(False)

    def _remember(self, rect: QRect) -> None:
        for tile in tiles_of(rect, _TILE):
            if tile not in self._before:
                self._before[tile] = self._document.cover[slices(self._tile_rect(tile))].copy()

    def _touched(self) -> Iterator[tuple[QRect, Cover]]:
        """The tiles that were painted on, and the cover they had before."""
        return ((self._tile_rect(tile), before) for tile, before in self._before.items())

    def _tile_rect(self, tile: tuple[int, int]) -> QRect:
        return tile_rect(tile, _TILE, self._document.rect)


def _size(rect: QRect) -> tuple[int, int]:
    return rect.height(), rect.width()
