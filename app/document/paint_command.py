"""The undo step of a stroke on the topmost layer. It keeps the difference only, compressed."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TypeAlias

import numpy as np
from PySide6.QtGui import QUndoCommand

from app.document.document import Document
from app.document.edits import Edit, Variant
from app.document.undo_memory import Array, Moved
from lazydiff_core.contract import RGBA, Box, Pixels

# A box of the canvas and, (h, w, 4), the old colours and matte in it ^ the new ones.
Difference: TypeAlias = tuple[Box, RGBA]


class PaintCommand(QUndoCommand):
    """Change parts of the topmost edit, a painted layer, which grows to hold them.

    The first `redo` finds the new pixels on the canvas, as the stroke has left them.
    """

    def __init__(self, document: Document, text: str, changes: Sequence[Difference]) -> None:
        super().__init__(text)
        self._document = document
        self._boxes = [box for box, _ in changes]
        self._small = self._large = document.edits[-1].box
        for box in self._boxes:
            self._large = self._large.union(box)
        self._new: Edit | None = painted(document, document.edits[-1], self._large, changes)
        values = np.concatenate([differing.ravel() for _, differing in changes])
        self._packed = np.frombuffer(zlib.compress(values.data, level=1), np.uint8)

    @property
    def nbytes(self) -> int:
        """Bytes this step keeps in memory."""
        return len(self._packed)

    def arrays(self) -> tuple[Array, ...]:
        return (self._packed,)

    def move(self, moved: Moved) -> None:
        self._packed = moved.array(self._packed)

    def redo(self) -> None:
        if self._new is None:
            self._put(self._large)
        else:
            self._document.adopt((*self._document.edits[:-1], self._new))
            self._new = None

    def undo(self) -> None:
        self._put(self._small)

    def _put(self, room: Box) -> None:
        document = self._document
        *rest, layer = document.edits
        new = painted(document, layer, room, self._changes())
        document.write_edits((*rest, new), self._boxes)

    def _changes(self) -> list[Difference]:
        values = np.frombuffer(zlib.decompress(self._packed.tobytes()), np.uint8)
        ends = list(accumulate(4 * box.width * box.height for box in self._boxes))
        parts = np.split(values, ends[:-1])
        return [
            (box, part.reshape((*box.shape, 4)))
            for box, part in zip(self._boxes, parts, strict=True)
        ]


def painted(document: Document, layer: Edit, room: Box, changes: Sequence[Difference]) -> Edit:
    """A layer of one variant with a matte, changed, in another box.

    room: the new box; parts of the changed layer beyond it must be clear.
    """
    variant = layer.variant
    assert variant is not None
    assert variant.matte is not None
    around = layer.box.union(room)
    pixels = _in_room(variant.pixels, layer.box, around)
    matte = _in_room(variant.matte, layer.box, around)
    for box, differing in changes:
        part = box.relative_to(around).slices
        pixels[part][..., :3] ^= differing[..., :3]
        matte[part] ^= differing[..., 3]
    if pixels.shape[2] == 4 and around != layer.box:
        pixels[..., 3] = 255
    before = layer.before
    if room != layer.box:
        before = document.dry_pixels(room)
        for edit in reversed(document.edits[document.edits.index(layer) :]):
            edit.lift(before, room)
    own = room.relative_to(around).slices
    pixels, matte = np.ascontiguousarray(pixels[own]), np.ascontiguousarray(matte[own])
    return replace(
        layer,
        box=room,
        mask=matte > 0,
        before=before,
        variants=(Variant(pixels, variant.seed, matte),),
        chosen=0,
    )


def _in_room(array: Pixels, box: Box, room: Box) -> Pixels:
    """A new array of a larger box, zeros around what there is."""
    if box == room:
        return array.copy()
    wide = np.zeros((*room.shape, *array.shape[2:]), np.uint8)
    wide[box.relative_to(room).slices] = array
    return wide
