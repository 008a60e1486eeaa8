"""One gesture on the sketch: visible at once, one undo step when it ends."""

from __future__ import annotations

import numpy as np

from app.document.brush_colours import RGBColour
from app.document.commands import SketchCommand
from app.document.document import Document
from app.document.tiled_stroke import TiledStroke
from lazydiff_core.contract import RGBA, Box, Cover, Mask
from lazydiff_core.geometry.box import bounds_of
from lazydiff_core.geometry.pixels import cover_of


class SketchEdit(TiledStroke):
    """Paints one colour into the sketch, or erases.

    A stroke that touches a filled mask marks the mask as still to be filled; any other stroke
    leaves the mask alone.
    """

    def __init__(self, document: Document, colour: RGBColour) -> None:
        super().__init__(document.box, colour)
        self._document = document
        self._was_filled = document.filled

    def paint(self, box: Box, shape: Mask | Cover, value: bool) -> None:
        """Paint the colour (True) or erase (False) under a (h, w) shape at `box`."""
        if box.is_empty:
            return
        cover = cover_of(shape)
        if self._document.filled and (self._document.mask[box.slices] & (cover > 0)).any():
            self._document.set_filled(False)
        self.lay(box, cover, value)

    def commit(self, text: str) -> None:
        """Push the gesture as one undo step, unless nothing changed."""
        sketch = self._document.sketch
        if sketch is None or not self._tiles:
            return
        box = self._box
        now = sketch[box.slices].copy()
        self.cancel()
        differing = sketch[box.slices] ^ now
        changed = bounds_of(differing.view(np.uint32)[..., 0] != 0)
        if not changed.is_empty:
            where = changed.shift(box.left, box.top)
            command = SketchCommand(self._document, text, where, differing[changed.slices])
            self._document.undo_stack.push(command)

    def cancel(self) -> None:
        """Restore the sketch from before the gesture."""
        for tile, (before, _) in self._tiles.items():
            self._document.write_sketch(tile.clip(self._document.box), before)
        if self._document.filled != self._was_filled:
            self._document.set_filled(self._was_filled)

    def _read(self, tile: Box) -> RGBA:
        sketch = self._document.sketch
        return (
            np.zeros((*tile.shape, 4), np.uint8) if sketch is None else sketch[tile.slices].copy()
        )

    def _write(self, tile: Box, box: Box, pixels: RGBA) -> None:
        self._document.write_sketch(box, pixels)
