"""The wheel scrolls: it turns a control only once that has been chosen by a click."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSlider, QAbstractSpinBox, QComboBox, QWidget

TURNED = (QAbstractSpinBox, QComboBox, QAbstractSlider)  # what a wheel would change


def tame_wheel(control: QWidget) -> None:
    """Leave the wheel to what lies around the control, unless the control has the focus."""
    if isinstance(control, TURNED):
        control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # a wheel does not give it either
        control.installEventFilter(_Filter(control))


class _Filter(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Wheel:
            assert isinstance(watched, QWidget)
            if not watched.hasFocus():
                event.ignore()
                return True
        return False
