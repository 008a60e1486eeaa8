"""Copies what the journal writes, in portions small enough to keep the app responsive."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.document.document import Document
from app.storage.formats.raster import planes_of
from app.storage.journal.recorder import Patch
from lazydiff_core.contract import Box, Cover, Pixels
from lazydiff_core.geometry.box import tiles

_TILE = 256
_PORTION_BYTES = 8 * 2**20


class Dirt:
    """The changed tiles of mask and sketch. Tiles, since the box around a stroke is large."""

    def __init__(self) -> None:
        self._tiles: set[Box] = set()

    def add(self, box: Box) -> None:
        self._tiles.update(tiles(box, _TILE))

    def clear(self) -> None:
        self._tiles.clear()

    def boxes(self, canvas: Box) -> Iterator[Box]:
        """The changed tiles, clipped to the canvas."""
        boxes = (tile.intersection(canvas) for tile in sorted(self._tiles))
        return (box for box in boxes if not box.is_empty)


def patches_of(document: Document, dirt: Dirt) -> tuple[Patch, ...]:
    """Copies of the changed parts of mask and sketch."""
    found: list[Patch] = []
    for box in dirt.boxes(document.box):
        found.append(Patch("cover", box, planes_of(document.cover[box.slices].copy())))
        if document.sketch is not None:
            found.append(Patch("sketch", box, document.sketch[box.slices].copy()))
    return tuple(found)


class WholeCopy:
    """A copy of a document without its edits, made portion by portion.

    The artist keeps working meanwhile: `dirt` tells which parts of mask and sketch have changed
    since the copy began. Pixels change only with the edits; then their copy starts over.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._restart()

    def _restart(self) -> None:
        document = self._document
        self._edits, self._row = document.edits, 0
        self._base: Pixels = np.empty_like(document.pixels)
        self._cover: Cover = np.empty_like(document.cover)
        sketch = document.sketch
        self._sketch = None if sketch is None else np.empty_like(sketch)

    def go_on(self) -> bool:
        """Copy the next portion; returns True when all is copied."""
        document = self._document
        if document.edits is not self._edits:
            self._restart()
        bytes_a_pixel = self._base.shape[2] + (1 if self._sketch is None else 5)
        bytes_a_row = document.size.width() * bytes_a_pixel
        rows = slice(self._row, self._row + max(_PORTION_BYTES // bytes_a_row, 1))
        part = Box(0, rows.start, document.size.width(), rows.stop).intersection(document.box)
        self._base[rows] = document.dry_pixels(part)  # what a stroke shows is no picture yet
        self._cover[rows] = document.cover[rows]
        if self._sketch is not None and document.sketch is not None:
            self._sketch[rows] = document.sketch[rows]
        self._row = rows.stop
        return self._row >= document.size.height()

    def finish(self, dirt: Dirt) -> tuple[Pixels, tuple[Patch, ...]]:
        """The base below all edits, (H, W, c) uint8, and patches of the whole mask and sketch."""
        document = self._document
        for edit in reversed(self._edits):
            edit.lift(self._base)
        if self._sketch is None and document.sketch is not None:
            self._sketch = np.zeros_like(document.sketch)
        for box in dirt.boxes(document.box):
            part = box.slices
            self._cover[part] = document.cover[part]
            if self._sketch is not None and document.sketch is not None:
                self._sketch[part] = document.sketch[part]
        return self._base, tuple(self._patches())

    def _patches(self) -> Iterator[Patch]:
        box = self._document.box
        yield Patch("cover", box, planes_of(self._cover))
        if self._sketch is not None:
            yield Patch("sketch", box, self._sketch)
