"""A small dialog whose values are seen on the canvas while they change."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from app.ui.dial import Dial
from app.ui.widgets import answers, configure, labelled

_REST_MS = 30
_FROM_EDGE = 24
_WIDTH = 220


class LiveDialog(QDialog):
    """Dials that are all 0 at first; `changed` is emitted when they have rested for a moment.

    It opens in the upper right corner of its window, so that the middle of the picture is seen.
    """

    changed = Signal()

    def __init__(self, title: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._timer.timeout.connect(self.changed)

    def lay_out(self, dials: Mapping[str, Dial], *others: QWidget) -> None:
        """Put dials with their names, other controls and the buttons below each other."""
        for dial in dials.values():
            dial.setMinimumWidth(_WIDTH)
            dial.changed.connect(self.wait)
        reset = configure(
            QPushButton(self.tr("Reset")), name=self.tr("Reset"), tip=self.tr("Set all to 0")
        )
        reset.setAutoDefault(False)
        accept = configure(QPushButton(self.tr("Apply")), tip=self.tr("Keep what is shown"))
        buttons = answers(self, accept, self.tr("Change nothing"))
        buttons.addButton(reset, buttons.ButtonRole.ResetRole)
        for dial in dials.values():
            reset.clicked.connect(partial(dial.set_value, 0))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(16)
        column.addLayout(labelled(dials))
        for widget in (*others, buttons):
            column.addWidget(widget)

    def wait(self) -> None:
        """Something has changed: emit `changed` in a moment."""
        self._timer.start()

    def accept(self) -> None:
        """Keep it; the last values are shown first, if they have not been yet."""
        if self._timer.isActive():
            self._timer.stop()
            self.changed.emit()
        super().accept()

    def reject(self) -> None:
        self._timer.stop()
        super().reject()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        parent = self.parentWidget()
        if parent is not None:
            place = parent.window().frameGeometry()
            right, top = place.right() - _FROM_EDGE, place.top() + 4 * _FROM_EDGE
            self.move(right - self.width(), top)
