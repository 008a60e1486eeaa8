"""Bucket and gradient on the canvas."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from app.canvas.tools.gesture import Pointer
from app.canvas.view import CanvasView
from app.document.document import Document
from lazydiff_core.contract import Box
from tests.app.canvas.driving import click, drag

BLUE, GREEN = (10, 60, 250), (20, 200, 90)


@pytest.fixture
def blocks(document: Document, view: CanvasView) -> Document:
    """Two red squares on white; the current colour is blue, the other one green."""
    pixels = np.full((512, 512, 3), 255, np.uint8)
    pixels[100:200, 100:200] = pixels[300:350, 300:350] = (200, 30, 30)
    document.replace(pixels)
    view.camera.show_actual_size()
    view.colours.use(GREEN)
    view.colours.swap()
    view.colours.use(BLUE)
    return document


def filled(document: Document, colour: tuple[int, int, int] = BLUE) -> int:
    return int((document.pixels == colour).all(axis=2).sum())


def test_the_bucket_fills_what_is_alike(view: CanvasView, blocks: Document) -> None:
    view.set_tool("bucket")
    view.area_choices.set(tolerance=10)
    click(view, 150, 150)
    assert filled(blocks) == 100 * 100
    assert len(blocks.edits) == 1
    view.area_choices.set(contiguous=False)
    blocks.undo_stack.undo()
    click(view, 150, 150)
    assert filled(blocks) == 100 * 100 + 50 * 50
    assert not blocks.has_mask


def test_a_mask_confines_the_bucket_and_where_nothing_is_left_it_says_so(
    view: CanvasView, blocks: Document
) -> None:
    told: list[str] = []
    view.told.connect(told.append)
    view.set_tool("bucket")
    blocks.write_mask(Box(100, 100, 200, 130), np.ones((30, 100), np.bool_))
    click(view, 150, 150)
    assert filled(blocks) == 30 * 100
    click(view, 320, 320)
    assert len(blocks.edits) == 1
    assert len(told) == 1


def test_beyond_the_canvas_the_bucket_does_nothing(view: CanvasView, blocks: Document) -> None:
    view.set_tool("bucket")
    click(view, -10, 20)
    assert blocks.edits == ()


def test_a_gradient_from_the_colour_to_the_other(view: CanvasView, blocks: Document) -> None:
    view.set_tool("gradient")
    view.area_choices.set(fades=False)
    drag(view, (100, 50), (200, 60), (300, 50))
    assert len(blocks.edits) == 1
    assert (blocks.pixels[:, 90] == BLUE).all()
    assert (blocks.pixels[:, 310] == GREEN).all()
    assert blocks.pixels[400, 200].astype(int) == pytest.approx([15, 130, 170], abs=2)


def test_a_gradient_into_nothing_leaves_what_is_beneath(view: CanvasView, blocks: Document) -> None:
    view.set_tool("gradient")
    view.area_choices.set(gradient="radial", fades=True)
    drag(view, (150, 150), (160, 160), (150, 200))
    assert blocks.pixels[150, 150].astype(int) == pytest.approx(BLUE, abs=4)
    assert (blocks.pixels[320, 320] == (200, 30, 30)).all()


def test_shift_holds_a_gradient_level_and_a_click_makes_none(
    view: CanvasView, blocks: Document
) -> None:
    view.set_tool("gradient")
    view.area_choices.set(fades=False)
    click(view, 150, 150)
    assert blocks.edits == ()
    drag(view, (100, 50), (300, 62), release=False)
    gesture = view.pointing.gesture
    assert gesture is not None
    place = QPointF(300, 62)
    gesture.move(Pointer(place, view.to_view(place), shift=True))
    assert [round(point.y()) for point in gesture.trail] == [50, 50]
    gesture.cancel()
    gesture.end()
    assert blocks.edits == (), "it was given up"
