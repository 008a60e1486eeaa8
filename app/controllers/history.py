"""Undo and redo: one step back or forward in the history."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.canvas.view import CanvasView


class HistoryController(QObject):
    """A gesture under way counts as the latest step: undoing takes it back, redoing waits."""

    undo_named = Signal(str)  # what the menu calls the next step back
    redo_named = Signal(str)

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self._stack = view.document.undo_stack
        self._stack.undoTextChanged.connect(self._name_undo)
        self._stack.redoTextChanged.connect(self._name_redo)

    def undo(self) -> None:
        if not self._view.cancel_gesture():
            self._stack.undo()

    def redo(self) -> None:
        if not self._view.is_busy:
            self._stack.redo()

    def _name_undo(self, step: str) -> None:
        undo = self.tr("Undo")
        self.undo_named.emit(f"{undo} {step}".rstrip())

    def _name_redo(self, step: str) -> None:
        redo = self.tr("Redo")
        self.redo_named.emit(f"{redo} {step}".rstrip())
