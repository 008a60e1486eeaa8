from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QNativeGestureEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.transform import LARGEST, SMALLEST
from app.canvas.view import LARGEST_BRUSH, CanvasView
from app.document.document import Document
from tests.app.canvas.driving import ALT, CTRL, LEFT, MIDDLE, NONE, at, drag, turn


def test_a_stroke_paints_the_mask_as_one_step(view: CanvasView, document: Document) -> None:
    drag(view, (100, 100), (150, 100), (200, 120))
    assert document.mask[100, 100]
    assert document.mask[100, 150]
    assert document.mask[110, 175]
    assert not document.mask[150, 150]
    assert document.undo_stack.count() == 1


def test_the_mask_is_painted_while_the_pen_is_down(view: CanvasView, document: Document) -> None:
    drag(view, (100, 100), (150, 100), release=False)
    assert document.mask[100, 130]
    assert view.is_busy
    QTest.mouseRelease(view, LEFT, NONE, at(view, 150, 100))
    assert not view.is_busy


def test_the_eraser_erases_and_alt_swaps_it_with_the_brush(
    view: CanvasView, document: Document
) -> None:
    drag(view, (100, 100), (200, 100))
    view.set_tool("eraser")
    drag(view, (120, 100), (130, 100))
    assert not document.mask[100, 125]
    drag(view, (120, 100), (130, 100), held=ALT)
    assert document.mask[100, 125]
    view.set_tool("brush")
    drag(view, (150, 100), (160, 100), held=ALT)
    assert not document.mask[100, 155]


def test_rectangles_add_and_alt_subtracts(view: CanvasView, document: Document) -> None:
    view.set_tool("rectangle")
    drag(view, (100, 100), (150, 120), (200, 180))
    drag(view, (300, 300), (320, 320))
    assert document.mask[100:180, 100:200].all()
    assert document.mask[310, 310]
    drag(view, (120, 120), (140, 140), held=ALT)
    assert not document.mask[130, 130]
    assert document.mask[110, 110]


def test_a_lasso_adds_its_inside(view: CanvasView, document: Document) -> None:
    view.set_tool("lasso")
    drag(view, (100, 100), (200, 100), (200, 200), (100, 200))
    assert document.mask[105:195, 105:195].all()
    assert not document.mask[:95].any()


@pytest.mark.parametrize("tool", ["rectangle", "lasso"])
def test_a_click_with_a_shape_tool_is_no_step(
    view: CanvasView, document: Document, tool: str
) -> None:
    view.set_tool(tool)
    QTest.mouseClick(view, LEFT, NONE, at(view, 50, 50))
    assert document.undo_stack.count() == 0


def test_escape_takes_a_gesture_back(view: CanvasView, document: Document) -> None:
    drag(view, (100, 100), (200, 100), release=False)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not document.has_mask
    assert document.undo_stack.count() == 0
    QTest.mouseRelease(view, LEFT, NONE, at(view, 200, 100))
    assert document.undo_stack.count() == 0


def test_painting_outside_the_canvas_is_harmless(view: CanvasView, document: Document) -> None:
    drag(view, (-100, -20), (-40, 600), (560, 560))
    view.set_tool("rectangle")
    drag(view, (-90, -30), (-10, -5))
    assert not document.mask[200:300, 200:300].any()


def test_the_wheel_zooms_at_the_pointer(view: CanvasView) -> None:
    where = QPoint(300, 220)
    before = view.transform.to_canvas(QPointF(where))
    turn(view, where, 3)
    assert view.zoom > 1.5
    after = view.transform.to_canvas(QPointF(where))
    assert (after - before).manhattanLength() < 0.01


def test_zoom_has_limits(view: CanvasView) -> None:
    for _ in range(4):
        turn(view, QPoint(400, 300), 20)
    assert view.zoom == LARGEST
    for _ in range(8):
        turn(view, QPoint(400, 300), -20)
    assert view.zoom == SMALLEST


def test_ctrl_and_wheel_size_the_brush(view: CanvasView) -> None:
    turn(view, QPoint(10, 10), 1, CTRL)
    assert view.brush_size == 23
    turn(view, QPoint(10, 10), -1, CTRL)
    assert view.brush_size == 20


def test_brush_size_always_moves_and_has_limits(view: CanvasView) -> None:
    view.set_brush_size(1)
    view.brushes.shrink()
    assert view.brush_size == 1
    view.brushes.grow()
    assert view.brush_size == 2
    view.set_brush_size(LARGEST_BRUSH)
    view.brushes.grow()
    assert view.brush_size == LARGEST_BRUSH


def test_the_middle_button_pans(view: CanvasView, document: Document) -> None:
    before = view.transform
    drag(view, (100, 100), (140, 130), button=MIDDLE)
    assert view.transform.dx == pytest.approx(before.dx + 40, abs=1)
    assert view.transform.dy == pytest.approx(before.dy + 30, abs=1)
    assert not document.has_mask


def test_space_makes_any_tool_the_hand(view: CanvasView, document: Document) -> None:
    view.setFocus()
    QTest.keyPress(view, Qt.Key.Key_Space)
    before = view.transform
    drag(view, (100, 100), (140, 130))
    QTest.keyRelease(view, Qt.Key.Key_Space)
    assert view.transform != before
    assert not document.has_mask
    drag(view, (100, 100), (140, 130))
    assert document.has_mask


def test_a_temporary_hand_ends_with_the_focus(view: CanvasView, document: Document) -> None:
    view.setFocus()
    QTest.keyPress(view, Qt.Key.Key_Space)
    QApplication.sendEvent(view, QFocusEvent(QEvent.Type.FocusOut))
    drag(view, (100, 100), (140, 130))
    assert document.has_mask


def test_fit_shows_everything_and_follows_the_window(view: CanvasView) -> None:
    view.camera.fit()
    assert view.zoom == pytest.approx((600 - 48) / 512)
    view.resize(400, 400)
    QApplication.processEvents()
    assert view.zoom == pytest.approx((400 - 48) / 512)


def test_a_canvas_that_was_fitted_is_so_in_a_window_of_another_size(view: CanvasView) -> None:
    view.camera.fit()
    fitted = view.camera.saved()
    view.camera.zoom_in()
    zoomed = view.camera.saved()
    view.resize(view.width() - 120, view.height() - 90)
    view.camera.restore(zoomed)
    assert view.camera.transform.scale == zoomed["zoom"]

    view.camera.restore(fitted)
    scale = view.camera.transform.scale
    assert scale < fitted["zoom"]
    view.camera.fit()
    assert view.camera.transform.scale == scale


def test_resizing_keeps_the_middle_in_the_middle(view: CanvasView) -> None:
    middle = view.transform.to_canvas(QPointF(400, 300))
    view.resize(600, 500)
    QApplication.processEvents()
    assert (view.transform.to_canvas(QPointF(300, 250)) - middle).manhattanLength() < 0.01


def test_the_hint_goes_with_the_first_stroke(view: CanvasView) -> None:
    def middle() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        image = view.grab().toImage()
        rows = np.frombuffer(image.constBits(), np.uint8)
        rows = rows.reshape(image.height(), image.bytesPerLine())
        part = rows[250:350, 4 * 200 : 4 * 600]
        return part.copy()

    assert (middle() != 255).any()
    drag(view, (10, 10), (12, 10))
    assert (middle() == 255).all()


def test_escape_is_the_windows_while_there_is_no_gesture(view: CanvasView) -> None:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, NONE)
    event.ignore()
    QApplication.sendEvent(view, event)
    assert not event.isAccepted()


def test_the_cursor_tells_the_tool(view: CanvasView) -> None:
    shapes = []
    for name in ("brush", "lasso", "hand"):
        view.set_tool(name)
        shapes.append(view.cursor().shape())
    assert shapes == [
        Qt.CursorShape.BlankCursor,
        Qt.CursorShape.CrossCursor,
        Qt.CursorShape.OpenHandCursor,
    ]


@pytest.mark.parametrize("by", ["sizing", "moving", "leaving"])
def test_the_ring_leaves_no_ring_behind(view: CanvasView, by: str) -> None:
    view.show_hint(False)
    QTest.mouseMove(view, QPoint(10, 10))
    view.grab()
    if by == "sizing":
        drag(view, (200, 200), (260, 200), (290, 200), held=Qt.KeyboardModifier.ShiftModifier)
    elif by == "moving":
        drag(view, (300, 300), button=Qt.MouseButton.RightButton)
    before = view._marks.ringed
    changed: list[QRect] = []
    view.update = lambda *rect: changed.extend(rect)  # type: ignore[method-assign]
    if by == "leaving":
        QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
        assert view._marks.ringed.isEmpty()
    else:
        QTest.mouseMove(view, QPoint(30, 500))
    assert before in changed


def pinched(view: CanvasView, kind: Qt.NativeGestureType, value: float, where: QPoint) -> None:
    at_view = QPointF(where)
    event = QNativeGestureEvent(
        *(kind, QPointingDevice.primaryPointingDevice(), 2),
        *(at_view, at_view, view.mapToGlobal(at_view), value, QPointF()),
    )
    QApplication.sendEvent(view, event)


def test_two_fingers_zoom_and_turn_around_them(view: CanvasView) -> None:
    where = QPoint(150, 120)
    zoom, under = view.zoom, view.transform.to_canvas(QPointF(where))
    pinched(view, Qt.NativeGestureType.ZoomNativeGesture, 0.5, where)
    assert view.zoom == pytest.approx(1.5 * zoom)
    pinched(view, Qt.NativeGestureType.RotateNativeGesture, 30, where)
    assert view.angle == pytest.approx(30)
    still = view.transform.to_canvas(QPointF(where))
    assert (still.x(), still.y()) == pytest.approx((under.x(), under.y()), abs=0.01)


def test_two_fingers_leave_a_stroke_alone(view: CanvasView) -> None:
    zoom = view.zoom
    drag(view, (100, 100), (150, 150), release=False)
    pinched(view, Qt.NativeGestureType.ZoomNativeGesture, 0.5, QPoint(150, 120))
    assert view.zoom == zoom
