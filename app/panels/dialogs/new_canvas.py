"""How large a new canvas is to be."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.ui.widgets import configure, labelled

_SHORTEST, _LONGEST = 16, 8192
_PRESETS = (
    (512, 512),
    (768, 512),
    (512, 768),
    (1024, 1024),
    (1536, 1024),
    (1920, 1080),
    (2048, 2048),
)


@dataclass(frozen=True)
class NewCanvas:
    """size: in pixels. is_clear: transparent instead of white."""

    size: QSize
    is_clear: bool = False


class NewCanvasDialog(QDialog):
    """Presets for the usual sizes, and two numbers for any other."""

    def __init__(self, now: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("New canvas"))
        self._preset = configure(
            QComboBox(), name=self.tr("Preset"), tip=self.tr("The usual sizes, width x height")
        )
        for width, height in _PRESETS:
            self._preset.addItem(f"{width} x {height}", QSize(width, height))
        self._preset.addItem(self.tr("Other"), None)
        limits = self.tr("In pixels, from {} to {}").format(_SHORTEST, _LONGEST)
        self._width = _side(self.tr("Width"), limits, now.width())
        self._height = _side(self.tr("Height"), limits, now.height())
        rows = {
            self.tr("Preset"): self._preset,
            self.tr("Width"): self._width,
            self.tr("Height"): self._height,
        }
        self._clear = configure(
            QCheckBox(self.tr("Transparent")),
            name=self.tr("Transparent"),
            tip=self.tr("Begin with nothing instead of white; fills are opaque on it"),
        )
        button = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(button.Ok | button.Cancel)
        buttons.button(button.Ok).setText(self.tr("Create"))
        buttons.button(button.Ok).setToolTip(self.tr("Begin with a canvas of this size"))
        buttons.button(button.Cancel).setToolTip(self.tr("Keep the current picture"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(18)
        column.addLayout(labelled(rows))
        column.addWidget(self._clear)
        column.addWidget(buttons)
        self._show_preset()
        self._preset.activated.connect(self._use_preset)
        self._width.valueChanged.connect(self._show_preset)
        self._height.valueChanged.connect(self._show_preset)

    def chosen(self) -> NewCanvas:
        return NewCanvas(self.chosen_size(), self._clear.isChecked())

    def chosen_size(self) -> QSize:
        return QSize(self._width.value(), self._height.value())

    def _use_preset(self) -> None:
        size = self._preset.currentData()
        if size is not None:
            self._width.setValue(size.width())
            self._height.setValue(size.height())

    def _show_preset(self) -> None:
        size = self.chosen_size()
        known = (size.width(), size.height()) in _PRESETS
        last = self._preset.count() - 1
        index = _PRESETS.index((size.width(), size.height())) if known else last
        self._preset.setCurrentIndex(index)


def _side(name: str, limits: str, value: int) -> QSpinBox:
    box = configure(QSpinBox(), style="stepper", name=name, tip=limits)
    box.setRange(_SHORTEST, _LONGEST)
    box.setValue(value)
    box.setSuffix(" px")
    return box
