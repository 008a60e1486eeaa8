"""Undo and redo: one step back or forward in the history."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.canvas.view import CanvasView


class HistoryController(QObject):
    """A gesture under way counts as the latest step: undoing takes it back, redoing waits."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self._stack = view.document.undo_stack

    def undo(self) -> None:
        if not self._view.cancel_gesture():
            self._stack.undo()

    def redo(self) -> None:
        if not self._view.is_busy:
            self._stack.redo()
