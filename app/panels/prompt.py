"""The line that says what should appear."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPlainTextEdit, QWidget

_LINES = 3
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PromptEdit(QPlainTextEdit):
    """Enter submits, alone or with Ctrl or Shift: a prompt has no line breaks."""

    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(self.tr("What should appear here? e.g. a red mushroom"))
        self.setAccessibleName(self.tr("Prompt"))
        self.setToolTip(self.tr("What to paint into the mask. Empty continues the surroundings."))
        self.setTabChangesFocus(True)
        frame = self.contentsMargins()
        chrome = frame.top() + frame.bottom() + 2 * int(self.document().documentMargin()) + 14
        self.setFixedHeight(_LINES * self.fontMetrics().lineSpacing() + chrome)

    @property
    def prompt(self) -> str:
        return " ".join(self.toPlainText().split())

    def forget_typing(self) -> None:
        """From here on undo is about the picture, until something else is typed."""
        self.document().clearUndoRedoStacks()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            undo = event.matches(QKeySequence.StandardKey.Undo)
            redo = event.matches(QKeySequence.StandardKey.Redo)
            typing = self.document()
            if (undo and not typing.isUndoAvailable()) or (redo and not typing.isRedoAvailable()):
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in _ENTER:
            self.submitted.emit()
        else:
            super().keyPressEvent(event)
