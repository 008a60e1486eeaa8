"""One gesture on the mask: visible at once, one undo step when it ends."""

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
    """Paints shapes into the mask and remembers the old cover, tile by tile.

    The cost of a shape depends on its own size, not on the canvas or on the stroke so far.
    Adding takes the larger cover, subtracting leaves what the shape does not cover, and
    intersecting takes the smaller cover. So painting a shape twice changes nothing, and a stroke
    may cross itself.
    starts_over: the first shape added to a mask that is spent, or whose fill was undone, starts a
                 new mask.
    """

    def __init__(self, document: Document, *, starts_over: bool = False) -> None:
        self._document = document
        self._was_filled, self._was_undone = document.filled, document.undone
        self._starts_over = starts_over and document.starts_over
        self._before: dict[Box, Cover] = {}

    def paint(self, box: Box, shape: Mask | Cover, value: bool) -> None:
        """Add (True) or subtract (False) a (h, w) shape at `box`, inside the canvas."""
        if box.is_empty:
            return
        if value and self._starts_over:
            self._clear()
        cover = cover_of(shape)
        now = self._document.cover[box.slices]
        self._write(box, np.maximum(now, cover) if value else np.minimum(now, ~cover))

    def combine(self, box: Box, shape: Mask | Cover, mode: Mode) -> None:
        """Combine the mask with a (h, w) shape at `box`, in the way `mode` says."""
        if mode in ("add", "subtract"):
            self.paint(box, shape, mode == "add")
            return
        cover = cover_of(shape)
        if mode == "intersect" and not box.is_empty:
            cover = np.minimum(cover, self._document.cover[box.slices])
        self._clear()
        self._write(box, cover)

    def commit(self, text: str) -> None:
        """Push the gesture as one undo step, unless nothing changed."""
        flips = [
            (place, before ^ self._document.cover[place.slices])
            for place, before in self._touched()
        ]
        changed = [(place, flipped) for place, flipped in flips if flipped.any()]
        if changed:
            command = MaskCommand(
                self._document,
                text,
                changed,
                was_filled=self._was_filled,
                was_undone=self._was_undone,
            )
            self._document.undo_stack.push(command)
        else:
            self._restore_filled()

    def cancel(self) -> None:
        """Restore the mask from before the gesture."""
        for place, before in self._touched():
            self._document.write_cover(place, before)
        self._restore_filled()

    def _clear(self) -> None:
        self._starts_over = False
        self._write(mask := bounds_of(self._document.mask), np.zeros(mask.shape, np.uint8))

    def _restore_filled(self) -> None:
        document = self._document
        if (document.filled, document.undone) != (self._was_filled, self._was_undone):
            document.set_filled(self._was_filled, undone=self._was_undone)

    def _write(self, box: Box, cover: Cover) -> None:
        if box.is_empty:
            return
        self._remember(box)
        self._document.write_cover(box, cover)
        if self._document.starts_over:
            self._document.set_filled(False)

    def _remember(self, box: Box) -> None:
        for tile in tiles(box, _TILE):
            if tile not in self._before:
                self._before[tile] = self._document.cover[tile.slices].copy()

    def _touched(self) -> Iterator[tuple[Box, Cover]]:
        """The tiles that were painted on, each with its old cover."""
        canvas = self._document.box
        return ((tile.clip(canvas), before) for tile, before in self._before.items())
