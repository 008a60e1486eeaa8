"""The picture being painted: pixels, mask, sketch, edits, file and history."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QUndoStack

from app.document.edit_stack import EditStack
from app.document.edits import Edit, fingerprint, union
from app.document.reshaping import Content
from app.document.source_file import SourceFile, Stamp
from lazydiff_core.contract import RGBA, Box, Cover, Mask, Pixels
from lazydiff_core.geometry.box import tiles
from lazydiff_core.geometry.pixels import cover_of

UNDO_STEPS = 1000  # a limit by count; app.document.undo_memory limits the bytes
_TILE = 128  # of what a gesture paints
Scalar = TypeVar("Scalar", np.uint8, np.bool_)


class Document(QObject):
    """The picture being edited. Only undo commands, and the gestures that end in one, change it.

    pixels: (H, W, 3) uint8, or (H, W, 4) with straight alpha: the base with all edits on it.
    mask:   (H, W) bool, True where `cover` is above 0.
    cover:  (H, W) uint8, how much of a fill shows: 1 to 255 inside the mask, 0 outside.
    sketch: (H, W, 4) uint8 straight-alpha RGBA; None until something is sketched.
    edits:  oldest first, as in `EditStack`.
    origin: fingerprint of the pixels without any edit.
    filled: the current mask is filled; the view then shows only its outline, so that the artist
            can judge the result.
    undone: a fill of the current mask was undone: it is shown as before, and is used up.
    asked:  the current mask is queued or being filled. Follows the queue and is not undoable.
    source: the file that the base was opened from, if it says more than the base.
    path:   the file that the picture is saved as; None = no file yet.
    stamp:  of that file when it was last read or written here; None = not known.
    backed_up: files whose state before this picture lies beside them as a backup.
    is_flat: that file holds the pixels, but not all that the picture is made of.
    """

    region_changed = Signal(object)  # Box of the pixels or the mask
    mask_changed = Signal()
    sketch_changed = Signal(object)  # Box
    edits_changed = Signal()
    replaced = Signal()  # another picture
    reshaped = Signal()  # the arrays are others: another picture, or the canvas has another shape
    path_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_STEPS)
        self.undo_stack.cleanChanged.connect(self._on_clean)
        self.source: SourceFile | None = None
        self.path: Path | None = None
        self.stamp: Stamp | None = None
        self.backed_up: frozenset[Path] = frozenset()
        self.is_flat = False
        self.filled = False
        self.undone = False
        self.asked = False
        self._pixels: Pixels = np.full((512, 512, 3), 255, np.uint8)
        self._mask: Mask = np.zeros((512, 512), np.bool_)
        self._cover: Cover = np.zeros((512, 512), np.uint8)
        self._inside = 0  # pixels in the mask
        self._sketch: RGBA | None = None  # made when first painted on: most pictures have none
        self._edits: tuple[Edit, ...] = ()
        self._wet: dict[Box, Pixels] = {}  # what the picture is where a gesture shows otherwise
        self._saved_edits: tuple[Edit, ...] = self._edits  # when the history was clean last
        self.origin = fingerprint(self._pixels)

    @property
    def pixels(self) -> Pixels:
        """A live, read-only view."""
        return _locked(self._pixels)

    @property
    def has_alpha(self) -> bool:
        """Whether the canvas can be transparent."""
        return bool(self._pixels.shape[2] == 4)

    @property
    def mask(self) -> Mask:
        """A live, read-only view."""
        return _locked(self._mask)

    @property
    def cover(self) -> Cover:
        """A live, read-only view."""
        return _locked(self._cover)

    @property
    def sketch(self) -> RGBA | None:
        """A live, read-only view; None until something is sketched."""
        return None if self._sketch is None else _locked(self._sketch)

    @property
    def edits(self) -> tuple[Edit, ...]:
        return self._edits

    @property
    def size(self) -> QSize:
        return QSize(self._mask.shape[1], self._mask.shape[0])

    @property
    def box(self) -> Box:
        """The whole canvas."""
        return Box.of(self._mask.shape)

    @property
    def has_mask(self) -> bool:
        return self._inside > 0

    @property
    def is_spent(self) -> bool:
        """The mask is filled or queued."""
        return self.filled or self.asked

    @property
    def starts_over(self) -> bool:
        """The mask is spent, or its fill was undone: the next stroke starts a new mask."""
        return self.is_spent or self.undone

    @property
    def has_sketch(self) -> bool:
        return self._sketch is not None and bool(self._sketch.view(np.uint32).any())

    @property
    def is_modified(self) -> bool:
        """Whether anything is not in the file at `path`."""
        return self.is_flat or not self.undo_stack.isClean()

    @property
    def lacks_in_flat_file(self) -> bool:
        """Whether a file of pixels alone would lack something that was made: edits, a sketch."""
        return bool(self._edits) or self.has_sketch

    @property
    def is_worth_saving(self) -> bool:
        """Whether closing the picture now would lose more than a mask on an untouched picture."""
        stack = self.undo_stack
        if self.is_flat or stack.isClean():
            return self.is_flat
        was_never_saved = stack.cleanIndex() < 0
        return was_never_saved or self.has_sketch or self._edits is not self._saved_edits

    @property
    def is_wet(self) -> bool:
        """Whether `pixels` show what a gesture paints and no edit has yet."""
        return bool(self._wet)

    def dry_pixels(self, part: Box | None = None) -> Pixels:
        """A copy of the pixels, or of those in `part`, without what a gesture paints."""
        part = part or self.box
        pixels = self._pixels[part.slices].copy()
        for tile, before in self._wet.items():
            common = tile.intersection(part)
            if not common.is_empty:
                own = common.relative_to(tile).slices
                pixels[common.relative_to(part).slices] = before[own]
        return pixels

    def stack(self) -> EditStack:
        """The picture as base and edits. Copies the pixels."""
        return EditStack.under(self.dry_pixels(), self._edits)

    def replace(self, pixels: Pixels, path: Path | None = None) -> None:
        """Show another picture, without edits, mask or history; `path` is its file, if any."""
        self.restore(EditStack(pixels), path=path)

    def restore(
        self,
        stack: EditStack,
        cover: Cover | None = None,
        sketch: RGBA | None = None,
        path: Path | None = None,
        *,
        filled: bool = False,
        source: SourceFile | None = None,
        stamp: Stamp | None = None,
    ) -> None:
        """Show the content of a project, with an empty history. Canvas-sized arrays are copied."""
        height, width = stack.base.shape[:2]
        self._wet.clear()
        self._pixels = stack.pixels()
        self._edits = stack.edits
        self.origin = fingerprint(stack.base)
        self._cover = np.zeros((height, width), np.uint8) if cover is None else cover.copy()
        self._mask = self._cover > 0
        self._inside = int(np.count_nonzero(self._mask))
        self._sketch = None if sketch is None else np.ascontiguousarray(sketch).copy()
        self.filled, self.undone = filled, False
        self.source, self.backed_up = source, frozenset()
        self.undo_stack.clear()
        self.reshaped.emit()
        self.replaced.emit()
        self.mask_changed.emit()
        self.edits_changed.emit()
        self.saved_as(path, stamp)

    def saved_as(
        self, path: Path | None, stamp: Stamp | None = None, *, is_flat: bool = False
    ) -> None:
        """Record that the file at `path` holds the current picture.

        is_flat: but for what a file of pixels lacks; the picture then counts as modified.
        """
        self.path, self.stamp = path, stamp
        self.is_flat = is_flat and self.lacks_in_flat_file
        self.undo_stack.setClean()
        self._saved_edits = self._edits
        self.path_changed.emit()

    def _on_clean(self, is_clean: bool) -> None:
        if is_clean:
            self._saved_edits = self._edits

    def write_edits(self, edits: tuple[Edit, ...], parts: Sequence[Box] = ()) -> None:
        """For commands only: replace the edits and update the pixels.

        parts: where alone the canvas changes, if that is known to be less than the changed edits.
        """
        self.dry()
        old, self._edits = self._edits, edits
        first = _alike(old, edits)
        last = _alike(old[first:][::-1], edits[first:][::-1])
        changed = (*old[first : len(old) - last], *edits[first : len(edits) - last])
        region = union(changed)
        for part in parts or ([] if region is None else [region]):
            canvas = self._pixels[part.slices]
            for edit in reversed(old[first:]):
                edit.lift(canvas, part)
            for edit in edits[first:]:
                edit.paint(canvas, part)
        for box in parts or dict.fromkeys(edit.box for edit in changed):
            self.region_changed.emit(box)
        self.edits_changed.emit()

    def adopt(self, edits: tuple[Edit, ...]) -> None:
        """For commands only: replace the edits by some that show what a gesture has painted."""
        self._wet.clear()
        self._edits = edits
        self.edits_changed.emit()

    def write_wet(self, box: Box, pixels: Pixels) -> None:
        """For gestures only: show (h, w, c) pixels in `box`, until the edits change, or `dry`."""
        for tile in tiles(box, _TILE):
            place = tile.clip(self.box)
            if place not in self._wet:
                self._wet[place] = self._pixels[place.slices].copy()
        self._pixels[box.slices] = pixels
        self.region_changed.emit(box)

    def dry(self) -> None:
        """Show what the edits are again, without what a gesture has painted."""
        wet, self._wet = self._wet, {}
        for tile, before in wet.items():
            self._pixels[tile.slices] = before
            self.region_changed.emit(tile)

    def content(self) -> Content:
        """What is shown, with the live arrays: copy what is to be kept."""
        self.dry()
        return Content(
            *(self._pixels, self._cover, self._sketch, self._edits),
            *(self.origin, self.source, self.filled),
        )

    def swap(self, content: Content) -> Content:
        """For commands only: show another content, whose arrays become the document's own.

        Returns what was shown, whose arrays are no longer the document's.
        """
        was = self.content()
        self._pixels, self._cover = _own(content.pixels), _own(content.cover)
        self._sketch = None if content.sketch is None else _own(content.sketch)
        self._edits, self.origin = content.edits, content.origin
        self.source, self.filled = content.source, content.filled
        self._mask = self._cover > 0
        self._inside = int(np.count_nonzero(self._mask))
        self.reshaped.emit()
        self.mask_changed.emit()
        self.edits_changed.emit()
        return was

    def write_mask(self, box: Box, values: Mask) -> None:
        """For commands and mask edits only: write (h, w) bool mask values into `box`."""
        self.write_cover(box, cover_of(values))

    def write_cover(self, box: Box, cover: Cover) -> None:
        """For commands and mask edits only: write (h, w) uint8 cover values into `box`."""
        place = box.slices
        inside = cover > 0
        self._inside += int(np.count_nonzero(inside)) - int(np.count_nonzero(self._mask[place]))
        self._cover[place], self._mask[place] = cover, inside
        self.region_changed.emit(box)

    def soft_cover(self, part: Box | None = None) -> Cover | None:
        """A copy of the cover, or of its `part`, for a request; None if all edges are hard."""
        cover = self._cover[(part or self.box).slices]
        soft = ((cover > 0) & (cover < 255)).any()
        return cover.copy() if soft else None

    def set_filled(self, filled: bool, *, undone: bool = False) -> None:
        """For commands and mask edits only: mark the mask as filled or as still to be filled."""
        self.filled, self.undone = filled, undone
        self.mask_changed.emit()

    def set_asked(self, asked: bool) -> None:
        """For the queue only: set whether the current mask is queued or being filled."""
        if asked != self.asked:
            self.asked = asked
            self.mask_changed.emit()

    def write_sketch(self, box: Box, values: RGBA) -> None:
        """For commands and sketch edits only: write (h, w, 4) sketch values into `box`."""
        if self._sketch is None:
            self._sketch = np.zeros((*self._mask.shape, 4), np.uint8)
        self._sketch[box.slices] = values
        self.sketch_changed.emit(box)


def _alike(first: tuple[Edit, ...], second: tuple[Edit, ...]) -> int:
    """The length of the beginning of two lists that paints the same."""
    pairs = enumerate(zip(first, second, strict=False))
    shorter = min(len(first), len(second))
    return next((k for k, (a, b) in pairs if not a.paints_like(b)), shorter)


def _own(array: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The array, or a copy of one that cannot be written on, such as one mapped from a file."""
    return array if array.flags.writeable else array.copy()


def _locked(array: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
    view = array.view()
    view.flags.writeable = False
    return view
