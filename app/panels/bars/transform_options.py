"""Options of the transform tool: where the layer lies, in numbers, and what else it can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QToolButton, QWidget

from app.canvas.placing import Held, Placing
from app.ui.widgets import configure
from lazydiff_core.geometry.placement import Placement

_FAR = 99_999.0


class TransformOptions(QObject):
    """Fields for place, size and angle; buttons to mirror it and to blend its rim in again."""

    def __init__(self, placing: Placing, buttons: list[QAction], parent: QWidget) -> None:
        """buttons: one whose action has a text of its own for its button shows that."""
        super().__init__(parent)
        self._placing = placing
        self._x = self._field(self.tr("X"), self.tr("Left edge, in pixels"), self._move_x)
        self._y = self._field(self.tr("Y"), self.tr("Upper edge, in pixels"), self._move_y)
        self._width = self._field(self.tr("W"), self.tr("Width, in pixels"), self._widen)
        self._height = self._field(self.tr("H"), self.tr("Height, in pixels"), self._heighten)
        self._angle = self._field(self.tr("Angle"), self.tr("Degrees clockwise"), self._turn)
        for size in (self._width, self._height):
            size.setMinimum(1)
        self._angle.setRange(-180, 180)
        self._angle.setWrapping(True)
        self._angle.setDecimals(1)
        self._angle.setFixedWidth(72)
        self._angle.setSuffix("°")
        self.parts: list[QWidget] = [
            _row(QLabel(field.accessibleName()), field)
            for field in (self._x, self._y, self._width, self._height, self._angle)
        ]
        self.parts += [_button(action) for action in buttons]
        placing.changed.connect(self._show)
        self._show()

    def _field(
        self, name: str, tip: str, apply: Callable[[float], Placement | None]
    ) -> QDoubleSpinBox:
        field = configure(QDoubleSpinBox(), name=name, tip=tip)
        field.setRange(-_FAR, _FAR)
        field.setDecimals(0)
        field.setFixedWidth(64)
        field.setKeyboardTracking(False)

        def change(value: float) -> None:
            placement = apply(value)
            if placement is not None:
                self._placing.put(placement)
                self._show()

        field.valueChanged.connect(change)
        return field

    def _show(self) -> None:
        held = self._placing.held
        fields = (self._x, self._y, self._width, self._height, self._angle)
        for field in fields:
            field.setEnabled(held is not None)
        if held is None:
            return
        placement = self._placing.placement
        left, top = placement.corners(held.shape).min(axis=0)
        values = (
            *(left, top),
            *(abs(placement.scale_x) * held.shape[1], abs(placement.scale_y) * held.shape[0]),
            placement.angle,
        )
        for field, value in zip(fields, values, strict=True):
            with QSignalBlocker(field):
                field.setValue(float(value))

    def _held(self) -> tuple[Held, Placement] | None:
        held = self._placing.held
        return None if held is None else (held, self._placing.placement)

    def _move_x(self, x: float) -> Placement | None:
        found = self._held()
        if found is None:
            return None
        left = float(found[1].corners(found[0].shape)[:, 0].min())
        return found[1].moved(x - left, 0)

    def _move_y(self, y: float) -> Placement | None:
        found = self._held()
        if found is None:
            return None
        top = float(found[1].corners(found[0].shape)[:, 1].min())
        return found[1].moved(0, y - top)

    def _widen(self, width: float) -> Placement | None:
        found = self._held()
        if found is None:
            return None
        sign = -1 if found[1].scale_x < 0 else 1
        return replace(found[1], scale_x=sign * width / found[0].shape[1])

    def _heighten(self, height: float) -> Placement | None:
        found = self._held()
        if found is None:
            return None
        sign = -1 if found[1].scale_y < 0 else 1
        return replace(found[1], scale_y=sign * height / found[0].shape[0])

    def _turn(self, angle: float) -> Placement | None:
        found = self._held()
        return None if found is None else replace(found[1], angle=angle)


def _row(label: QLabel, field: QDoubleSpinBox) -> QWidget:
    part = QWidget()
    configure(label, style="dim").setBuddy(field)
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 0, 4, 0)
    row.setSpacing(6)
    row.addWidget(label)
    row.addWidget(field)
    return part


def _button(action: QAction) -> QToolButton:
    button = configure(QToolButton(), name=action.text())
    button.setDefaultAction(action)
    button.setIconSize(QSize(20, 20))

    def show_text() -> None:
        own = action.iconText() != action.text()
        style = Qt.ToolButtonStyle
        button.setToolButtonStyle(
            style.ToolButtonTextBesideIcon if own else style.ToolButtonIconOnly
        )

    action.changed.connect(show_text)
    return button
