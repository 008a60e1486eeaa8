"""The one way errors and news reach the artist: a bar above the canvas that interrupts nothing."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, TypeAlias

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from app.icons import set_icon, tinted
from app.translation import translate
from app.widgets import dressed

_log = logging.getLogger(__name__)
_NEWS_MS = 6000
Kind: TypeAlias = Literal["error", "news"]


@dataclass(frozen=True)
class Offer:
    """What can be done about it: a button beside the text."""

    text: str
    act: Callable[[], object]


class Messages(QFrame):
    """Shows the latest message. News go by themselves, errors stay until they are dismissed."""

    # From any thread: a fault may be met anywhere.
    faulted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dressed(self, style="message")
        self._icon = QLabel()
        self._text = dressed(QLabel(), name=self.tr("Message"))
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._close = dressed(QToolButton(), name=self.tr("Dismiss"), tip=self.tr("Dismiss"))
        self._close.setIconSize(QSize(16, 16))
        set_icon(self._close, "close")
        self._close.clicked.connect(self.dismiss)
        self._offer: Offer | None = None
        self._act = dressed(QPushButton(), name=self.tr("Help with it"), tip=self.tr("Do this now"))
        self._act.clicked.connect(self._take_offer)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.setSpacing(10)
        for widget in (self._icon, self._text, self._act, self._close):
            row.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_NEWS_MS)
        self._timer.timeout.connect(self.dismiss)
        self.faulted.connect(self.error)
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def error(self, text: str, offer: Offer | None = None) -> None:
        """Something did not work: what happened and what to do, at best by one click."""
        self._timer.stop()
        self._show(text, "error", offer)

    def news(self, text: str) -> None:
        """Something worth knowing for a moment."""
        self._show(text, "news")
        self._timer.start()

    def dismiss(self) -> None:
        self._timer.stop()
        self.hide()

    def _take_offer(self) -> None:
        offer = self._offer
        self.dismiss()
        if offer is not None:
            offer.act()

    def _show(self, text: str, kind: Kind, offer: Offer | None = None) -> None:
        self._offer = offer
        self._act.setVisible(offer is not None)
        if offer is not None:
            self._act.setText(offer.text)
            self._act.setAccessibleName(offer.text)
        error = kind == "error"
        role = QPalette.ColorRole.BrightText if error else QPalette.ColorRole.Accent
        colour = self.palette().color(role)
        self._icon.setPixmap(tinted("warning" if error else "info", colour, 18))
        self._text.setText(text)
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()


def report_faults_to(messages: Messages) -> None:
    """Send exceptions that nobody caught to the log and, in one sentence, to the artist."""

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
