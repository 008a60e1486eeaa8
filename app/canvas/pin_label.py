"""The label of a queued mask on the canvas: prompt, progress and a cancel button."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from app.ui.icons import set_icon
from app.ui.widgets import advance, configure
from lazydiff_core.contract import Progress

_WIDEST = 150  # view points: the largest width of the prompt
_BAR = 36
_GAP = 4  # to the mask and to other labels


class PinLabel(QFrame):
    """A small frame above its mask, no wider than its text."""

    cancelled = Signal(int)
    refreshed = Signal(int)

    def __init__(self, number: int, prompt: str, parent: QWidget) -> None:
        super().__init__(parent)
        configure(self, style="pin", name=self.tr("Pending mask: {}").format(prompt), tip=prompt)
        self._number = number
        words = QLabel()
        words.setText(words.fontMetrics().elidedText(prompt, Qt.TextElideMode.ElideRight, _WIDEST))
        self.bar = configure(QProgressBar(), name=self.tr("Progress"))
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(_BAR)
        self.refresh = _button(
            "refresh",
            self.tr("Refresh"),
            self.tr("The canvas around this mask has changed: use it as it is now."),
        )
        self.cancel = _button("close", self.tr("Cancel"), self.tr("Cancel this fill."))
        row = QHBoxLayout(self)
        row.setContentsMargins(7, 2, 2, 2)
        row.setSpacing(4)
        for widget in (words, self.bar, self.refresh, self.cancel):
            row.addWidget(widget)
        self.cancel.clicked.connect(lambda: self.cancelled.emit(self._number))
        self.refresh.clicked.connect(lambda: self.refreshed.emit(self._number))

    def show_state(self, *, running: bool, changed: bool, news: Progress | None) -> None:
        self.bar.setVisible(running)
        self.refresh.setVisible(changed)
        show_steps(self.bar, news)
        self.adjustSize()

    def place_above(self, rect: QRect, inside: QRect, taken: Iterable[QRect]) -> None:
        """Move above the left end of `rect`, but stay within `inside` and beside what is taken.

        Where all of that column is taken, it lies on others.
        """
        size = self.size()
        x = max(inside.left(), min(rect.left(), inside.right() - size.width()))
        lowest = inside.bottom() - size.height()
        wanted = max(inside.top(), min(rect.top() - size.height() - _GAP, lowest))
        blocks = [block.adjusted(0, -_GAP, 0, _GAP) for block in taken]
        ends = [y for b in blocks for y in (b.top() - size.height(), b.bottom() + 1)]
        for y in sorted([wanted, *ends], key=lambda y: abs(y - wanted)):
            place = QRect(QPoint(x, y), size)
            if inside.top() <= y <= lowest and not any(place.intersects(b) for b in blocks):
                self.move(place.topLeft())
                return
        self.move(x, wanted)


def show_steps(bar: QProgressBar, news: Progress | None) -> None:
    """Show how many steps are done; an empty bar before the first step."""
    counts = news is not None and news.stage == "denoise" and news.steps > 0
    done = news is not None and news.stage in ("decode", "blend")
    if news is not None and counts:
        advance(bar, news.step, news.steps)
    else:
        advance(bar, int(done), 1)


def _button(icon: str, name: str, tip: str) -> QToolButton:
    button = configure(QToolButton(), style="quiet", name=name, tip=tip)
    button.setIconSize(QSize(14, 14))
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # keyboard users have the queue panel
    button.setCursor(Qt.CursorShape.ArrowCursor)
    set_icon(button, icon)
    return button
