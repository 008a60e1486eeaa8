"""Where the keyboard is: what Esc leaves, and where keys go once a fill has been asked for."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QWidget

from app.canvas.view import CanvasView
from app.panels.fill.prompt_field import PromptEdit
from app.panels.fill.variant_strip import Filmstrip
from app.ui.messages import Messages

_FIELDS = (PromptEdit, QLineEdit, QAbstractSpinBox, QComboBox, Filmstrip)


class Focus(QObject):
    """Esc ends one thing at a time: a notice, a gesture, the running fill.

    In a field it goes back to the canvas, and takes a notice away with it.

    Asking for a fill gives the keyboard to the canvas. Whoever waits there for the result finds it
    in the strip of variants once that is there; whoever paints on stays on the canvas.
    """

    def __init__(
        self, window: QWidget, view: CanvasView, film: Filmstrip, messages: Messages
    ) -> None:
        super().__init__(window)
        self._window, self._view, self._film, self._messages = window, view, film, messages
        self._waits = False
        view.pointing.changed.connect(self._on_hand)
        view.yields_escape_to(self._close_notice)
        film.space_held.connect(view.hold_space)

    def escape(self, *, only_asked: bool = False) -> bool:
        """Do what Esc does before it cancels anything; False if there is no such thing.

        only_asked: just say whether there is.
        """
        if isinstance(self._window.focusWidget(), _FIELDS):
            if not only_asked:
                self._view.setFocus()
                self._close_notice()
            return True
        if self._view.is_busy and only_asked:
            return False  # the view closes a notice first, and cancels the gesture then
        return self._messages.is_closable if only_asked else self._close_notice()

    def fill_asked(self) -> None:
        self._waits = True
        if not self._film.hasFocus():
            self._view.setFocus()

    def fill_landed(self) -> None:
        """The result is in the strip."""
        free = self._view.hasFocus() and not self._view.is_busy
        if self._waits and free and self._film.isVisible():
            self._film.setFocus()
        self._waits = False

    def _on_hand(self) -> None:
        if self._view.is_busy:
            self._waits = False

    def _close_notice(self) -> bool:
        if not self._messages.is_closable:
            return False
        self._messages.dismiss()
        return True


def is_escape(event: QKeyEvent) -> bool:
    """Whether Esc was pressed alone."""
    return event.key() == Qt.Key.Key_Escape and not event.modifiers()
