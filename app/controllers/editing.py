"""The commands of the Edit and Mask menus."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject

from app.canvas.view import CanvasView
from app.document.commands import replace_mask
from app.document.document import Document
from lazydiff_core.contract import Cover, Mask


class Editing(QObject):
    """Steps through the history and changes the mask as a whole.

    A gesture under way counts as the latest step: undoing takes it back, anything else waits
    until the pen is up.
    """

    def __init__(self, document: Document, view: CanvasView) -> None:
        super().__init__(view)
        self._document = document
        self._view = view

    def undo(self) -> None:
        if not self._view.cancel_gesture():
            self._document.undo_stack.undo()

    def redo(self) -> None:
        if not self._view.is_busy:
            self._document.undo_stack.redo()

    def select_all(self) -> None:
        self._replace(self.tr("Mask everything"), np.ones_like(self._document.mask))

    def clear_mask(self) -> None:
        self._replace(self.tr("Clear mask"), np.zeros_like(self._document.mask))

    def invert_mask(self) -> None:
        self._replace(self.tr("Invert mask"), ~self._document.cover)

    def _replace(self, text: str, mask: Mask | Cover) -> None:
        if not self._view.is_busy:
            replace_mask(self._document, text, mask)
