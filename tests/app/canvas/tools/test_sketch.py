from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from app.canvas.tools.gesture import Pointer
from app.canvas.tools.sketch import colour_at, picker, sketch_brush, sketch_eraser
from app.canvas.view import CanvasView
from app.document.document import Document

BLUE = (20, 40, 220)


@pytest.fixture
def view(qtbot: object, document: Document) -> CanvasView:
    made = CanvasView(document)
    made.set_tool("sketch")
    made.set_brush_size(20)
    made.colours.use(BLUE)
    return made


def at(x: float, y: float, *, alt: bool = False) -> Pointer:
    return Pointer(QPointF(x, y), QPointF(x, y), alt=alt)


def alpha(document: Document, x: int, y: int) -> int:
    return 0 if document.sketch is None else int(document.sketch[y, x, 3])


def test_a_stroke_has_smooth_edges_and_the_colour_in_use(
    document: Document, view: CanvasView
) -> None:
    stroke = sketch_brush(view, at(50.5, 50.5))
    stroke.move(at(90.5, 50.5))
    stroke.end()
    assert document.sketch is not None
    assert document.sketch[50, 70].tolist() == [*BLUE, 255]
    edge = {alpha(document, x, y) for x in range(60, 80) for y in (39, 40, 41)}
    assert any(0 < value < 255 for value in edge)
    assert BLUE in view.colours.recent


def test_a_cancelled_stroke_leaves_nothing(document: Document, view: CanvasView) -> None:
    stroke = sketch_brush(view, at(50, 50))
    stroke.move(at(90, 50))
    stroke.cancel()
    assert not document.has_sketch
    assert document.undo_stack.count() == 0


def test_the_eraser_paints_while_alt_is_held(document: Document, view: CanvasView) -> None:
    sketch_eraser(view, at(50, 50, alt=True)).end()
    assert alpha(document, 50, 50) == 255
    sketch_eraser(view, at(50, 50)).end()
    assert alpha(document, 50, 50) == 0


def test_the_picker_sees_what_the_artist_sees(document: Document, view: CanvasView) -> None:
    document.replace(np.full((100, 100, 3), (10, 200, 30), np.uint8))
    assert colour_at(document, QPointF(20.9, 20.1)) == (10, 200, 30)
    assert colour_at(document, QPointF(-0.5, 20)) is None
    sketch_brush(view, at(50, 50)).end()
    assert colour_at(document, QPointF(50, 50)) == BLUE


def test_picking_follows_the_pointer_and_can_be_cancelled(
    document: Document, view: CanvasView
) -> None:
    pixels = np.zeros((100, 100, 3), np.uint8)
    pixels[:, 50:] = (9, 8, 7)
    document.replace(pixels)
    gesture = picker(view, at(10, 10))
    assert view.colours.colour == (0, 0, 0)
    gesture.move(at(60, 10))
    gesture.move(at(600, 10))
    assert view.colours.colour == (9, 8, 7)
    gesture.cancel()
    assert view.colours.colour == BLUE


def test_nothing_is_picked_where_nothing_is_seen(document: Document, view: CanvasView) -> None:
    pixels = np.zeros((100, 100, 4), np.uint8)
    pixels[:, 50:] = (9, 8, 7, 100)
    document.replace(pixels)
    assert colour_at(document, QPointF(10, 10)) is None
    assert colour_at(document, QPointF(60, 10)) == (9, 8, 7)
    sketch_brush(view, at(10, 10)).end()
    assert colour_at(document, QPointF(10, 10)) == BLUE
