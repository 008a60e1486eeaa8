"""A list below the text that is being typed. It takes neither the focus nor a click elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QListWidgetItem, QWidget

from app.ui.widgets import configure

_WIDTH = 240


class Suggestions(QListWidget):
    """Nothing is selected until the artist asks for it with the arrow keys."""

    taken = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        configure(
            self,
            style="suggestions",
            name=self.tr("Suggestions"),
            tip=self.tr("Tab takes the first; Down and Up choose."),
        )
        self.itemClicked.connect(self._take)

    @property
    def chosen(self) -> str:
        """The selected one; empty while none is."""
        item = self.currentItem()
        return "" if item is None else item.text()

    def offer(self, words: Sequence[str], corner: QPoint) -> None:
        """Show these at a place of the screen; nothing where there are none."""
        self.clear()
        self.addItems(list(words))
        if not words:
            self.hide()
            return
        self.setCurrentRow(-1)
        height = sum(self.sizeHintForRow(row) for row in range(self.count()))
        self.setFixedSize(_WIDTH, height + 2 * self.contentsMargins().top())
        room = self.screen().availableGeometry()
        left = max(room.left(), min(corner.x(), room.right() - _WIDTH))
        self.move(left, corner.y())
        self.show()

    def step(self, by: int) -> None:
        """Select the next one, or, from the first upwards, none."""
        row = self.currentRow() + by
        self.setCurrentRow(min(max(row, -1), self.count() - 1))

    def take(self) -> None:
        """The selected one, or the first."""
        self._take(self.currentItem() or self.item(0))

    def _take(self, item: QListWidgetItem) -> None:
        self.hide()
        self.taken.emit(item.text())
