"""A number input with a slider, a text field and the mouse wheel."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QSlider, QWidget

from app.ui.widgets import configure


class Dial(QWidget):
    """A slider and a field that show one value, between `low` and `high` in steps of `step`.

    slider_low, slider_high: the ends of the slider, if it is to reach less far.
    suffix: the unit that the field shows after the number.

    A value that is set keeps all its digits until the artist changes it, even if the field shows
    fewer.
    """

    changed = Signal(float)
    pressed = Signal()  # a drag of the slider begins

    def __init__(
        self,
        name: str,
        low: float,
        high: float,
        *,
        step: float = 1.0,
        decimals: int = 0,
        slider_low: float | None = None,
        slider_high: float | None = None,
        suffix: str = "",
    ) -> None:
        super().__init__()
        self._step, self._decimals = step, decimals
        self._slider = configure(QSlider(Qt.Orientation.Horizontal), name=name)
        start = low if slider_low is None else slider_low
        end = high if slider_high is None else slider_high
        self._slider.setRange(round(start / step), round(end / step))
        self._field = configure(QDoubleSpinBox(), name=name)
        self._field.setDecimals(decimals)
        self._field.setRange(low, high)
        self._field.setSingleStep(step)
        self._field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._field.setKeyboardTracking(False)
        self._field.setSuffix(suffix)
        self._field.setFixedWidth(66 if suffix else 58)
        self._slider.valueChanged.connect(self._drag)
        self._slider.sliderPressed.connect(self.pressed)
        self._field.valueChanged.connect(self.set_value)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._slider, 1)
        row.addWidget(self._field)
        self.setFocusProxy(self._field)
        self._value = self._field.value()

    @property
    def value(self) -> float:
        return self._value

    def set_value(self, value: float) -> None:
        """Show a value; emits `changed` if it differs from the old one."""
        with QSignalBlocker(self._slider), QSignalBlocker(self._field):
            self._field.setValue(value)
            self._slider.setValue(round(value / self._step))
        inside = self._field.minimum() <= value <= self._field.maximum()
        new = value if inside else self._field.value()
        if new != self._value:
            self._value = new
            self.changed.emit(new)

    def _drag(self, steps: int) -> None:
        self.set_value(round(steps * self._step, self._decimals))
