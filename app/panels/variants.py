"""The results of the last fill, side by side."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.widgets import dressed
from lazydiff_core.contract import RGB, EditResult

_THUMBNAIL = 54


class VariantStrip(QWidget):
    """A thumbnail a variant. Choosing one puts it on the canvas."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = dressed(QLabel(self.tr("Variants")), style="heading")
        self._note = dressed(QLabel(), style="dim")
        self._note.setWordWrap(True)
        self._list = dressed(
            QListWidget(), style="strip", name=self.tr("Variants of the last fill")
        )
        self._list.setViewMode(QListView.ViewMode.IconMode)
        self._list.setMovement(QListView.Movement.Static)
        self._list.setIconSize(QSize(_THUMBNAIL, _THUMBNAIL))
        self._list.setGridSize(QSize(_THUMBNAIL + 12, _THUMBNAIL + 12))
        self._list.setFixedHeight(_THUMBNAIL + 16)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._list.currentRowChanged.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading)
        column.addWidget(self._list)
        column.addWidget(self._note)
        self.clear()

    @property
    def count(self) -> int:
        return self._list.count()

    @property
    def current(self) -> int:
        """The variant on the canvas; -1 if there is none."""
        return self._list.currentRow()

    def clear(self) -> None:
        with QSignalBlocker(self._list):
            self._list.clear()
        self._list.hide()
        self._note.setText(self.tr("The results of a fill appear here, to choose from."))

    def show_result(self, result: EditResult) -> None:
        """Show the variants of a result, the first one being on the canvas."""
        with QSignalBlocker(self._list):
            self._list.clear()
            for patch, seed in zip(result.patches, result.seeds, strict=True):
                item = QListWidgetItem(_thumbnail(patch), "")
                item.setToolTip(self.tr("Seed {}").format(seed))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, self.tr("Seed {}").format(seed))
                self._list.addItem(item)
            self._list.setCurrentRow(0)
        self._list.show()
        several = len(result.patches) > 1
        self._note.setText(
            self.tr("Click one, or press Left and Right on the canvas.")
            if several
            else self.tr("Seed {}").format(result.seeds[0])
        )

    def show_current(self, number: int) -> None:
        """Mark the variant that is on the canvas; -1 for none."""
        with QSignalBlocker(self._list):
            self._list.setCurrentRow(number)

    def next(self) -> None:
        self._flip(1)

    def previous(self) -> None:
        self._flip(-1)

    def _flip(self, by: int) -> None:
        if self.count:
            self._list.setCurrentRow((self.current + by) % self.count)

    def _choose(self, row: int) -> None:
        if row >= 0:
            self.chosen.emit(row)


def _thumbnail(patch: RGB) -> QIcon:
    """A square of the middle of a patch."""
    height, width, _ = patch.shape
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    middle = patch[top : top + side, left : left + side].copy()
    image = QImage(middle.data, side, side, 3 * side, QImage.Format.Format_RGB888)
    smooth = Qt.TransformationMode.SmoothTransformation
    pixels = QPixmap.fromImage(image.scaled(2 * _THUMBNAIL, 2 * _THUMBNAIL, mode=smooth))
    icon = QIcon(pixels)
    icon.addPixmap(pixels, QIcon.Mode.Selected)  # or Qt would tint the chosen one
    return icon
