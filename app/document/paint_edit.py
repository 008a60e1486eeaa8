"""One stroke on a painted layer: visible at once, one undo step when it ends."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from uuid import UUID

import numpy as np

from app.document.brush_colours import RGBColour
from app.document.commands import EditsCommand
from app.document.document import Document
from app.document.edit_stack import EditStack
from app.document.edits import Edit
from app.document.fillers import confined, layer_of
from app.document.paint_command import Difference, PaintCommand, painted
from app.document.tiled_stroke import TiledStroke, laid_on
from lazydiff_core.contract import RGBA, Box, Cover, Mask, Pixels
from lazydiff_core.geometry.box import bounds_of
from lazydiff_core.geometry.compositing import BlendMode, composited
from lazydiff_core.geometry.pixels import cover_of


class PaintEdit(TiledStroke):
    """Paints one colour into a layer, or erases from it. A mask confines it.

    target: the layer to paint on; where it is none that can be painted on, a stroke makes a new one
            on top, and an eraser has nothing to erase.
    """

    def __init__(self, document: Document, colour: RGBColour, target: UUID | None) -> None:
        super().__init__(document.box, colour)
        self._document = document
        edits = self._edits = document.edits
        places = [k for k, edit in enumerate(edits) if edit.id == target and can_be_painted(edit)]
        self._index = places[0] if places else len(edits)
        self._layer = edits[self._index] if places else None
        self._above = edits[self._index + 1 :]
        self._paints = True  # not an eraser
        self._now: dict[Box, RGBA] = {}
        self._beneath: dict[Box, Pixels] = {}

    @property
    def can_erase(self) -> bool:
        """Whether there is a layer to erase from."""
        return self._layer is not None

    def paint(self, box: Box, shape: Mask | Cover, value: bool) -> None:
        """Paint the colour (True) or erase (False) under a (h, w) shape at `box`."""
        self._paints = value
        if not box.is_empty and (value or self.can_erase):
            self.lay(box, confined(self._document, box, cover_of(shape)), value)

    def commit(self, text: str) -> None:
        """Push the gesture as one undo step, unless nothing changed.

        If the edits have changed meanwhile, what was painted becomes a layer of its own.
        """
        document = self._document
        if document.edits is not self._edits:
            self._start_over()
        changes = self._changes()
        if not changes:
            document.dry()
            return
        layer, is_seen = self._layer, document.is_wet
        if layer is None:
            new = self._new_layer(text, changes)
            edits: tuple[Edit, ...] = (*document.edits, new)
        elif self._above:
            room = reduce(Box.union, (box for box, _ in changes), layer.box)
            new = painted(document, layer, room, changes)
            stack = EditStack.under(document.dry_pixels(), document.edits)
            edits = stack.with_edit(self._index, new).edits
        else:
            document.undo_stack.push(PaintCommand(document, text, changes))
            return
        document.undo_stack.push(EditsCommand(document, text, edits, is_seen=is_seen))

    def cancel(self) -> None:
        """Show the picture from before the gesture."""
        self._document.dry()

    def _changes(self) -> list[Difference]:
        """What has changed, tile by tile."""
        found = []
        for tile, now in self._now.items():
            was = self._tiles[tile][0]
            part = bounds_of((now.view(np.uint32) != was.view(np.uint32))[..., 0])
            if not part.is_empty:
                differing = now[part.slices] ^ was[part.slices]
                found.append((part.shift(tile.left, tile.top), differing))
        return found

    def _new_layer(self, name: str, changes: Sequence[Difference]) -> Edit:
        room = reduce(Box.union, (box for box, _ in changes))
        pixels = np.zeros((*room.shape, 4), np.uint8)
        for box, new in changes:
            pixels[box.relative_to(room).slices] = new
        colours = np.ascontiguousarray(pixels[..., :3])
        return layer_of(self._document, name, room, colours, pixels[..., 3].copy())

    def _start_over(self) -> None:
        """Let the stroke go into a new layer; an eraser has nothing to erase there."""
        self._document.dry()
        self._edits, self._layer, self._above = self._document.edits, None, ()
        painted_tiles, self._now = self._now, {}
        for tile in painted_tiles:
            _, most = self._tiles[tile]
            clear = np.zeros((*most.shape, 4), np.uint8)
            self._tiles[tile] = clear, most
            colour = self._colour_in(tile.clip(self._canvas))
            self._now[tile] = laid_on(clear, most, colour) if self._paints else clear

    def _read(self, tile: Box) -> RGBA:
        pixels = np.zeros((*tile.shape, 4), np.uint8)
        if self._layer is not None:
            common = self._layer.box.intersection(tile)
            if not common.is_empty:
                own = common.relative_to(self._layer.box).slices
                pixels[common.relative_to(tile).slices] = rgba_of(self._layer, own)
        return pixels

    def now(self, tile: Box) -> RGBA:
        """(h, w, 4): a tile of the layer as the stroke has left it, its part on the canvas."""
        if tile not in self._now:
            self._now[tile] = self._remembered(tile)[0].copy()
            self._beneath[tile] = self._bare(tile.clip(self._canvas))
        return self._now[tile]

    def _write(self, tile: Box, box: Box, pixels: RGBA) -> None:
        inside = box.relative_to(tile).slices
        self.now(tile)[inside] = pixels
        layer = self._layer
        share = pixels[..., 3].astype(np.float32) * np.float32(1 / 255)
        blend = BlendMode.NORMAL
        if layer is not None:
            share, blend = share * np.float32(layer.opacity), layer.blend
        seen = composited(self._beneath[tile][inside], pixels[..., :3], share, blend)
        for edit in self._above:
            edit.paint(seen, box)
        self._document.write_wet(box, seen)

    def _bare(self, place: Box) -> Pixels:
        """A new array: the canvas beneath the layer."""
        canvas = self._document.pixels[place.slices].copy()
        for edit in reversed(self._document.edits[self._index :]):
            edit.lift(canvas, place)
        return canvas


def can_be_painted(edit: Edit) -> bool:
    """Whether strokes may go into a layer: it shows, was not generated, and has a matte."""
    variant = edit.variant
    if edit.recipe is not None or not edit.shows or variant is None or variant.matte is None:
        return False
    return variant.pixels.shape[2] == 3 or bool((variant.pixels[..., 3] == 255).all())


def rgba_of(edit: Edit, own: tuple[slice, slice]) -> RGBA:
    """A new (h, w, 4) array: colours and matte of a part of a layer that can be painted."""
    variant = edit.variant
    assert variant is not None
    assert variant.matte is not None
    return np.dstack([variant.pixels[own][..., :3], variant.matte[own]])
