"""Copies what the journal is to write, in portions so small that the window does not notice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QRect

from app.document.document import Document
from app.document.rects import box_of, slices, tile_rect, tiles_of
from app.storage.formats.raster import planes_of
from app.storage.journal.recorder import Patch
from lazydiff_core.contract import RGB, Cover

_TILE = 256
_PORTION_BYTES = 8 * 2**20


class Dirt:
    """Where mask and sketch have changed: tiles, for the rectangle around a stroke is large."""

    def __init__(self) -> None:
        self._tiles: set[tuple[int, int]] = set()

    def add(self, rect: QRect) -> None:
        self._tiles.update(tiles_of(rect, _TILE))

    def clear(self) -> None:
        self._tiles.clear()

    def rects(self, canvas: QRect) -> Iterator[QRect]:
        """The changed tiles, as far as they lie on the canvas."""
        rects = (tile_rect(tile, _TILE, canvas) for tile in sorted(self._tiles))
        return (rect for rect in rects if not rect.isEmpty())


def patches_of(document: Document, dirt: Dirt) -> tuple[Patch, ...]:
    """Mask and sketch as they are now where they have changed."""
    found: list[Patch] = []
    for rect in dirt.rects(document.rect):
        box, part = box_of(rect), slices(rect)
        found.append(Patch("cover", box, planes_of(document.cover[part].copy())))
        if document.sketch is not None:
            found.append(Patch("sketch", box, document.sketch[part].copy()))
    return tuple(found)


class WholeCopy:
    """All of a document but its edits, copied a portion a time.

    The artist goes on meanwhile: tell it by `dirt` what of mask and sketch has changed since the
    beginning. Pixels change by edits only, and when these do, the copy of the pixels starts over.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._restart()

    def _restart(self) -> None:
        document = self._document
        self._edits, self._row = document.edits, 0
        self._base: RGB = np.empty_like(document.pixels)
        self._cover: Cover = np.empty_like(document.cover)
        sketch = document.sketch
        self._sketch = None if sketch is None else np.empty_like(sketch)

    def go_on(self) -> bool:
        """Copy another portion; True once there is none left."""
        document = self._document
        if document.edits is not self._edits:
            self._restart()
        bytes_a_row = document.size.width() * (4 if self._sketch is None else 8)
        rows = slice(self._row, self._row + max(_PORTION_BYTES // bytes_a_row, 1))
        self._base[rows] = document.pixels[rows]
        self._cover[rows] = document.cover[rows]
        if self._sketch is not None and document.sketch is not None:
            self._sketch[rows] = document.sketch[rows]
        self._row = rows.stop
        return self._row >= document.size.height()

    def finish(self, dirt: Dirt) -> tuple[RGB, tuple[Patch, ...]]:
        """What lies below all edits, and all of mask and sketch, as of now."""
        document = self._document
        for edit in reversed(self._edits):
            edit.lift(self._base)
        if self._sketch is None and document.sketch is not None:
            self._sketch = np.zeros_like(document.sketch)
        for rect in dirt.rects(document.rect):
            part = slices(rect)
            self._cover[part] = document.cover[part]
            if self._sketch is not None and document.sketch is not None:
                self._sketch[part] = document.sketch[part]
        return self._base, tuple(self._patches())

    def _patches(self) -> Iterator[Patch]:
        box = box_of(self._document.rect)
        yield Patch("cover", box, planes_of(self._cover))
        if self._sketch is not None:
            yield Patch("sketch", box, self._sketch)
