from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.brushes import Brush
from app.canvas.tools.brush import segment
from app.canvas.view import CanvasView
from app.document.document import Document
from lazydiff_core.contract import Box
from tests.app.canvas.driving import LEFT, NONE, SHIFT, at, drag, pen, tablet

CANVAS = Box(0, 0, 512, 512)


def width_at(document: Document, x: int) -> int:
    return int(np.count_nonzero(document.mask[:, x]))


def test_a_soft_brush_fades_and_a_second_stroke_is_the_same_again(
    view: CanvasView, document: Document
) -> None:
    view.brushes.set(size=80, hardness=25, opacity=60)
    drag(view, (200, 200), (300, 200))
    once = document.cover.copy()
    column = once[160:201, 250].astype(int)
    assert column[-1] == round(0.6 * 255)
    assert (np.diff(column) >= 0).all()
    assert len(set(column)) > 10
    drag(view, (200, 200), (300, 200))
    assert np.array_equal(document.cover, once)
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert not document.cover.any()


def test_a_soft_eraser_leaves_what_it_does_not_cover(view: CanvasView, document: Document) -> None:
    document.write_mask(CANVAS, np.ones((512, 512), np.bool_))
    view.set_tool("eraser")
    view.brushes.set(size=80, opacity=50)
    drag(view, (200, 200), (300, 200))
    assert document.cover[200, 250] in (127, 128)
    assert document.cover[300, 250] == 255


def test_the_pens_pressure_sets_the_size(view: CanvasView, document: Document) -> None:
    view.brushes.set(size=60)
    pen(view, (100, 200, 0.2), (200, 200, 0.2), (300, 200, 1.0), device=tablet())
    assert width_at(document, 150) == pytest.approx(12, abs=2)
    assert width_at(document, 300) == pytest.approx(60, abs=2)
    assert document.undo_stack.count() == 1


def test_the_pens_pressure_sets_the_opacity_if_asked(view: CanvasView, document: Document) -> None:
    view.brushes.set(size=60, pen_size=0, pen_opacity=1)
    pen(view, (100, 200, 0.4), (200, 200, 0.4), device=tablet())
    assert document.cover[200, 150] == pytest.approx(0.4 * 255, abs=1)
    assert width_at(document, 150) == pytest.approx(60, abs=2)


def test_a_mouse_presses_fully(view: CanvasView, document: Document) -> None:
    view.brushes.set(size=60, pen_size=1, pen_opacity=1)
    drag(view, (100, 200), (200, 200))
    assert document.cover[200, 150] == 255
    assert width_at(document, 150) == pytest.approx(60, abs=1)


def test_the_other_end_of_the_pen_erases(view: CanvasView, document: Document) -> None:
    document.write_mask(CANVAS, np.ones((512, 512), np.bool_))
    pen(view, (100, 200, 1.0), (200, 200, 1.0), device=tablet(eraser=True))
    assert not document.mask[200, 150]


def test_the_ring_is_hidden_while_the_pen_draws(view: CanvasView) -> None:
    device = tablet()
    QTest.mouseMove(view, at(view, 100, 100))
    assert view._marks.ring() is not None
    pen(view, (100, 100, 0.5), (120, 100, 0.5), device=device, release=False)
    assert view._marks.ring() is None
    pen(view, (120, 100, 0.5), device=device)
    assert view._marks.ring() is not None


def test_smoothing_calms_a_trembling_line_but_arrives(view: CanvasView, document: Document) -> None:
    def height(smoothing: int) -> int:
        document.write_mask(CANVAS, np.zeros((512, 512), np.bool_))
        view.brushes.set(size=12, smoothing=smoothing)
        tremble = [(100 + 4 * k, 200 + (6 if k % 2 else -6)) for k in range(40)]
        drag(view, *tremble)
        assert document.mask[194 + 6, 256] or document.mask[206, 256]
        return int(np.count_nonzero(document.mask[:, 180:220].any(axis=1)))

    assert height(80) < height(0) - 4


def test_shift_and_dragging_sizes_the_brush(view: CanvasView, document: Document) -> None:
    view.set_brush_size(20)
    drag(view, (200, 200), (210, 200), (230, 200), held=SHIFT, release=False)
    # The ring stays where the drag began, so that its size can be judged.
    assert view._marks.ring() == QPointF(at(view, 200, 200))
    QTest.mouseRelease(view, LEFT, NONE, at(view, 230, 200))
    assert view.brush_size == 20 + 2 * 30
    assert not document.has_mask


def test_each_tool_keeps_its_brush(view: CanvasView) -> None:
    view.set_brush_size(30)
    view.set_tool("eraser")
    view.set_brush_size(90)
    view.set_tool("brush")
    assert view.brush_size == 30
    view.set_tool("eraser")
    assert view.brush_size == 90


def test_a_stroke_does_not_depend_on_how_it_is_cut(document: Document) -> None:
    start, middle, end = QPointF(100, 100), QPointF(150, 130), QPointF(200, 160)
    for brush in (Brush(40), Brush(40, hardness=30), Brush(200, hardness=0, opacity=70)):
        whole, parts = np.zeros((512, 512), np.uint8), np.zeros((512, 512), np.uint8)
        for canvas, cuts in ((whole, [(start, end)]), (parts, [(start, middle), (middle, end)])):
            for a, b in cuts:
                box, shape = segment(brush, (a, 1.0), (b, 1.0), CANVAS)
                values = shape.view(np.uint8) * 255 if shape.dtype == np.bool_ else shape
                canvas[box.slices] = np.maximum(canvas[box.slices], values)
        difference = np.abs(whole.astype(int) - parts)
        # Hard edges may differ by a pixel where a segment's corner is rounded, soft ones hardly.
        assert np.count_nonzero(difference > 8) <= 12


def test_painting_works_while_the_event_loop_is_busy(view: CanvasView, document: Document) -> None:
    QTest.mousePress(view, LEFT, NONE, at(view, 100, 100))
    for x in range(100, 200, 5):
        QTest.mouseMove(view, at(view, x, 100))
    QApplication.processEvents()
    QTest.mouseRelease(view, LEFT, NONE, at(view, 195, 100))
    assert document.mask[100, 100:195].all()
