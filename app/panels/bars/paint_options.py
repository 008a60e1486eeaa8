"""The parts of the top bar for what paints: colour, kind of gradient."""

from __future__ import annotations

from typing import get_args

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from app.canvas.choices import AreaChoices, Choices
from app.document.brush_colours import BrushColours
from app.document.fillers import Shape
from app.panels.fill.colour_swatches import ColourButton
from app.ui.icons import set_icon
from app.ui.translation import QT_TRANSLATE_NOOP, translate
from app.ui.widgets import configure

_WELL = 26
_SHAPES: dict[Shape, str] = {
    "linear": QT_TRANSLATE_NOOP("GradientOptions", "Linear: along the line"),
    "radial": QT_TRANSLATE_NOOP("GradientOptions", "Radial: around the start of the line"),
}


class ColourOptions(QWidget):
    """The colour in use, and the other one."""

    def __init__(self, colours: BrushColours, choose: QAction) -> None:
        super().__init__()
        self.well = configure(
            ColourButton(_WELL),
            name=self.tr("Color"),
            tip=self.tr("The color of sketch and paint: click to choose another."),
        )
        self.other = configure(
            ColourButton(_WELL - 6),
            name=self.tr("Other color"),
            tip=self.tr("The other color: click to use it."),
        )
        row = bar_row(self)
        for widget in (self.well, self.other):
            row.addWidget(widget)
        self._colours = colours
        self.well.clicked.connect(choose.trigger)
        self.other.clicked.connect(colours.swap)
        colours.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.well.show_colour(self._colours.colour)
        self.other.show_colour(self._colours.other)


class GradientOptions(QWidget):
    """Its shape, and what it ends in."""

    def __init__(self, choices: Choices) -> None:
        super().__init__()
        row = bar_row(self)
        self.shapes: dict[Shape, QToolButton] = {}
        group = QButtonGroup(self)
        for shape in get_args(Shape):
            button = toggle(f"gradient-{shape}", translate("GradientOptions", _SHAPES[shape]))
            button.clicked.connect(lambda _, chosen=shape: choices.set(gradient=chosen))
            group.addButton(button)
            self.shapes[shape] = button
            row.addWidget(button)
        self.fades = toggle("fades", self.tr("Fade to nothing instead of the other color"))
        self.fades.toggled.connect(lambda on: choices.set(fades=on))
        row.addWidget(self.fades)
        choices.changed.connect(self._show)
        self._show(choices.value)

    def _show(self, choices: AreaChoices) -> None:
        self.shapes[choices.gradient].setChecked(True)
        self.fades.setChecked(choices.fades)


def bar_row(widget: QWidget) -> QHBoxLayout:
    """A tight row for the controls of one part of a bar."""
    widget.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 4, 0)
    row.setSpacing(6)
    return row


def toggle(icon: str, text: str) -> QToolButton:
    button = configure(QToolButton(), name=text, tip=text)
    button.setCheckable(True)
    button.setIconSize(QSize(20, 20))
    set_icon(button, icon)
    return button
