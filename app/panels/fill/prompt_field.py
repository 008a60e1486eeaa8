"""The line that says what should appear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.panels.fill.completion import complete
from app.panels.fill.suggestions import Suggestions

_LINES, _FEWEST_LINES, _MAX_LINES = 3, 2, 8
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_UP_DOWN = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}


class PromptEdit(QPlainTextEdit):
    """Enter submits, alone or with Ctrl or Shift: a prompt has no line breaks.

    Up and Down, where there is no further line, go through what was asked for before. While words
    are typed that the model knows things by, those are offered; only Tab, or Enter after a choice
    with the arrow keys, takes one.
    """

    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(self.tr("What should appear here? e.g. a red mushroom"))
        self.setAccessibleName(self.tr("Prompt"))
        self.setToolTip(
            self.tr("What to paint into the mask. Leave empty to fill from the surroundings.")
        )
        self.setTabChangesFocus(True)
        self.setMaximumHeight(self._height_of(_MAX_LINES))
        self._concepts: Sequence[str] = ()
        self._past: Callable[[], Sequence[str]] = tuple
        self._place, self._draft = -1, ""  # which past prompt is shown, and what was typed before
        self._suggestions = Suggestions(self)
        self._suggestions.taken.connect(self._take)
        self.textChanged.connect(self._forget_place)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(super().sizeHint().width(), self._height_of(_LINES))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(super().minimumSizeHint().width(), self._height_of(_FEWEST_LINES))

    def _height_of(self, lines: int) -> int:
        frame = self.contentsMargins()
        chrome = frame.top() + frame.bottom() + 2 * int(self.document().documentMargin()) + 14
        return lines * self.fontMetrics().lineSpacing() + chrome

    @property
    def prompt(self) -> str:
        return " ".join(self.toPlainText().split())

    def forget_typing(self) -> None:
        """From here on undo is about the picture, until something else is typed."""
        self.document().clearUndoRedoStacks()

    def set_concepts(self, concepts: Sequence[str]) -> None:
        """What the loaded model knows, to complete words by."""
        self._concepts = concepts

    def set_past(self, past: Callable[[], Sequence[str]]) -> None:
        """Where to ask for earlier prompts, latest first."""
        self._past = past

    def use(self, prompt: str) -> None:
        """Put a prompt in the place of what is there, as if it had been typed."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(prompt)
        self.setTextCursor(cursor)

    def insert(self, word: str) -> None:
        """Write a word where the cursor is, parted from what is beside it."""
        cursor = self.textCursor()
        text, start, stop = self.toPlainText(), cursor.selectionStart(), cursor.selectionEnd()
        before = " " if start and not text[start - 1].isspace() else ""
        after = " " if stop < len(text) and not text[stop].isspace() else ""
        cursor.insertText(f"{before}{word}{after}")
        self.setTextCursor(cursor)

    # --- keys ------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            undo = event.matches(QKeySequence.StandardKey.Undo)
            redo = event.matches(QKeySequence.StandardKey.Redo)
            typing = self.document()
            if (undo and not typing.isUndoAvailable()) or (redo and not typing.isRedoAvailable()):
                event.ignore()
                return False
            if event.key() == Qt.Key.Key_Escape and self._suggestions.isVisible():
                event.accept()  # it closes the list, and ends nothing else
                return True
        # Tab would leave for the next control before it is pressed here.
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        return (pressed and self._answers(cast(QKeyEvent, event))) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in _ENTER:
            self._suggestions.hide()
            self.submitted.emit()
            return
        step = _UP_DOWN.get(Qt.Key(event.key()), 0)
        if step and not event.modifiers() and self._walk(step):
            return
        before = self.toPlainText()
        super().keyPressEvent(event)
        if self.toPlainText() == before:
            self._suggestions.hide()
        else:
            self._suggest()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self._suggestions.hide()
        super().focusOutEvent(event)

    def _answers(self, event: QKeyEvent) -> bool:
        """Whether the open list has a use for a key."""
        if not self._suggestions.isVisible() or event.modifiers():
            return False
        step = _UP_DOWN.get(Qt.Key(event.key()), 0)
        if step and (self._suggestions.chosen or step < 0):
            self._suggestions.step(-step)
        elif event.key() == Qt.Key.Key_Tab or (event.key() in _ENTER and self._suggestions.chosen):
            self._suggestions.take()
        elif event.key() == Qt.Key.Key_Escape:
            self._suggestions.hide()
        else:
            return False
        return True

    # --- past and future -------------------------------------------------------------------------

    def _walk(self, step: int) -> bool:
        """Go to the prompt before or after; False if the cursor has a line to go to instead."""
        past = self._past()
        place = self._place + step
        probe = QTextCursor(self.textCursor())
        up = step > 0
        towards = QTextCursor.MoveOperation.Up if up else QTextCursor.MoveOperation.Down
        if probe.movePosition(towards) or not -1 <= place < len(past):
            return False
        self._suggestions.hide()
        if self._place == -1:
            self._draft = self.toPlainText()
        self.use(self._draft if place == -1 else past[place])
        self._place = place
        return True

    def _forget_place(self) -> None:
        self._place = -1

    def _suggest(self) -> None:
        cursor = self.textCursor()
        text = self.toPlainText()
        at = cursor.position()
        if not self._concepts or (at < len(text) and not text[at].isspace()):
            self._suggestions.hide()
            return
        found = complete(text[:at], self._concepts)
        cursor.setPosition(found.start)
        where = self.cursorRect(cursor).bottomLeft() + QPoint(-4, 6)
        self._suggestions.offer(found.words, self.viewport().mapToGlobal(where))

    def _take(self, concept: str) -> None:
        cursor = self.textCursor()
        found = complete(self.toPlainText()[: cursor.position()], self._concepts)
        cursor.setPosition(found.start, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(concept)
        self.setTextCursor(cursor)
