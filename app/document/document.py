"""The picture being painted: pixels, mask, sketch, edits, file and history."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QUndoStack

from app.document.edits import Edit, EditStack, fingerprint
from lazydiff_core.contract import RGB, RGBA, Box, Cover, Mask
from lazydiff_core.geometry.pixels import cover_of

UNDO_STEPS = 1000  # by count; app.document.undo_memory looks after the bytes
Scalar = TypeVar("Scalar", np.uint8, np.bool_)


class Document(QObject):
    """Pixels (H, W, 3) uint8, mask (H, W) bool and sketch (H, W, 4) uint8 straight-alpha RGBA,
    changed only by commands and by the gestures that end in one.

    `edits` are what the pixels are made of, oldest first, as `EditStack` has them.
    The mask has soft edges: its cover, (H, W) uint8, says how much of a fill is to show, 1 to 255
    inside the mask and 0 outside.
    `origin` tells whether the pixels without all edits are still those it began with.
    `filled` says that the mask as it is has been filled: the view then shows its outline only, so
    that the result can be judged.
    `asked` says that the mask as it is waits to be filled, or is being filled. It is no part of the
    history: it follows from the queue.
    """

    region_changed = Signal(object)  # Box of the pixels or the mask
    mask_changed = Signal()
    sketch_changed = Signal(object)  # Box
    edits_changed = Signal()
    replaced = Signal()
    path_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_STEPS)
        self.path: Path | None = None
        self.filled = False
        self.asked = False
        self._pixels: RGB = np.full((512, 512, 3), 255, np.uint8)
        self._mask: Mask = np.zeros((512, 512), np.bool_)
        self._cover: Cover = np.zeros((512, 512), np.uint8)
        self._inside = 0  # pixels in the mask
        self._sketch: RGBA | None = None  # made when first painted on: most pictures have none
        self._edits: tuple[Edit, ...] = ()
        self.origin = fingerprint(self._pixels)

    @property
    def pixels(self) -> RGB:
        """A live, read-only view."""
        return _locked(self._pixels)

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
        """A live, read-only view; None where nothing was ever sketched."""
        return None if self._sketch is None else _locked(self._sketch)

    @property
    def edits(self) -> tuple[Edit, ...]:
        return self._edits

    @property
    def size(self) -> QSize:
        return QSize(self._mask.shape[1], self._mask.shape[0])

    @property
    def box(self) -> Box:
        """All of the canvas."""
        return Box.of(self._mask.shape)

    @property
    def has_mask(self) -> bool:
        return self._inside > 0

    @property
    def is_spent(self) -> bool:
        """The mask has been handed over: the next stroke begins another one."""
        return self.filled or self.asked

    @property
    def has_sketch(self) -> bool:
        return self._sketch is not None and bool(self._sketch.view(np.uint32).any())

    @property
    def is_modified(self) -> bool:
        return not self.undo_stack.isClean()

    def stack(self) -> EditStack:
        """The picture as base and edits; costs a copy of the pixels."""
        return EditStack.under(self._pixels, self._edits)

    def replace(self, pixels: RGB, path: Path | None = None) -> None:
        """Start over with another picture, read from `path` if it has one."""
        self.restore(EditStack(pixels), path=path)

    def restore(
        self,
        stack: EditStack,
        cover: Cover | None = None,
        sketch: RGBA | None = None,
        path: Path | None = None,
        *,
        filled: bool = False,
    ) -> None:
        """Start over with all that a project holds; arrays are the canvas's size, and copied."""
        height, width = stack.base.shape[:2]
        self._pixels = stack.pixels()
        self._edits = stack.edits
        self.origin = fingerprint(stack.base)
        self._cover = np.zeros((height, width), np.uint8) if cover is None else cover.copy()
        self._mask = self._cover > 0
        self._inside = int(np.count_nonzero(self._mask))
        self._sketch = None if sketch is None else np.ascontiguousarray(sketch).copy()
        self.filled = filled
        self.undo_stack.clear()
        self.replaced.emit()
        self.mask_changed.emit()
        self.edits_changed.emit()
        self.saved_as(path)

    def saved_as(self, path: Path | None) -> None:
        """The picture as it is now is what the file holds."""
        self.path = path
        self.undo_stack.setClean()
        self.path_changed.emit()

    def write_edits(self, edits: tuple[Edit, ...]) -> None:
        """For commands only: make the pixels what these edits show."""
        kept = _same_ends(self._edits, edits)
        gone, come = self._edits[kept:], edits[kept:]
        for edit in reversed(gone):
            edit.lift(self._pixels)
        for edit in come:
            edit.paint(self._pixels)
        self._edits = edits
        for box in dict.fromkeys(edit.box for edit in (*gone, *come)):
            self.region_changed.emit(box)
        self.edits_changed.emit()

    def write_mask(self, box: Box, values: Mask) -> None:
        """For commands and mask edits only: put (h, w) mask values, with hard edges, in place."""
        self.write_cover(box, cover_of(values))

    def write_cover(self, box: Box, cover: Cover) -> None:
        """For commands and mask edits only: put a (h, w) part of the cover in place."""
        place = box.slices
        inside = cover > 0
        self._inside += int(np.count_nonzero(inside)) - int(np.count_nonzero(self._mask[place]))
        self._cover[place], self._mask[place] = cover, inside
        self.region_changed.emit(box)

    def soft_cover(self, part: Box | None = None) -> Cover | None:
        """A copy of the cover, or a part of it, for a request; None if all edges are hard."""
        cover = self._cover[(part or self.box).slices]
        soft = ((cover > 0) & (cover < 255)).any()
        return cover.copy() if soft else None

    def set_filled(self, filled: bool) -> None:
        """For commands and mask edits only: the mask is done with, or is to be filled."""
        self.filled = filled
        self.mask_changed.emit()

    def set_asked(self, asked: bool) -> None:
        """For the queue only: the mask as it is is on its way."""
        if asked != self.asked:
            self.asked = asked
            self.mask_changed.emit()

    def write_sketch(self, box: Box, values: RGBA) -> None:
        """For commands and sketch edits only: put (h, w, 4) of a sketch in place."""
        if self._sketch is None:
            self._sketch = np.zeros((*self._mask.shape, 4), np.uint8)
        self._sketch[box.slices] = values
        self.sketch_changed.emit(box)


def _same_ends(first: tuple[Edit, ...], second: tuple[Edit, ...]) -> int:
    """How many edits two rows have in common before they differ."""
    pairs = zip(first, second, strict=False)
    return next((k for k, (a, b) in enumerate(pairs) if a is not b), min(len(first), len(second)))


def _locked(array: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
    view = array.view()
    view.flags.writeable = False
    return view
