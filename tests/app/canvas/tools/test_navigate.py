from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.transform import LARGEST
from app.canvas.view import CanvasView
from app.document.document import Document
from app.ui.rects import rect_of
from tests.app.canvas.driving import ALT, CTRL, LEFT, NONE, SHIFT, at, click, drag


def hold(view: CanvasView, *keys: Qt.Key) -> None:
    view.setFocus()
    for key in keys:
        QTest.keyPress(view, key)


def test_ctrl_and_space_zoom_about_where_the_drag_began(
    view: CanvasView, document: Document
) -> None:
    hold(view, Qt.Key.Key_Space)
    before = view.transform.to_view(QPointF(200, 200))
    drag(view, (200, 200), (260, 200), (290, 200), held=CTRL)
    assert view.zoom == pytest.approx(2, rel=0.01)
    assert (view.transform.to_view(QPointF(200, 200)) - before).manhattanLength() < 2
    assert not document.has_mask


def test_shift_and_space_turn_the_canvas(view: CanvasView, document: Document) -> None:
    hold(view, Qt.Key.Key_Space)
    right, below = view.middle + QPointF(200, 0), view.middle + QPointF(0, 200)
    QTest.mousePress(view, LEFT, SHIFT, right.toPoint())
    QTest.mouseMove(view, below.toPoint())
    QApplication.processEvents()
    QTest.mouseRelease(view, LEFT, SHIFT, below.toPoint())
    assert view.angle == pytest.approx(90, abs=0.5)
    assert not document.has_mask
    view.camera.turn_back()
    assert view.angle == 0


def test_what_a_key_lends_ends_with_the_focus(view: CanvasView, document: Document) -> None:
    hold(view, Qt.Key.Key_Space)
    drag(view, (200, 200), (240, 200), release=False)
    assert view.is_busy
    QApplication.sendEvent(view, QFocusEvent(QEvent.Type.FocusOut))
    assert not view.is_busy
    assert view.cursor().shape() == Qt.CursorShape.BlankCursor
    QTest.mouseRelease(view, LEFT, NONE, at(view, 240, 200))
    drag(view, (100, 100), (140, 130))
    assert document.has_mask


def test_a_stroke_goes_on_when_the_focus_is_lost(view: CanvasView, document: Document) -> None:
    drag(view, (100, 100), (140, 100), release=False)
    QApplication.sendEvent(view, QFocusEvent(QEvent.Type.FocusOut))
    assert view.is_busy
    QTest.mouseRelease(view, LEFT, NONE, at(view, 140, 100))
    assert document.undo_stack.count() == 1


def test_the_zoom_tool_steps_by_clicks(view: CanvasView) -> None:
    view.set_tool("zoom")
    click(view, 200, 200)
    assert view.zoom == 2
    click(view, 200, 200, held=ALT)
    assert view.zoom == 1


def test_escape_takes_turning_and_zooming_back(view: CanvasView) -> None:
    view.set_tool("zoom")
    drag(view, (200, 200), (290, 200), release=False)
    assert view.zoom > 1.5
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.zoom == 1


def test_turning_by_steps_mirroring_and_fitting(view: CanvasView, document: Document) -> None:
    view.camera.turn_right()
    view.camera.turn_right()
    assert view.angle == 30
    view.camera.turn_left()
    assert view.angle == 15
    view.camera.mirror()
    assert view.transform.mirrored
    assert view.angle == -15
    view.camera.fit()
    shown = view.transform.rect_to_view(rect_of(document.box))
    assert view.rect().contains(shown.toAlignedRect())
    assert shown.center().x() == pytest.approx(view.middle.x(), abs=1)
    view.camera.turn_back()
    assert view.transform.mirrored


def test_the_canvas_turned_is_zoomed_at_the_pointer(view: CanvasView) -> None:
    view.camera.turn_to(33.0, view.middle)
    anchor = QPointF(300, 200)
    kept = view.transform.to_canvas(anchor)
    view.zoom_to(LARGEST, anchor)
    assert (view.transform.to_canvas(anchor) - kept).manhattanLength() < 0.01
