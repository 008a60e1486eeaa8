"""Complaint 4: basic mask tools and the pen: eraser, lasso, clear, zoom, pressure, [ and ]."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from app.window import MainWindow
from tests.app.canvas.driving import CTRL, NONE, SHIFT, click, drag, pen, tablet, turn
from tests.app.doubles import action
from tests.app.driving import press

KEYS = Qt.Key


@pytest.fixture(autouse=True)
def on_canvas(window: MainWindow) -> None:
    window.view.setFocus()


@pytest.mark.parametrize(
    ("key", "held", "tool"),
    [
        (KEYS.Key_E, NONE, "eraser"),
        (KEYS.Key_M, NONE, "rectangle"),
        (KEYS.Key_M, SHIFT, "ellipse"),
        (KEYS.Key_L, NONE, "lasso"),
        (KEYS.Key_L, SHIFT, "polygon"),
        (KEYS.Key_W, NONE, "wand"),
        (KEYS.Key_H, NONE, "hand"),
        (KEYS.Key_Z, NONE, "zoom"),
    ],
)
def test_a_key_takes_each_tool_and_b_the_brush(
    window: MainWindow, key: Qt.Key, held: Qt.KeyboardModifier, tool: str
) -> None:
    press(window, key, held)
    assert window.view.tool.name == tool
    assert action(window, f"tool-{tool}").isChecked()
    press(window, KEYS.Key_B)
    assert window.view.tool.name == "brush"


def test_painting_erasing_lassoing_and_clearing_by_hand_and_keys(window: MainWindow) -> None:
    mask = window.document.mask
    drag(window.view, (100, 100), (300, 100))
    press(window, KEYS.Key_E)
    drag(window.view, (200, 60), (200, 140))
    assert not mask[100, 200]
    assert mask[100, 120]
    press(window, KEYS.Key_L)
    drag(window.view, (300, 300), (400, 300), (400, 400), (300, 400))
    assert mask[350, 350]
    press(window, KEYS.Key_D, CTRL)
    assert not window.document.has_mask
    for _ in range(4):
        press(window, KEYS.Key_Z, CTRL)
    assert not window.document.has_mask
    assert not window.document.undo_stack.canUndo()


def test_brackets_size_and_harden_the_brush(window: MainWindow) -> None:
    brushes = window.view.brushes
    size = brushes.brush.size
    press(window, KEYS.Key_BracketRight)
    assert brushes.brush.size > size
    press(window, KEYS.Key_BracketLeft)
    press(window, KEYS.Key_BracketLeft)
    assert brushes.brush.size < size
    press(window, KEYS.Key_BracketLeft, SHIFT)
    assert brushes.brush.hardness == 90
    press(window, KEYS.Key_BracketRight, SHIFT)
    assert brushes.brush.hardness == 100


def test_the_pen_presses(window: MainWindow) -> None:
    window.view.set_brush_size(80)
    pen(window.view, (100, 100, 0.1), (150, 100, 0.1), (300, 100, 1.0), device=tablet())
    columns = window.document.mask.sum(axis=0)
    assert columns[120] < 20
    assert columns[300] > 70


def test_zoom_and_turn_by_wheel_and_keys(window: MainWindow) -> None:
    view = window.view
    zoom = view.zoom
    turn(view, view.middle.toPoint(), 2)
    assert view.zoom > zoom
    press(window, KEYS.Key_0, CTRL)
    assert view.zoom == pytest.approx(zoom)
    angles = []
    for key in (KEYS.Key_4, KEYS.Key_6, KEYS.Key_6, KEYS.Key_5):
        press(window, key)
        angles.append(view.angle)
    assert angles == [-15, 0, 15, 0]
    press(window, KEYS.Key_H, SHIFT)
    assert view.transform.mirrored


def test_what_is_painted_is_under_the_pointer_whatever_the_view(window: MainWindow) -> None:
    view = window.view
    view.set_brush_size(9)
    view.camera.mirror()
    view.camera.turn_to(37.0, view.middle)
    view.zoom_to(3.0, view.middle)
    spot = view.transform.to_canvas(view.middle + QPointF(40, -30))
    click(view, spot.x(), spot.y())
    rows, columns = np.nonzero(window.document.mask)
    assert columns.mean() == pytest.approx(spot.x() - 0.5, abs=0.7)
    assert rows.mean() == pytest.approx(spot.y() - 0.5, abs=0.7)
