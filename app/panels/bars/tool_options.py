"""The part of the bar at the top that follows the tool in hand: what it can be set to."""

from __future__ import annotations

from typing import get_args

from PySide6.QtCore import QObject, QSignalBlocker, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QLabel,
    QSlider,
    QSpinBox,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.canvas.brushes import LARGEST_BRUSH, Brush, Brushes
from app.canvas.choices import AreaChoices, Choices
from app.canvas.tools import TOOLS
from app.canvas.view import CanvasView
from app.document.mask_edit import Mode
from app.panels.bars.paint_options import ColourOptions, GradientOptions, bar_row, toggle
from app.panels.bars.transform_options import TransformOptions
from app.ui.dial import Dial
from app.ui.popup import Popup, popup_button
from app.ui.translation import QT_TRANSLATE_NOOP, translate
from app.ui.widgets import configure, labelled

_SLIDER_STEPS = 200
_MODES: dict[Mode, str] = {
    "replace": QT_TRANSLATE_NOOP("ToolOptions", "Replace the mask"),
    "add": QT_TRANSLATE_NOOP("ToolOptions", "Add to the mask (Shift)"),
    "subtract": QT_TRANSLATE_NOOP("ToolOptions", "Subtract from the mask (Alt)"),
    "intersect": QT_TRANSLATE_NOOP("ToolOptions", "Intersect with the mask (Shift+Alt)"),
}


class ToolOptions(QObject):
    """Controls of a bar, those that the tool has a use for; each overflows by itself."""

    def __init__(
        self, bar: QToolBar, view: CanvasView, choose_colour: QAction, on_layer: list[QAction]
    ) -> None:
        """on_layer: what the transform tool offers beside its fields."""
        super().__init__(bar)
        self.colour = ColourOptions(view.colours, choose_colour)
        self.transform = TransformOptions(view.placing, on_layer, bar)
        self.brush, self.area = BrushOptions(view.brushes, bar), AreaOptions(view.area_choices)
        self.gradient = GradientOptions(view.area_choices)
        self._colour = bar.addWidget(self.colour)
        self._of_brushes = [bar.addWidget(part) for part in self.brush.parts]
        self._of_areas = bar.addWidget(self.area)
        self._of_gradients = bar.addWidget(self.gradient)
        self._of_transform = [bar.addWidget(part) for part in self.transform.parts]
        view.tool_changed.connect(self._show_tool)
        self._show_tool(view.tool.name)

    def _show_tool(self, name: str) -> None:
        options = TOOLS[name].options
        self.area.show_parts(modes=options != "bucket", likeness=options in ("wand", "bucket"))
        for action in self._of_brushes:
            action.setVisible(options == "brush")
        self._of_areas.setVisible(options in ("area", "wand", "bucket"))
        self._of_gradients.setVisible(options == "gradient")
        self._colour.setVisible(TOOLS[name].is_coloured)
        for action in self._of_transform:
            action.setVisible(options == "transform")


class BrushOptions(QObject):
    """Size, hardness, opacity, and what the pen does."""

    def __init__(self, brushes: Brushes, bar: QToolBar) -> None:
        super().__init__(bar)
        self._hardness = _percent(
            self.tr("Hardness"), self.tr("Brush hardness: how sharp its edge is")
        )
        self._opacity = _percent(
            self.tr("Opacity"),
            self.tr("How strongly one stroke covers; of the mask, how much of a fill shows"),
        )
        self._opacity.setMinimum(1)
        pen = PenPopup(brushes, bar)
        self.parts: list[QWidget] = [
            BrushSize(brushes),
            _named(self.tr("Hardness"), self._hardness),
            _named(self.tr("Opacity"), self._opacity),
            popup_button("pen-size", self.tr("Pen"), self.tr("Pressure and smoothing"), pen),
        ]
        self._hardness.valueChanged.connect(lambda value: brushes.set(hardness=value))
        self._opacity.valueChanged.connect(lambda value: brushes.set(opacity=value))
        brushes.changed.connect(self._show)
        self._show(brushes.brush)

    def _show(self, brush: Brush) -> None:
        with QSignalBlocker(self._hardness), QSignalBlocker(self._opacity):
            self._hardness.setValue(brush.hardness)
            self._opacity.setValue(brush.opacity)


class BrushSize(QWidget):
    """Diameter of the brush: a slider that is fine where brushes are small, and a number."""

    def __init__(self, brushes: Brushes) -> None:
        super().__init__()
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setMaximum(_SLIDER_STEPS)
        self._slider.setFixedWidth(84)
        self._number = QSpinBox()
        self._number.setRange(1, LARGEST_BRUSH)
        self._number.setSuffix(" px")
        self._number.setFixedWidth(72)
        self._number.setKeyboardTracking(False)
        for control in (self._slider, self._number):
            tip = self.tr("Brush size, also Shift+drag, or Ctrl and the mouse wheel")
            configure(control, name=self.tr("Brush size"), tip=tip)
        row = bar_row(self)
        for widget in (_dim(self.tr("Size"), self._number), self._slider, self._number):
            row.addWidget(widget)
        self._slider.valueChanged.connect(lambda steps: brushes.set(size=_size_at(steps)))
        self._number.valueChanged.connect(lambda size: brushes.set(size=size))
        brushes.changed.connect(self._show)
        self._show(brushes.brush)

    def _show(self, brush: Brush) -> None:
        with QSignalBlocker(self._slider), QSignalBlocker(self._number):
            self._number.setValue(brush.size)
            self._slider.setValue(round(_SLIDER_STEPS * (brush.size / LARGEST_BRUSH) ** (1 / 3)))


class PenPopup(Popup):
    """What the pressure of a tablet's pen does, and how calm the line is."""

    def __init__(self, brushes: Brushes, parent: QWidget) -> None:
        super().__init__(parent)
        self._size = QCheckBox(self.tr("Pressure sets the size"))
        self._opacity = QCheckBox(self.tr("Pressure sets the opacity"))
        for box in (self._size, self._opacity):
            configure(box, name=box.text(), tip=self.tr("For the pen of a graphics tablet."))
        self._smoothing = Dial(self.tr("Smoothing"), 0, 90)
        self._smoothing.setToolTip(
            self.tr("Steadies the line, which then follows the pen with a delay.")
        )
        self._smoothing.setMinimumWidth(180)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addWidget(self._size)
        column.addWidget(self._opacity)
        column.addLayout(labelled({self.tr("Smoothing"): self._smoothing}))
        self._size.toggled.connect(lambda on: brushes.set(pen_size=int(on)))
        self._opacity.toggled.connect(lambda on: brushes.set(pen_opacity=int(on)))
        self._smoothing.changed.connect(lambda value: brushes.set(smoothing=round(value)))
        brushes.changed.connect(self._show)
        self._show(brushes.brush)

    def _show(self, brush: Brush) -> None:
        with QSignalBlocker(self._size), QSignalBlocker(self._opacity):
            self._size.setChecked(bool(brush.pen_size))
            self._opacity.setChecked(bool(brush.pen_opacity))
            self._smoothing.set_value(brush.smoothing)


class AreaOptions(QWidget):
    """What an area does to the mask, and for wand and bucket what counts as alike."""

    def __init__(self, choices: Choices) -> None:
        super().__init__()
        row = bar_row(self)
        self._modes: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        for mode in get_args(Mode):
            text = translate("ToolOptions", _MODES[mode])
            button = toggle(f"mode-{mode}", text)
            button.clicked.connect(lambda _, chosen=mode: choices.set(mode=chosen))
            group.addButton(button)
            self._modes[mode] = button
            row.addWidget(button)
        self._tolerance = QSpinBox()
        configure(
            self._tolerance,
            name=self.tr("Tolerance"),
            tip=self.tr("How far colors may differ from the one you click (0 to 255)"),
        )
        self._tolerance.setRange(0, 255)
        self._tolerance.setFixedWidth(56)
        self._contiguous = toggle("contiguous", self.tr("Contiguous areas only"))
        self._label = _dim(self.tr("Tolerance"), self._tolerance)
        for widget in (self._label, self._tolerance, self._contiguous):
            row.addWidget(widget)
        row.addStretch(1)
        self._tolerance.valueChanged.connect(lambda value: choices.set(tolerance=value))
        self._contiguous.toggled.connect(lambda on: choices.set(contiguous=on))
        choices.changed.connect(self._show)
        self._show(choices.value)

    def show_parts(self, *, modes: bool, likeness: bool) -> None:
        for button in self._modes.values():
            button.setVisible(modes)
        for widget in (self._label, self._tolerance, self._contiguous):
            widget.setVisible(likeness)

    def _show(self, choices: AreaChoices) -> None:
        self._modes[choices.mode].setChecked(True)
        self._tolerance.setValue(choices.tolerance)
        self._contiguous.setChecked(choices.contiguous)


def _size_at(steps: int) -> int:
    return max(1, round(LARGEST_BRUSH * (steps / _SLIDER_STEPS) ** 3))


def _named(text: str, control: QWidget) -> QWidget:
    """A control with its label, as one part of a bar."""
    part = QWidget()
    row = bar_row(part)
    row.addWidget(_dim(text, control))
    row.addWidget(control)
    return part


def _dim(text: str, buddy: QWidget) -> QLabel:
    label = configure(QLabel(text), style="dim")
    label.setBuddy(buddy)
    return label


def _percent(name: str, tip: str) -> QSpinBox:
    number = configure(QSpinBox(), name=name, tip=tip)
    number.setRange(0, 100)
    number.setSuffix(" %")
    number.setFixedWidth(62)
    number.setKeyboardTracking(False)
    return number
