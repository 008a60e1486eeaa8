"""The queue at the side: what is being filled, what waits, in which order, and for how long."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.canvas.pin_label import show_steps
from app.engine.generation import Generation
from app.engine.timetable import FillRow
from app.panels.fill.layer_rows import prompt_of
from app.panels.fill.progress import seconds
from app.panels.thumbnails import as_icon, thumbnail
from app.ui.icons import set_icon
from app.ui.widgets import configure
from lazydiff_core.contract import Box, Pixels, Progress

_PICTURE = 40
_MARGIN = 0.25  # of the hole's side, shown around it
_WORDS = 130  # points
_RED = np.array((255, 45, 60, 255), np.uint8)


class QueuePanel(QWidget):
    """A row a pending fill."""

    shown = Signal(int)  # this row's place on the canvas is asked for
    counted = Signal(int)  # how many fills are pending now

    def __init__(self, generation: Generation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._generation = generation
        self.rows: dict[int, QueueRow] = {}
        self.summary = configure(QLabel(), style="dim")
        self.clear = _button("cancel-all", self.tr("Cancel all"))
        self.clear.clicked.connect(generation.cancel_fills)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.summary, 1)
        top.addWidget(self.clear)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addLayout(top)
        self._column.addStretch(1)
        generation.state_changed.connect(self._follow)
        generation.progressed.connect(self._tell)
        self._follow()

    def _follow(self) -> None:
        fills = self._generation.state.table.fills
        for number in self.rows.keys() - {row.id for row in fills}:
            gone = self.rows.pop(number)
            gone.hide()
            gone.deleteLater()
        for place, row in enumerate(fills):
            if row.id not in self.rows:
                self.rows[row.id] = self._make(row)
            self._column.removeWidget(self.rows[row.id])
            self._column.insertWidget(place + 1, self.rows[row.id])
        self.clear.setEnabled(bool(fills))
        self.counted.emit(len(fills))
        self._tell()

    def _make(self, row: FillRow) -> QueueRow:
        made = QueueRow(row)
        made.shown.connect(self.shown)
        made.first.clicked.connect(lambda: self._generation.to_front(row.id))
        made.refresh.clicked.connect(lambda: self._generation.refresh(row.id))
        made.cancel.clicked.connect(lambda: self._generation.cancel_fill(row.id))
        return made

    def _tell(self, _news: Progress | None = None) -> None:
        """States and times; the first of those that wait needs no way to the front."""
        table = self._generation.state.table
        fills, waiting = table.fills, table.waiting_fills
        for row in fills:
            left = self._generation.seconds_left(row.id)
            can_pass = not row.running and row is not waiting[0]
            self.rows[row.id].show_state(row, self._generation.news_of(row.id), left, can_pass)
        left = self._generation.seconds_left(fills[-1].id) if fills else None
        self.summary.setText(self._sum(len(fills), left))

    def _sum(self, count: int, left: float | None) -> str:
        if not count:
            return self.tr("The queue is empty.")
        words = self.tr("1 mask") if count == 1 else self.tr("{} masks").format(count)
        return words if left is None else self.tr("{} · about {}").format(words, seconds(left))


class QueueRow(QFrame):
    """Its place, its prompt, how far it is; a click shows it on the canvas, Delete cancels it."""

    shown = Signal(int)

    def __init__(self, row: FillRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = row.id
        prompt = row.name or prompt_of(row.request.settings)
        tip = self.tr("{}\nClick: show its place on the canvas. Delete: cancel it.").format(prompt)
        configure(self, style="pending", name=self.tr("Pending mask: {}").format(prompt), tip=tip)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._picture = configure(
            QToolButton(), style="quiet", name=self.tr("Show on the canvas"), tip=tip
        )
        self._picture.setIcon(as_icon(thumbnail(_place_of(row))))
        self._picture.setIconSize(QSize(_PICTURE, _PICTURE))
        self._picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._picture.clicked.connect(lambda: self.shown.emit(self._number))
        words = QLabel()
        shortened = words.fontMetrics().elidedText(prompt, Qt.TextElideMode.ElideRight, _WORDS)
        words.setText(shortened)
        self.state = configure(QLabel(), style="dim")
        self.bar = configure(QProgressBar(), name=self.tr("Progress"))
        self.bar.setTextVisible(False)
        self.first = _button("to-front", self.tr("To the front of the queue"))
        self.refresh = _button("refresh", self.tr("Refresh"))
        self.refresh.setToolTip(
            self.tr("The canvas around this mask has changed: use it as it is now.")
        )
        self.cancel = _button("close", self.tr("Cancel (Delete)"))
        # The panel's width is given: words are cut rather than that it grows.
        words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(words, 1)
        for button in (self.refresh, self.first, self.cancel):
            top.addWidget(button)
        middle = QVBoxLayout()
        middle.setSpacing(2)
        middle.addLayout(top)
        middle.addWidget(self.state)
        middle.addWidget(self.bar)
        line = QHBoxLayout(self)
        line.setContentsMargins(4, 3, 4, 6)
        line.setSpacing(4)
        line.addWidget(self._picture)
        line.addLayout(middle, 1)

    def show_state(
        self, row: FillRow, news: Progress | None, left: float | None, can_pass: bool
    ) -> None:
        """left: seconds until it will be there; None = not known yet."""
        self.bar.setVisible(row.running)
        self.first.setVisible(can_pass)
        self.refresh.setVisible(row.changed)
        show_steps(self.bar, news)
        words = self.tr("Filling") if row.running else self.tr("Waiting")
        if row.changed:
            words = self.tr("Context changed")
        if left is not None:
            words = self.tr("{} · {}").format(words, seconds(left))
        self.state.setText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """What its buttons do not take comes here."""
        if event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self.cancel.click()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._picture.setFocus()
        self.shown.emit(self._number)


def _place_of(row: FillRow) -> Pixels:
    """The canvas around a hole, what is to be filled in the mask's red."""
    side = round(max(row.box.width, row.box.height) * (1 + 2 * _MARGIN))
    box = row.box.centred((side, side)).clip(Box.of(row.request.mask.shape))
    pixels, hole = row.request.image[box.slices].copy(), row.request.mask[box.slices]
    pixels[hole] = pixels[hole] // 2 + _RED[: pixels.shape[2]] // 2
    return pixels


def _button(icon: str, name: str) -> QToolButton:
    button = configure(QToolButton(), style="quiet", name=name, tip=name)
    button.setIconSize(QSize(16, 16))
    set_icon(button, icon)
    return button
