"""Strokes that paint with the picture itself: cloned from another place, or smeared. Qt-free."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import numpy.typing as npt

from app.document.document import Document
from app.document.fillers import confined, product
from app.document.paint_edit import PaintEdit
from app.document.tiled_stroke import TILE
from lazydiff_core.contract import RGB, RGBA, Box, Cover, Mask, Pixels
from lazydiff_core.geometry.box import tiles
from lazydiff_core.geometry.pixels import cover_of, with_alpha
from lazydiff_core.geometry.resample import crop

_NO_COLOUR = (0, 0, 0)
_KEPT = 0.95  # of what a finger carries, at most: no smear is endless
Premultiplied = npt.NDArray[np.float32]  # (h, w, 4), 0..255


class CloneEdit(PaintEdit):
    """Paints the picture from before the stroke, as seen elsewhere, into a layer.

    by: how far to the right and down the source lies. target: as in `PaintEdit`.
    """

    def __init__(self, document: Document, by: tuple[int, int], target: UUID | None) -> None:
        super().__init__(document, _NO_COLOUR, target)
        self._by = by

    def paint(self, box: Box, shape: Mask | Cover, value: bool) -> None:
        """Clone under a (h, w) shape at `box`, where the source has anything."""
        if not box.is_empty:
            super().paint(box, product(cover_of(shape), self._source(box)[..., 3]), value)

    def _colour_in(self, box: Box) -> RGB:
        return self._source(box)[..., :3]

    def _source(self, box: Box) -> RGBA:
        """(h, w, 4): what is cloned into a box; clear beyond the canvas."""
        there = box.shift(*self._by)
        found = np.zeros((*box.shape, 4), np.uint8)
        common = there.intersection(self._canvas)
        if not common.is_empty:
            seen = self._document.dry_pixels(common)
            found[common.relative_to(there).slices] = with_alpha(seen)
        return found


class SmudgeEdit(PaintEdit):
    """Drags what is seen along, as a finger does wet paint.

    What it has touched is in the layer as it is seen then, together with what lies beneath: so a
    photograph can be smudged on a layer that is clear. target: as in `PaintEdit`.
    """

    def __init__(self, document: Document, target: UUID | None) -> None:
        super().__init__(document, _NO_COLOUR, target)
        self._finger: Premultiplied | None = None
        self._seen: dict[Box, RGBA] = {}

    def drag(self, box: Box, shape: Cover, strength: float) -> None:
        """Press the finger on a box, which may reach beyond the canvas; all are of one size.

        shape: (h, w) uint8, of the finger. strength: 0..1, how much of what it carries it leaves.
        """
        part = box.intersection(self._canvas)
        if part.is_empty:
            return
        seen = self._look(part)
        below = _premultiplied(crop(seen, box.shift(-part.left, -part.top)))
        if self._finger is None or self._finger.shape != below.shape:
            self._finger = below
            return
        rate = np.float32(min(strength, 1) * _KEPT)
        self._finger += (below - self._finger) * (1 - rate)
        inside = part.relative_to(box).slices
        cover = confined(self._document, part, np.ascontiguousarray(shape[inside]))
        share = cover.astype(np.float32)[..., None] * (rate / np.float32(255))
        mixed = below[inside] + (self._finger[inside] - below[inside]) * share
        self._put(part, np.where(cover[..., None] > 0, _straight(mixed), seen), cover > 0)

    def _look(self, part: Box) -> RGBA:
        """A new array: what is seen in a part of the canvas, without the layers above."""
        found = np.empty((*part.shape, 4), np.uint8)
        for tile in tiles(part, TILE):
            place = tile.clip(self._canvas)
            if place not in self._seen:
                self._seen[place] = with_alpha(self._below(place)).copy()
            common = place.intersection(part)
            own = common.relative_to(place).slices
            found[common.relative_to(part).slices] = self._seen[place][own]
        return found

    def _below(self, place: Box) -> Pixels:
        canvas = self._document.dry_pixels(place)
        for edit in reversed(self._above):
            edit.lift(canvas, place)
        return canvas

    def _put(self, part: Box, pixels: RGBA, touched: Mask) -> None:
        for tile in tiles(part, TILE):
            place = tile.clip(self._canvas)
            common = place.intersection(part)
            own, inside = common.relative_to(part).slices, common.relative_to(place).slices
            self._seen[place][inside] = pixels[own]
            before = self.now(tile)[inside]
            self._write(tile, common, np.where(touched[own][..., None], pixels[own], before))

    def _start_over(self) -> None:
        """Drop the stroke: what it has smeared is not there any more."""
        self._document.dry()
        self._edits, self._layer, self._above = self._document.edits, None, ()
        self._now = {}


def _premultiplied(pixels: RGBA) -> Premultiplied:
    values = pixels.astype(np.float32)
    values[..., :3] *= values[..., 3:] * np.float32(1 / 255)
    return values


def _straight(values: Premultiplied) -> RGBA:
    found = values.copy()
    found[..., :3] *= np.float32(255) / np.maximum(values[..., 3:], np.float32(1e-3))
    return np.asarray(np.rint(found.clip(0, 255)), np.uint8)
