"""The picture being painted: pixels, mask, file and history."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QRect, QSize, Signal
from PySide6.QtGui import QUndoStack

from app.rects import slices
from lazydiff_core.contract import RGB, Mask

UNDO_STEPS = 200
Scalar = TypeVar("Scalar", np.uint8, np.bool_)


class Document(QObject):
    """Pixels (H, W, 3) uint8 and mask (H, W) bool, changed only by commands and mask edits.

    `filled` says that the mask as it is has been filled: the view then shows its outline only, so
    that the result can be judged.
    """

    region_changed = Signal(QRect)
    mask_changed = Signal()
    replaced = Signal()
    path_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_STEPS)
        self.path: Path | None = None
        self.filled = False
        self._pixels: RGB = np.full((512, 512, 3), 255, np.uint8)
        self._mask: Mask = np.zeros((512, 512), np.bool_)

    @property
    def pixels(self) -> RGB:
        """A live, read-only view."""
        return _locked(self._pixels)

    @property
    def mask(self) -> Mask:
        """A live, read-only view."""
        return _locked(self._mask)

    @property
    def size(self) -> QSize:
        return QSize(self._mask.shape[1], self._mask.shape[0])

    @property
    def rect(self) -> QRect:
        return QRect(0, 0, self._mask.shape[1], self._mask.shape[0])

    @property
    def has_mask(self) -> bool:
        return bool(self._mask.any())

    @property
    def is_modified(self) -> bool:
        return not self.undo_stack.isClean()

    def replace(self, pixels: RGB, path: Path | None = None) -> None:
        """Start over with another picture, read from `path` if it has one."""
        self._pixels = np.ascontiguousarray(pixels)
        self._mask = np.zeros(pixels.shape[:2], np.bool_)
        self.filled = False
        self.undo_stack.clear()
        self.replaced.emit()
        self.mask_changed.emit()
        self.saved_as(path)

    def saved_as(self, path: Path | None) -> None:
        """The picture as it is now is what the file holds."""
        self.path = path
        self.undo_stack.setClean()
        self.path_changed.emit()

    def write_pixels(self, rect: QRect, patch: RGB) -> None:
        """For commands only: put a (h, w, 3) patch in place."""
        self._pixels[slices(rect)] = patch
        self.region_changed.emit(rect)

    def write_mask(self, rect: QRect, values: Mask) -> None:
        """For commands and mask edits only: put (h, w) mask values in place."""
        self._mask[slices(rect)] = values
        self.region_changed.emit(rect)

    def set_filled(self, filled: bool) -> None:
        """For commands and mask edits only: the mask is done with, or is to be filled."""
        self.filled = filled
        self.mask_changed.emit()


def _locked(array: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
    view = array.view()
    view.flags.writeable = False
    return view
