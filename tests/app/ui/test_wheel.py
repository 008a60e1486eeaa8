from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QScrollBar,
    QWidget,
)

from app.ui.wheel import TURNED
from app.window import MainWindow


def turn(control: QWidget, by: int) -> None:
    event = QWheelEvent(
        QPointF(3, 3),
        control.mapToGlobal(QPointF(3, 3)),
        QPoint(),
        QPoint(0, 120 * by),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(control, event)


def value_of(control: Any) -> object:
    return control.currentIndex() if isinstance(control, QComboBox) else control.value()


def controls(window: MainWindow) -> list[QWidget]:
    """All that a wheel could change, wherever it is; scroll bars are there to be scrolled."""
    kinds = (QAbstractSpinBox, QComboBox, QAbstractSlider)
    assert set(kinds) == set(TURNED)
    found = [control for kind in kinds for control in window.findChildren(kind)]
    return [control for control in found if not isinstance(control, QScrollBar)]


def test_a_wheel_changes_nothing_that_has_not_the_focus(window: MainWindow) -> None:
    found = controls(window)
    assert len(found) > 8
    window.view.setFocus()
    for control in found:
        before = value_of(control)
        for by in (1, -2):
            turn(control, by)
            assert value_of(control) == before, control.accessibleName()
        assert not control.hasFocus()


@pytest.mark.parametrize("name", ["_variants", "_presets"])
def test_a_wheel_changes_what_was_clicked(window: MainWindow, name: str) -> None:
    control = getattr(window.panel.options, name)
    before = value_of(control)
    control.setFocus()
    turn(control, 1)
    assert value_of(control) != before
