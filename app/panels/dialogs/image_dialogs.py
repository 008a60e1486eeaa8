"""How large the picture or its canvas is to be, and where there is to be new room."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, QSize
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.translation import translate
from app.ui.widgets import configure, labelled
from lazydiff_core.contract import Box

_LONGEST = 30_000


@dataclass(frozen=True)
class Sides:
    """New pixels at each side; negative ones are cut off."""

    left: int = 0
    right: int = 0
    top: int = 0
    bottom: int = 0

    def around(self, canvas: Box) -> Box:
        """The canvas with these sides, in its own pixels."""
        return Box(
            canvas.left - self.left,
            canvas.top - self.top,
            canvas.right + self.right,
            canvas.bottom + self.bottom,
        )


class ImageSizeDialog(QDialog):
    """Width and height of the picture, in proportion unless that is not wanted."""

    def __init__(self, now: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Image size"))
        self._now = now
        self.width_box = _pixels(self.tr("Width"), 1, now.width())
        self.height_box = _pixels(self.tr("Height"), 1, now.height())
        self.keep = configure(
            QCheckBox(self.tr("Keep proportions")),
            name=self.tr("Keep proportions"),
            tip=self.tr("Width and height change together"),
        )
        self.keep.setChecked(True)
        rows = {self.tr("Width"): self.width_box, self.tr("Height"): self.height_box}
        column = _column(self)
        column.addLayout(labelled(rows))
        column.addWidget(self.keep)
        column.addWidget(_buttons(self, self.tr("Resize"), self.tr("Scale the whole picture")))
        self.width_box.valueChanged.connect(self._follow_width)
        self.height_box.valueChanged.connect(self._follow_height)

    def chosen(self) -> QSize:
        return QSize(self.width_box.value(), self.height_box.value())

    def _follow_width(self, width: int) -> None:
        if self.keep.isChecked():
            with QSignalBlocker(self.height_box):
                self.height_box.setValue(round(width * self._now.height() / self._now.width()))

    def _follow_height(self, height: int) -> None:
        if self.keep.isChecked():
            with QSignalBlocker(self.width_box):
                self.width_box.setValue(round(height * self._now.width() / self._now.height()))


class CanvasSizeDialog(QDialog):
    """Width and height of the canvas, and where the picture lies on it."""

    def __init__(self, now: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Canvas size"))
        self._now = now
        self.width_box = _pixels(self.tr("Width"), 1, now.width())
        self.height_box = _pixels(self.tr("Height"), 1, now.height())
        self.anchors = QButtonGroup(self)
        names = (
            *(self.tr("Top left"), self.tr("Top"), self.tr("Top right")),
            *(self.tr("Left"), self.tr("Center"), self.tr("Right")),
            *(self.tr("Bottom left"), self.tr("Bottom"), self.tr("Bottom right")),
        )
        grid = QGridLayout()
        grid.setSpacing(3)
        for place, name in enumerate(names):
            tip = self.tr("Where the picture lies on the canvas: {}").format(name)
            button = configure(QToolButton(), name=name, tip=tip)
            button.setCheckable(True)
            button.setText("•")
            self.anchors.addButton(button, place)
            grid.addWidget(button, place // 3, place % 3)
        self.anchors.button(4).setChecked(True)
        rows = {self.tr("Width"): self.width_box, self.tr("Height"): self.height_box}
        column = _column(self)
        column.addLayout(labelled(rows))
        column.addLayout(grid)
        tip = self.tr("Give the canvas this size; the picture is not scaled")
        column.addWidget(_buttons(self, self.tr("Resize canvas"), tip))

    def chosen(self) -> Sides:
        across = self.width_box.value() - self._now.width()
        down = self.height_box.value() - self._now.height()
        column, row = self.anchors.checkedId() % 3, self.anchors.checkedId() // 3
        left, top = across * column // 2, down * row // 2
        return Sides(left, across - left, top, down - top)


class ExtendDialog(QDialog):
    """How much new room there is to be at each side."""

    def __init__(self, now: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Extend and fill"))
        names = (self.tr("Left"), self.tr("Right"), self.tr("Top"), self.tr("Bottom"))
        self.boxes = [_pixels(name, 0, 0) for name in names]
        column = _column(self)
        column.addLayout(labelled(dict(zip(names, self.boxes, strict=True))))
        tip = self.tr("Fill the new room with what the prompt says, or continue the picture")
        column.addWidget(_buttons(self, self.tr("Extend"), tip))

    def chosen(self) -> Sides:
        return Sides(*(box.value() for box in self.boxes))


def _pixels(name: str, least: int, value: int) -> QSpinBox:
    box = configure(QSpinBox(), style="stepper", name=name, tip=name)
    box.setRange(least, _LONGEST)
    box.setValue(value)
    box.setSuffix(" px")
    return box


def _column(dialog: QDialog) -> QVBoxLayout:
    column = QVBoxLayout(dialog)
    column.setContentsMargins(20, 20, 20, 16)
    column.setSpacing(18)
    return column


def _buttons(dialog: QDialog, text: str, tip: str) -> QDialogButtonBox:
    button = QDialogButtonBox.StandardButton
    buttons = QDialogButtonBox(button.Ok | button.Cancel)
    buttons.button(button.Ok).setText(text)
    buttons.button(button.Ok).setToolTip(tip)
    buttons.button(button.Cancel).setToolTip(translate("ImageDialogs", "Change nothing"))
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    return buttons
