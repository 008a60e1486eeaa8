"""The magnetic lasso: careless clicks around a disc."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.canvas.view import CanvasView
from app.document.document import Document
from lazydiff_core.contract import Mask
from tests.app.canvas.driving import ALT, LEFT, SHIFT, at, click

AROUND = ((250, 153), (347, 250), (250, 346), (153, 250))


@pytest.fixture
def disc(document: Document, view: CanvasView) -> Mask:
    """A red disc of radius 100 in the middle of the canvas; where it is."""
    pixels = np.full((512, 512, 3), 170, np.uint8)
    cv2.circle(pixels, (250, 250), 100, (200, 30, 30), cv2.FILLED)
    document.replace(pixels)
    view.camera.show_actual_size()
    view.set_tool("magnetic")
    return np.asarray(pixels[..., 0] == 200, np.bool_)


def likeness(found: Mask, wanted: Mask) -> float:
    return float((found & wanted).sum() / (found | wanted).sum())


@pytest.mark.parametrize("how", ["enter", "double click", "first anchor"])
def test_the_line_follows_the_edge_and_is_closed(
    view: CanvasView, document: Document, disc: Mask, how: str
) -> None:
    for place in AROUND:
        click(view, *place)
    if how == "enter":
        QTest.keyClick(view, Qt.Key.Key_Return)
    elif how == "double click":
        QTest.mouseDClick(view, LEFT, pos=at(view, *AROUND[-1]))
    else:
        click(view, 252, 155)
    assert not view.is_busy
    assert likeness(document.mask, disc) > 0.97
    assert document.undo_stack.count() == 1


def test_hovering_shows_the_line_once_it_is_known(
    view: CanvasView, document: Document, disc: Mask
) -> None:
    click(view, *AROUND[0])
    click(view, *AROUND[1])  # has waited for the first line; the second is asked for
    gesture = view.pointing.gesture
    assert gesture is not None
    fixed = len(gesture.trail)
    assert fixed > 100, "a quarter of the circle, pixel by pixel"
    QTest.mouseMove(view, at(view, *AROUND[2]))
    assert len(gesture.trail) > fixed
    assert not document.has_mask


def test_backspace_removes_anchors_one_by_one(
    view: CanvasView, document: Document, disc: Mask
) -> None:
    for place in (*AROUND[:2], (40, 40), (480, 60)):
        click(view, *place)
    for _ in range(2):
        QTest.keyClick(view, Qt.Key.Key_Backspace)
    for place in AROUND[2:]:
        click(view, *place)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert likeness(document.mask, disc) > 0.97
    click(view, 100, 100)
    QTest.keyClick(view, Qt.Key.Key_Backspace)
    assert not view.is_busy
    assert document.undo_stack.count() == 1


def test_escape_gives_it_up(view: CanvasView, document: Document, disc: Mask) -> None:
    for place in AROUND:
        click(view, *place)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not view.is_busy
    assert document.undo_stack.count() == 0


def test_keys_add_and_subtract(view: CanvasView, document: Document, disc: Mask) -> None:
    document.write_mask(document.box, ~disc)
    click(view, *AROUND[0], held=SHIFT)
    for place in AROUND[1:]:
        click(view, *place)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert document.mask.mean() > 0.99
    click(view, *AROUND[0], held=ALT)
    for place in AROUND[1:]:
        click(view, *place)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert likeness(document.mask, ~disc) > 0.97


def test_it_may_begin_beyond_the_canvas(view: CanvasView, document: Document, disc: Mask) -> None:
    for place in ((-30, -30), (540, -30), (-30, 540)):
        click(view, *place)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert document.mask[5, 5]
    assert not document.mask[-5, -5]
