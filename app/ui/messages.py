"""The one channel for errors and news to the artist: a line beside the canvas."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, TypeAlias

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAction, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.elided import ElidedLabel
from app.ui.icons import set_icon, tinted
from app.ui.popup import Popup
from app.ui.sentences import in_words
from app.ui.translation import translate
from app.ui.widgets import configure

_log = logging.getLogger(__name__)
_NEWS_MS = 6000
_WIDEST = 520  # points, of a message shown as a whole
Kind: TypeAlias = Literal["error", "news"]


@dataclass(frozen=True)
class Offer:
    """A remedy for the message: a button beside the text."""

    text: str
    act: Callable[[], object]


@dataclass(frozen=True)
class _Error:
    text: str
    offer: Offer | None
    lasting: bool


class Messages(QFrame):
    """Shows the latest message in one line, without interrupting and without covering anything.

    News disappear by themselves. An error stays until the artist dismisses it, another one comes or
    work goes on. Lasting errors stay, below later ones, until the artist dismisses them or the
    cause is fixed.
    """

    # A signal, since errors may come from any thread.
    faulted = Signal(str)
    shown = Signal(bool)  # whether there is a message

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        configure(self, style="message", name=self.tr("Message"))
        self._icon = QLabel()
        self._text = ElidedLabel()
        copy = QAction(self.tr("Copy text"), self._text)
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(self.text))
        self._text.addAction(copy)
        self._text.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._whole = configure(
            QToolButton(), name=self.tr("Show all"), tip=self.tr("Show the whole message")
        )
        self._whole.setText(self.tr("Show all"))
        self._whole.clicked.connect(self._show_whole)
        self._whole.hide()
        self._text.elided.connect(self._whole.setVisible)
        self._close = configure(
            QToolButton(), name=self.tr("Dismiss"), tip=self.tr("Dismiss (Esc)")
        )
        self._close.setIconSize(QSize(14, 14))
        set_icon(self._close, "close")
        self._close.clicked.connect(self.dismiss)
        self._errors: list[_Error] = []
        self._more = configure(QLabel(), style="dim", tip=self.tr("Dismiss this one to see them"))
        self._act = configure(
            QToolButton(), style="offer", name=self.tr("Help with it"), tip=self.tr("Do this now")
        )
        self._act.clicked.connect(self._take_offer)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 4, 0)
        row.setSpacing(8)
        for widget in (self._icon, self._text, self._whole, self._more, self._act, self._close):
            row.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_NEWS_MS)
        self._timer.timeout.connect(self._show_errors)
        self.faulted.connect(self.error)
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    @property
    def is_closable(self) -> bool:
        """Whether there is a message."""
        return not self.isHidden()

    def error(self, text: str, offer: Offer | None = None, *, lasting: bool = False) -> None:
        """Show an error: what happened, why, and what to do, ideally with an `offer` to click.

        lasting: the error is not about one step but remains true when work goes on.
        """
        kept = (error for error in self._errors if error.lasting or lasting)
        self._errors = [error for error in kept if error.text != text]
        self._errors.append(_Error(text, offer, lasting))
        self._show_errors()

    def news(self, text: str) -> None:
        """Show news for a moment."""
        self._show(text, "news")
        self._timer.start()

    def dismiss(self) -> None:
        """Remove the visible message."""
        if self._errors and not self._timer.isActive():
            self._errors.pop()
        self._show_errors()

    def settle(self) -> None:
        """Remove an error of an earlier step, as work goes on."""
        self._errors = [error for error in self._errors if error.lasting]
        self._show_errors()

    def withdraw(self, text: str) -> None:
        """Remove an error whose cause is fixed."""
        self._errors = [error for error in self._errors if error.text != text]
        if not self._timer.isActive():
            self._show_errors()

    def setVisible(self, visible: bool) -> None:  # noqa: N802
        was = self.is_closable
        super().setVisible(visible)
        if visible != was:
            self.shown.emit(visible)

    def _show_errors(self) -> None:
        self._timer.stop()
        if self._errors:
            self._show(self._errors[-1].text, "error", self._errors[-1].offer)
        else:
            self.hide()

    def _show_whole(self) -> None:
        popup = Popup(self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words = configure(QLabel(self.text), style="whole", name=self.text)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setWordWrap(True)
        words.setFixedWidth(min(_WIDEST, self.window().width()))
        QVBoxLayout(popup).addWidget(words)
        popup.open_below(self._whole)

    def _take_offer(self) -> None:
        offer = self._errors[-1].offer
        self.dismiss()
        if offer is not None:
            offer.act()

    def _show(self, text: str, kind: Kind, offer: Offer | None = None) -> None:
        more = len(self._errors) - 1 if kind == "error" else 0
        self._more.setText(self.tr("{} more").format(more))
        self._more.setVisible(more > 0)
        self._act.setVisible(offer is not None)
        if offer is not None:
            self._act.setText(offer.text)
            self._act.setAccessibleName(offer.text)
        error = kind == "error"
        role = QPalette.ColorRole.BrightText if error else QPalette.ColorRole.Accent
        colour = self.palette().color(role)
        self._icon.setPixmap(tinted("warning" if error else "info", colour, 16))
        self._text.say(in_words(text))
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self._text, QAccessible.Event.Alert))


def report_faults_to(messages: Messages) -> None:
    """Send uncaught exceptions to the log and, in one sentence, to the artist."""

    def report(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _log.critical("Unexpected fault", exc_info=(kind, error, trace))
        messages.faulted.emit(
            translate(
                "Messages", "An unexpected fault occurred ({}). Save your picture and go on."
            ).format(error or kind.__name__)
        )

    sys.excepthook = report
