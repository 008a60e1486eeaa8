"""Lets the mouse wheel scroll panels instead of changing controls without the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSlider, QAbstractSpinBox, QComboBox, QWidget

TURNED = (QAbstractSpinBox, QComboBox, QAbstractSlider)  # controls that a wheel changes


def tame_wheel(control: QWidget) -> None:
    """Pass wheel events to the parent of the control, unless the control has the focus."""
    if isinstance(control, TURNED):
        control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # a wheel gives no focus either
        control.installEventFilter(_Filter(control))


class _Filter(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Wheel:
            assert isinstance(watched, QWidget)
            if not watched.hasFocus():
                event.ignore()
                return True
        return False
