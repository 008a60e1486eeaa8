"""One gesture on the sketch: visible at once, one undo step when it ends."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from app.document.brush_colours import RGBColour
from app.document.commands import SketchCommand
from app.document.document import Document
from lazydiff_core.contract import RGB, RGBA, Box, Cover, Mask
from lazydiff_core.geometry.box import EMPTY, bounds_of, tiles
from lazydiff_core.geometry.pixels import cover_of

_TILE = 128


class SketchEdit:
    """Paints one colour into the sketch, or erases, and remembers the old pixels tile by tile.

    A stroke that crosses itself is not applied twice: its cover is the maximum over its shapes.
    A stroke that touches a filled mask marks the mask as still to be filled; any other stroke
    leaves the mask alone.
    """

    def __init__(self, document: Document, colour: RGBColour) -> None:
        self._document = document
        self._colour = colour
        self._was_filled = document.filled
        self._tiles: dict[Box, tuple[RGBA, Cover]] = {}
        self._box = EMPTY

    def paint(self, box: Box, shape: Mask | Cover, value: bool) -> None:
        """Paint the colour (True) or erase (False) under a (h, w) shape at `box`."""
        if box.is_empty:
            return
        cover = cover_of(shape)
        if self._document.filled and (self._document.mask[box.slices] & (cover > 0)).any():
            self._document.set_filled(False)
        for tile in tiles(box, _TILE):
            common = tile.clip(box)
            inside = common.relative_to(tile).slices
            before, most = self._remembered(tile)
            np.maximum(most[inside], cover[common.relative_to(box).slices], out=most[inside])
            laid = laid_on if value else _erased
            new = laid(before[inside], most[inside], self._colour)
            self._document.write_sketch(common, new)
        self._box = self._box.union(box)

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

    def _remembered(self, tile: Box) -> tuple[RGBA, Cover]:
        if tile not in self._tiles:
            size = tile.clip(self._document.box).shape
            sketch = self._document.sketch
            before = np.zeros((*size, 4), np.uint8) if sketch is None else sketch[tile.slices]
            self._tiles[tile] = before.copy(), np.zeros(size, np.uint8)
        return self._tiles[tile]


def laid_on(before: RGBA, cover: Cover, colour: RGBColour | RGB) -> RGBA:
    """(h, w, 4) straight-alpha pixels with a colour, or (h, w, 3) of them, laid over by cover."""
    above = cover.astype(np.float32) / 255
    below = before[..., 3].astype(np.float32) / 255 * (1 - above)
    alpha = above + below
    share = (above / np.maximum(alpha, 1e-6))[..., None]
    mixed = before[..., :3] + (np.array(colour, np.float32) - before[..., :3]) * share
    return _joined(mixed, alpha)


def _erased(before: RGBA, cover: Cover, _colour: RGBColour) -> RGBA:
    alpha = before[..., 3].astype(np.float32) / 255 * (1 - cover.astype(np.float32) / 255)
    return _joined(before[..., :3].astype(np.float32), alpha)


def _joined(colour: npt.NDArray[np.floating], alpha: npt.NDArray[np.floating]) -> RGBA:
    """(h, w, 4) straight-alpha pixels; all four channels are 0 where alpha is 0."""
    pixels = np.empty((*alpha.shape, 4), np.uint8)
    pixels[..., 3] = np.rint(alpha * 255)
    pixels[..., :3] = np.rint(colour) * (pixels[..., 3:] > 0)
    return pixels
