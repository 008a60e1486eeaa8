"""One gesture on the mask: seen while it is made, one step of the history when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

import numpy as np

from app.document.commands import MaskCommand
from app.document.document import Document
from lazydiff_core.contract import Box, Cover, Mask
from lazydiff_core.geometry.box import bounds_of, tiles
from lazydiff_core.geometry.pixels import cover_of

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
        self._before: dict[Box, Cover] = {}

    def paint(self, box: Box, shape: Mask | Cover, value: bool) -> None:
        """Add a (h, w) shape that lies at `box` inside the canvas, or subtract it."""
        if box.is_empty:
            return
        if value and self._starts_over:
            self._clear()
        cover = cover_of(shape)
        now = self._document.cover[box.slices]
        self._write(box, np.maximum(now, cover) if value else np.minimum(now, ~cover))

    def combine(self, box: Box, shape: Mask | Cover, mode: Mode) -> None:
        """Join the mask with a shape at `box`, in one of four ways."""
        if mode in ("add", "subtract"):
            self.paint(box, shape, mode == "add")
            return
        cover = cover_of(shape)
        if mode == "intersect" and not box.is_empty:
            cover = np.minimum(cover, self._document.cover[box.slices])
        self._clear()
        self._write(box, cover)

    def commit(self, text: str) -> None:
        """Make what was painted one step of the history; nothing if nothing changed."""
        flips = [
            (place, before ^ self._document.cover[place.slices])
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
        self._write(mask := bounds_of(self._document.mask), np.zeros(mask.shape, np.uint8))

    def _restore_filled(self) -> None:
        if self._document.is_spent != self._was_spent:
            self._document.set_filled(self._was_filled)

    def _write(self, box: Box, cover: Cover) -> None:
        if box.is_empty:
            return
        self._remember(box)
        self._document.write_cover(box, cover)
        if self._document.is_spent:
            self._document.set_filled(False)

    def _remember(self, box: Box) -> None:
        for tile in tiles(box, _TILE):
            if tile not in self._before:
                self._before[tile] = self._document.cover[tile.slices].copy()

    def _touched(self) -> Iterator[tuple[Box, Cover]]:
        """What of the canvas was painted on, tile by tile, and the cover it had before."""
        canvas = self._document.box
        return ((tile.clip(canvas), before) for tile, before in self._before.items())
