from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from app.canvas.flood import alike
from app.canvas.view import CanvasView
from app.document.document import Document
from lazydiff_core.contract import Box
from tests.app.canvas.driving import ALT, SHIFT, click


@pytest.fixture
def blocks(document: Document) -> Document:
    """Two red squares, one of them with a darker neighbour, on white."""
    pixels = np.full((512, 512, 3), 255, np.uint8)
    pixels[100:200, 100:200] = pixels[300:350, 300:350] = (200, 30, 30)
    pixels[100:200, 200:220] = (180, 30, 30)
    document.replace(pixels)
    return document


def test_a_click_takes_what_is_alike_and_hangs_together(view: CanvasView, blocks: Document) -> None:
    view.set_tool("wand")
    view.area_choices.set(tolerance=10)
    click(view, 150, 150)
    assert blocks.mask.sum() == 100 * 100
    view.area_choices.set(tolerance=20)
    click(view, 150, 150)
    assert blocks.mask.sum() == 100 * 120
    assert blocks.undo_stack.count() == 2


def test_everywhere_if_asked_and_keys_combine(view: CanvasView, blocks: Document) -> None:
    view.set_tool("wand")
    view.area_choices.set(tolerance=0, contiguous=False)
    click(view, 150, 150, held=SHIFT)
    assert blocks.mask.sum() == 100 * 100 + 50 * 50
    view.area_choices.set(contiguous=True)
    click(view, 320, 320, held=ALT)
    assert blocks.mask.sum() == 100 * 100


def test_beyond_the_canvas_nothing_is_alike(view: CanvasView, blocks: Document) -> None:
    view.set_tool("wand")
    click(view, -10, 100)
    assert blocks.undo_stack.count() == 0


def test_the_picture_is_not_written_on() -> None:
    pixels = np.zeros((20, 30, 3), np.uint8)
    pixels.flags.writeable = False
    rect, shape = alike(pixels, QPoint(29, 19), 0, contiguous=True)
    assert rect == Box(0, 0, 30, 20)
    assert shape.all()


def test_clear_pixels_are_alike_whatever_they_hide(document: Document) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 60, 4), np.uint8)
    pixels[..., 3] = 0
    pixels[10:20, 10:20] = (0, 0, 0, 255)
    document.replace(pixels)
    box, found = alike(document.pixels, QPoint(30, 30), 8, contiguous=True)
    assert box == document.box
    assert np.array_equal(found, pixels[..., 3] == 0)
    box, found = alike(document.pixels, QPoint(15, 15), 8, contiguous=False)
    assert box == Box(10, 10, 20, 20), "black is not clear"
    assert found.all()
