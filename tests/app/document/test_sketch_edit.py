from __future__ import annotations

import numpy as np

from app.document.document import Document
from app.document.sketch_edit import SketchEdit
from lazydiff_core.contract import Box
from tests.app.document.driving import square

RED, BLUE = (200, 30, 40), (20, 40, 220)


def dab(document: Document, box: Box, colour: tuple[int, int, int] = RED, cover: int = 255) -> None:
    edit = SketchEdit(document, colour)
    edit.paint(box, np.full(box.shape, cover, np.uint8), True)
    edit.commit("Sketch")


def erase(document: Document, box: Box, cover: int = 255) -> None:
    edit = SketchEdit(document, RED)
    edit.paint(box, np.full(box.shape, cover, np.uint8), False)
    edit.commit("Erase sketch")


def at(document: Document, x: int, y: int) -> list[int]:
    assert document.sketch is not None
    return document.sketch[y, x].tolist()


def test_a_stroke_is_one_step_and_leaves_mask_and_picture_alone(document: Document) -> None:
    dab(document, Box(100, 120, 400, 160))
    assert at(document, 100, 120) == [*RED, 255]
    assert not document.has_mask
    assert (document.pixels == 255).all()
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert not document.has_sketch


def test_a_stroke_that_crosses_itself_is_laid_on_once(document: Document) -> None:
    edit = SketchEdit(document, RED)
    for _ in range(3):
        edit.paint(Box(10, 10, 18, 18), np.full((8, 8), 128, np.uint8), True)
    edit.commit("Sketch")
    assert at(document, 12, 12) == [*RED, 128]


def test_two_strokes_mix(document: Document) -> None:
    dab(document, Box(10, 10, 18, 18))
    dab(document, Box(10, 10, 18, 18), BLUE, 128)
    mixed = [round(r + (b - r) * 128 / 255) for r, b in zip(RED, BLUE, strict=True)]
    assert at(document, 12, 12) == [*mixed, 255]


def test_half_a_stroke_over_nothing_keeps_its_colour(document: Document) -> None:
    dab(document, Box(10, 10, 18, 18), RED, 60)
    assert at(document, 12, 12) == [*RED, 60]


def test_erasing_leaves_nothing_at_all(document: Document) -> None:
    dab(document, Box(10, 10, 18, 18))
    erase(document, Box(10, 10, 18, 18))
    assert not document.has_sketch
    assert at(document, 12, 12) == [0, 0, 0, 0]


def test_erasing_nothing_is_no_step(document: Document) -> None:
    erase(document, Box(10, 10, 18, 18))
    assert document.undo_stack.count() == 0


def test_cancelling_puts_everything_back(document: Document) -> None:
    dab(document, Box(10, 10, 18, 18))
    before = document.sketch.tobytes()
    square(document, Box(100, 100, 110, 110))
    document.set_filled(True)
    edit = SketchEdit(document, BLUE)
    edit.paint(Box(0, 0, 90, 90), np.full((90, 90), 255, np.uint8), True)
    assert document.filled, "beside its mask"
    edit.paint(Box(0, 0, 200, 200), np.full((200, 200), 255, np.uint8), True)
    assert not document.filled
    edit.cancel()
    assert document.sketch.tobytes() == before
    assert document.filled
