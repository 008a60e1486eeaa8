"""A number that can be dragged, typed or turned with the wheel."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QSlider, QWidget

from app.ui.widgets import configure


class Dial(QWidget):
    """A slider and a field that show one value, between `low` and `high` in steps of `step`."""

    changed = Signal(float)

    def __init__(
        self, name: str, low: float, high: float, *, step: float = 1.0, decimals: int = 0
    ) -> None:
        super().__init__()
        self._step = step
        self._slider = configure(QSlider(Qt.Orientation.Horizontal), name=name)
        self._slider.setRange(round(low / step), round(high / step))
        self._field = configure(QDoubleSpinBox(), name=name)
        self._field.setDecimals(decimals)
        self._field.setRange(low, high)
        self._field.setSingleStep(step)
        self._field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._field.setKeyboardTracking(False)
        self._field.setFixedWidth(58)
        self._slider.valueChanged.connect(lambda steps: self.set_value(steps * self._step))
        self._field.valueChanged.connect(self.set_value)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._slider, 1)
        row.addWidget(self._field)
        self.setFocusProxy(self._field)
        self._shown = self.value

    @property
    def value(self) -> float:
        return self._field.value()

    def set_value(self, value: float) -> None:
        """Show a value; `changed` tells if it was another one before."""
        with QSignalBlocker(self._slider), QSignalBlocker(self._field):
            self._field.setValue(value)
            self._slider.setValue(round(value / self._step))
        if self.value != self._shown:
            self._shown = self.value
            self.changed.emit(self._shown)
