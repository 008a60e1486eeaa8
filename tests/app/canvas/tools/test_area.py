from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from app.canvas.tools.gesture import Pointer
from app.canvas.view import CanvasView
from app.document.document import Document
from app.document.mask_edit import Mode
from lazydiff_core.contract import Box
from tests.app.canvas.driving import ALT, LEFT, NONE, SHIFT, at, click, drag

BOTH = SHIFT | ALT
SHAPES = ("rectangle", "ellipse", "lasso")


@pytest.fixture
def square(view: CanvasView, document: Document) -> Document:
    """A mask of 100 x 100 at (100, 100)."""
    document.write_mask(Box(100, 100, 200, 200), np.ones((100, 100), np.bool_))
    return document


def draw(view: CanvasView, held: Qt.KeyboardModifier = NONE) -> None:
    """Around the point (200, 150): half inside the square, half outside."""
    corners = [(160, 120), (240, 120), (240, 180), (160, 180)]
    drag(view, *(corners if view.tool.name == "lasso" else corners[::2]), held=held)


def inside_outside(document: Document) -> tuple[bool, bool, bool]:
    """What of the square, of both and of the drawn shape alone is in the mask."""
    mask = document.mask
    return bool(mask[150, 120]), bool(mask[150, 190]), bool(mask[150, 215])


@pytest.mark.parametrize("tool", SHAPES)
@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (SHIFT, (True, True, True)),
        (ALT, (True, False, False)),
        (BOTH, (False, True, False)),
    ],
)
def test_keys_add_subtract_and_intersect(
    view: CanvasView,
    square: Document,
    tool: str,
    held: Qt.KeyboardModifier,
    expected: tuple[bool, bool, bool],
) -> None:
    view.set_tool(tool)
    draw(view, held)
    assert inside_outside(square) == expected
    assert square.undo_stack.count() == 1
    square.undo_stack.undo()
    assert inside_outside(square) == (True, True, False)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("replace", (False, True, True)),
        ("add", (True, True, True)),
        ("subtract", (True, False, False)),
        ("intersect", (False, True, False)),
    ],
)
def test_without_keys_the_bar_decides(
    view: CanvasView, square: Document, mode: Mode, expected: tuple[bool, bool, bool]
) -> None:
    view.area_choices.set(mode=mode)
    view.set_tool("rectangle")
    draw(view)
    assert inside_outside(square) == expected


def test_an_ellipse_touches_the_sides_of_its_box(view: CanvasView, document: Document) -> None:
    view.set_tool("ellipse")
    drag(view, (100, 100), (200, 160))
    rows, columns = np.nonzero(document.mask)
    ends = [rows.min(), rows.max(), columns.min(), columns.max()]
    assert np.abs(np.array(ends) - [100, 159, 100, 199]).max() <= 1
    assert not document.mask[103, 103]
    assert document.mask.sum() == pytest.approx(np.pi * 50 * 30, rel=0.03)


def test_shift_and_alt_pressed_later_square_and_centre(
    view: CanvasView, document: Document
) -> None:
    view.set_tool("rectangle")
    QTest.mousePress(view, LEFT, NONE, at(view, 200, 200))
    QTest.mouseMove(view, at(view, 210, 205))
    gesture = view.pointing.gesture
    assert gesture is not None
    place = QPointF(240, 220)
    gesture.move(Pointer(place, view.to_view(place)))
    gesture.move(Pointer(place, view.to_view(place), shift=True, alt=True))
    QTest.mouseRelease(view, LEFT, NONE, at(view, 240, 220))
    rows, columns = np.nonzero(document.mask)
    assert (rows.min(), columns.min()) == (160, 160)
    assert (rows.max(), columns.max()) == (240, 240)


def test_a_polygon_goes_from_click_to_click_and_enter_closes_it(
    view: CanvasView, document: Document
) -> None:
    view.set_tool("polygon")
    for x, y in ((100, 100), (200, 100), (200, 200), (400, 400)):
        click(view, x, y)
    assert view.is_busy
    QTest.keyClick(view, Qt.Key.Key_Backspace)  # the last corner was a mistake
    QTest.mouseMove(view, at(view, 300, 20))
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert not view.is_busy
    assert document.mask[110, 190]
    assert not document.mask[190, 110]
    assert not document.mask[300, 300]
    assert document.mask.sum() == pytest.approx(100 * 100 / 2, rel=0.05)
    assert document.undo_stack.count() == 1


@pytest.mark.parametrize("how", ["first corner", "double click"])
def test_a_polygon_is_closed_by_clicks_too(view: CanvasView, document: Document, how: str) -> None:
    view.set_tool("polygon")
    for x, y in ((100, 100), (200, 100), (200, 200)):
        click(view, x, y)
    if how == "first corner":
        click(view, 103, 101)
    else:
        QTest.mouseDClick(view, LEFT, NONE, at(view, 200, 200))
    assert not view.is_busy
    assert document.mask[110, 190]


def test_a_polygon_is_given_up_by_escape_backspace_or_another_tool(
    view: CanvasView, document: Document
) -> None:
    view.set_tool("polygon")
    for leave in (
        lambda: QTest.keyClick(view, Qt.Key.Key_Escape),
        lambda: QTest.keyClick(view, Qt.Key.Key_Backspace),
        lambda: view.set_tool("polygon"),
    ):
        click(view, 100, 100)
        assert view.is_busy
        leave()
        assert not view.is_busy
    assert document.undo_stack.count() == 0


def test_replacing_by_a_click_clears_the_mask(view: CanvasView, square: Document) -> None:
    view.area_choices.set(mode="replace")
    view.set_tool("lasso")
    click(view, 300, 300)
    assert not square.has_mask


def test_areas_follow_the_canvas_when_it_is_turned_and_mirrored(
    view: CanvasView, document: Document
) -> None:
    view.camera.turn_to(90.0, view.middle)
    view.camera.mirror()
    view.set_tool("rectangle")
    drag(view, (100, 120), (200, 160))
    assert document.mask[120:160, 100:200].all()
    assert document.mask.sum() == pytest.approx(40 * 100, rel=0.1)
