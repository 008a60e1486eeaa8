"""How the mask is shown, and by how much it grows: the panel behind the button "Mask"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QColorDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.actions.menus import Actions
from app.canvas.layers import Layers
from app.canvas.mask_layers import MaskLook
from app.document.mask_shapes import MAX_PIXELS
from app.system.settings import SettingsStore
from app.ui.dial import Dial
from app.ui.popup import Popup
from app.ui.widgets import configure, labelled

_SWATCHES = ("#ff2d3c", "#ff9500", "#ffe500", "#22c55e", "#00b7ff", "#b14bff", "#000000", "#ffffff")
_SWATCH = 20


class MaskPopup(Popup):
    """Colour, opacity, style and polarity of the overlay; growing and feathering."""

    def __init__(
        self, layers: Layers, settings: SettingsStore, actions: Actions, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._layers = layers
        self._settings = settings
        self._colours = self._swatches()
        self._opacity = Dial(self.tr("Mask opacity"), 5, 100, step=5, suffix=" %")
        self._opacity.setToolTip(self.tr("How strongly the color covers the picture."))
        self._tint, self._hatch = self._pair(
            (self.tr("Tint"), self.tr("An even color")),
            (self.tr("Hatch"), self.tr("Stripes, which are seen on any picture")),
        )
        self._fill, self._rest = self._pair(
            (self.tr("What is filled"), self.tr("The color lies over what is to be generated")),
            (self.tr("What stays"), self.tr("The color lies over what is kept, as in film masks")),
        )
        self._lay_out(actions)
        self._opacity.changed.connect(lambda value: self._set(opacity=round(value)))
        self._tint.clicked.connect(lambda: self._set(style="tint"))
        self._hatch.clicked.connect(lambda: self._set(style="hatch"))
        self._fill.clicked.connect(lambda: self._set(rest=False))
        self._rest.clicked.connect(lambda: self._set(rest=True))
        self._show()

    def _lay_out(self, actions: Actions) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(10)
        column.addWidget(_heading(self.tr("How the mask is shown")))
        colours = QWidget()
        colours.setLayout(self._colour_row)
        rows = {
            self.tr("Color"): colours,
            self.tr("Opacity"): self._opacity,
            self.tr("Style"): _side_by_side(self._tint, self._hatch),
            self.tr("Covers"): _side_by_side(self._fill, self._rest),
        }
        column.addLayout(labelled(rows))
        column.addWidget(_heading(self.tr("Shape")))
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        by_grow = self._amount("grow_by", self.tr("Grow or shrink by"))
        by_feather = self._amount("feather_by", self.tr("Feather by"))
        for row, (number, names) in enumerate(
            ((by_grow, ("grow", "shrink")), (by_feather, ("feather",)))
        ):
            grid.addWidget(QLabel(number.accessibleName()), row, 0)
            grid.addWidget(number, row, 1)
            buttons = (_button(actions, name) for name in names)
            grid.addWidget(_side_by_side(*buttons), row, 2)
        column.addLayout(grid)

    def _swatches(self) -> dict[str, QPushButton]:
        self._colour_row = QHBoxLayout()
        self._colour_row.setContentsMargins(0, 0, 0, 0)
        self._colour_row.setSpacing(3)
        made = {}
        group = QButtonGroup(self)
        for colour in _SWATCHES:
            name = self.tr("Mask color {}").format(colour)
            button = configure(QPushButton(), style="swatch", name=name, tip=colour)
            button.setCheckable(True)
            button.setIcon(_swatch(colour))
            button.clicked.connect(lambda _, chosen=colour: self._set(colour=chosen))
            group.addButton(button)
            self._colour_row.addWidget(button)
            made[colour] = button
        other = configure(
            QPushButton("…"),
            style="swatch",
            name=self.tr("Other mask color"),
            tip=self.tr("Choose any color"),
        )
        other.clicked.connect(self._choose_other)
        self._colour_row.addWidget(other)
        self._group = group
        return made

    def _pair(self, *texts: tuple[str, str]) -> tuple[QPushButton, QPushButton]:
        group = QButtonGroup(self)
        made = []
        for text, tip in texts:
            button = configure(QPushButton(text), style="choice", name=text, tip=tip)
            button.setCheckable(True)
            group.addButton(button)
            made.append(button)
        return made[0], made[1]

    def _amount(self, setting: str, name: str) -> QSpinBox:
        number = configure(QSpinBox(), name=name, tip=self.tr("In pixels of the canvas"))
        number.setRange(1, MAX_PIXELS)
        number.setSuffix(" px")
        number.setFixedWidth(72)
        number.setValue(getattr(self._settings.value, setting))
        number.valueChanged.connect(lambda value: self._settings.update(**{setting: value}))
        return number

    def _choose_other(self) -> None:
        now = QColor(self._layers.mask_look.colour)
        colour = QColorDialog.getColor(now, self.parentWidget(), self.tr("Color of the mask"))
        if colour.isValid():
            self._set(colour=colour.name())

    def _set(self, **values: Any) -> None:
        self._layers.set_mask_look(replace(self._layers.mask_look, **values))
        self._show()

    def _show(self) -> None:
        look: MaskLook = self._layers.mask_look
        self._group.setExclusive(False)  # another colour than these is none of them
        for colour, button in self._colours.items():
            button.setChecked(colour == look.colour)
        self._group.setExclusive(True)
        with QSignalBlocker(self._opacity):
            self._opacity.set_value(look.opacity)
        (self._hatch if look.style == "hatch" else self._tint).setChecked(True)
        (self._rest if look.rest else self._fill).setChecked(True)


def _heading(text: str) -> QLabel:
    return configure(QLabel(text), style="heading")


def _side_by_side(*widgets: QWidget) -> QWidget:
    together = QWidget()
    row = QHBoxLayout(together)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    for widget in widgets:
        row.addWidget(widget, 1)
    return together


def _button(actions: Actions, name: str) -> QToolButton:
    button = configure(QToolButton(), style="secondary", name=actions[name].text())
    button.setDefaultAction(actions[name])
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return button


def _swatch(colour: str) -> QIcon:
    pixmap = QPixmap(_SWATCH, _SWATCH)
    pixmap.fill(QColor(colour))
    painter = QPainter(pixmap)
    painter.setPen(QColor(128, 128, 128))
    painter.drawRect(0, 0, _SWATCH - 1, _SWATCH - 1)
    painter.end()
    return QIcon(pixmap)
