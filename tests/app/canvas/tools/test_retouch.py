"""Clone stamp and smudge on the canvas."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.canvas.view import CanvasView
from app.document.document import Document
from app.document.layer_commands import show
from lazydiff_core.contract import RGB, Box
from tests.app.canvas.driving import ALT, click, drag
from tests.app.document.driving import square

SIDE = 400


def scene() -> RGB:
    """Noise at the left, blue at the right."""
    picture = np.random.default_rng(3).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    picture[:, 200:] = (30, 60, 200)
    return picture


@pytest.fixture
def view(view: CanvasView, document: Document) -> CanvasView:
    document.replace(scene())
    view.chosen_layer = lambda: document.edits[-1].id if document.edits else None
    return view


@pytest.fixture
def stamp(view: CanvasView) -> CanvasView:
    view.set_tool("clone")
    view.set_brush_size(21)
    return view


def test_the_stamp_paints_another_place_and_keeps_its_distance(
    stamp: CanvasView, document: Document
) -> None:
    click(stamp, 100, 100, ALT)
    drag(stamp, (300, 100), (340, 100))
    np.testing.assert_array_equal(document.pixels[95:105, 300:340], scene()[95:105, 100:140])
    drag(stamp, (300, 200), (340, 200))
    np.testing.assert_array_equal(document.pixels[195:205, 300:340], scene()[195:205, 100:140])
    (layer,) = document.edits
    assert layer.recipe is None
    assert [document.undo_stack.text(k) for k in range(2)] == ["Clone", "Clone"]
    document.undo_stack.undo()
    document.undo_stack.undo()
    np.testing.assert_array_equal(document.pixels, scene())


def test_the_stamp_copies_what_was_there_before_its_stroke(
    stamp: CanvasView, document: Document
) -> None:
    click(stamp, 150, 100, ALT)
    drag(stamp, (160, 100), (250, 100))
    np.testing.assert_array_equal(document.pixels[95:105, 210:250], scene()[95:105, 200:240])


def test_the_first_press_says_where_the_stamp_copies_from(
    stamp: CanvasView, document: Document
) -> None:
    said: list[str] = []
    stamp.told.connect(said.append)
    drag(stamp, (100, 100), (110, 100))
    assert not document.edits
    assert "copies from here" in said[0]
    drag(stamp, (310, 100), (320, 100))
    np.testing.assert_array_equal(document.pixels[100, 310:320], scene()[100, 110:120])


def test_beyond_the_canvas_there_is_nothing_to_clone(stamp: CanvasView, document: Document) -> None:
    click(stamp, 10, 100, ALT)
    drag(stamp, (300, 100), (250, 100))
    expected = scene()
    np.testing.assert_array_equal(document.pixels[100, 295:305], expected[100, 5:15])
    np.testing.assert_array_equal(document.pixels[90:110, :280], expected[90:110, :280])


def test_a_mask_confines_the_stamp(stamp: CanvasView, document: Document) -> None:
    square(document, Box(300, 90, 320, 110))
    click(stamp, 100, 100, ALT)
    drag(stamp, (300, 100), (340, 100))
    np.testing.assert_array_equal(document.pixels[100, 300:320], scene()[100, 100:120])
    np.testing.assert_array_equal(document.pixels[100, 320:340], scene()[100, 320:340])


@pytest.mark.parametrize("tool", ["clone", "smudge"])
def test_beside_a_mask_it_is_said_why_nothing_happens(
    stamp: CanvasView, document: Document, tool: str
) -> None:
    click(stamp, 100, 100, ALT)
    square(document, Box(10, 10, 20, 20))
    stamp.set_tool(tool)
    said: list[str] = []
    stamp.told.connect(said.append)
    drag(stamp, (300, 300), (340, 300))
    assert not document.edits
    assert "The mask confines" in said[0]


@pytest.fixture
def finger(view: CanvasView, document: Document) -> CanvasView:
    picture = np.full((SIDE, SIDE, 3), 240, np.uint8)
    picture[:, 200:] = (30, 60, 200)
    document.replace(picture)
    view.set_tool("smudge")
    view.set_brush_size(40)
    return view


def test_smudging_drags_colours_along(finger: CanvasView, document: Document) -> None:
    before = document.pixels.copy()
    drag(finger, (240, 100), (150, 100))
    red = document.pixels[100, :, 0].astype(int)
    assert red[185] < 160, "blue came along"
    assert (np.diff(red[160:200]) <= 2).all(), "less and less of it"
    np.testing.assert_array_equal(document.pixels[:70], before[:70])
    assert document.undo_stack.text(0) == "Smudge"
    (layer,) = document.edits
    show(document, layer.id, False)
    np.testing.assert_array_equal(document.pixels, before)


def test_what_is_even_stays_even(finger: CanvasView, document: Document) -> None:
    before = document.pixels.copy()
    drag(finger, (0, 100), (150, 120))
    np.testing.assert_array_equal(document.pixels, before)


def test_a_second_stroke_goes_on_with_the_first(finger: CanvasView, document: Document) -> None:
    drag(finger, (240, 100), (170, 100))
    once = int(document.pixels[100, 165, 0])
    drag(finger, (195, 100), (150, 100))
    assert len(document.edits) == 1
    assert document.pixels[100, 165, 0] < once
    steps = document.undo_stack
    twice = document.pixels.copy()
    steps.undo()
    assert document.pixels[100, 165, 0] == once
    steps.redo()
    np.testing.assert_array_equal(document.pixels, twice)


def test_escape_takes_a_smear_back(finger: CanvasView, document: Document) -> None:
    before = document.pixels.copy()
    drag(finger, (240, 100), (150, 100), release=False)
    assert (document.pixels != before).any()
    QTest.keyClick(finger, Qt.Key.Key_Escape)
    np.testing.assert_array_equal(document.pixels, before)
    assert not document.edits


def test_transparency_is_smeared_as_well(finger: CanvasView, document: Document) -> None:
    picture = np.zeros((SIDE, SIDE, 4), np.uint8)
    picture[:, 200:] = (30, 60, 200, 255)
    document.replace(picture)
    drag(finger, (240, 100), (150, 100))
    half = document.pixels[100, 190]
    assert 0 < half[3] <= 255
    assert half[:3].astype(int) == pytest.approx([30, 60, 200], abs=2), "no black comes along"
    assert not document.pixels[100, 60].any()
