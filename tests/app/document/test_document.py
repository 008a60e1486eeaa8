from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.document.edit_stack import EditStack
from app.document.edits import Edit, Recipe, Variant
from lazydiff_core.contract import Box


def test_a_new_document_is_a_clean_white_square(document: Document) -> None:
    assert document.size == QSize(512, 512)
    assert (document.pixels == 255).all()
    assert not document.has_mask
    assert not document.is_modified


def test_nobody_paints_past_the_history(document: Document) -> None:
    with pytest.raises(ValueError, match="read-only"):
        document.pixels[0, 0] = 0
    with pytest.raises(ValueError, match="read-only"):
        document.mask[0, 0] = True


def test_changes_name_their_region(document: Document, qtbot: QtBot) -> None:
    rect = Box(3, 4, 8, 10)
    with qtbot.waitSignal(document.region_changed) as changed:
        document.write_mask(rect, np.ones((6, 5), np.bool_))
    assert changed.args == [rect]
    with qtbot.waitSignal(document.sketch_changed) as changed:
        document.write_sketch(rect, np.full((6, 5, 4), 9, np.uint8))
    assert changed.args == [rect]
    assert document.has_sketch


def test_edits_change_the_boxes_that_differ_and_no_others(document: Document) -> None:
    told: list[Box] = []
    document.region_changed.connect(told.append)
    boxes = [Box(0, 0, 4, 4), Box(10, 10, 15, 14), Box(20, 0, 24, 4)]
    edits = tuple(grey_edit(box, 50) for box in boxes)
    document.write_edits(edits)
    told.clear()
    other = grey_edit(boxes[2], 90)
    document.write_edits((*edits[:2], other))
    assert told == [Box(20, 0, 24, 4)]
    assert document.pixels[2, 22].tolist() == [90, 90, 90]
    document.write_edits(())
    assert (document.pixels == 255).all()


def test_a_project_brings_everything_back(document: Document, qtbot: QtBot) -> None:
    stack = EditStack(document.pixels.copy(), (grey_edit(Box(0, 0, 4, 4), 50),))
    cover = np.zeros((512, 512), np.uint8)
    cover[:4, :4] = 200
    sketch = np.zeros((512, 512, 4), np.uint8)
    sketch[0, 0] = 9
    with qtbot.waitSignals([document.replaced, document.edits_changed]):
        document.restore(stack, cover, sketch, Path("a.lazydiff"), filled=True)
    assert document.pixels[1, 1, 0] == 50
    assert document.edits == stack.edits
    assert np.array_equal(document.stack().base, stack.base)
    assert (document.has_mask, document.filled) == (True, True)
    assert np.array_equal(document.sketch, sketch)
    assert not document.is_modified


def grey_edit(box: Box, grey: int) -> Edit:
    size = (box.height, box.width)
    before = np.full((*size, 3), 255, np.uint8)
    pixels = np.full((*size, 3), grey, np.uint8)
    return Edit(box, np.ones(size, np.bool_), before, Recipe(), (Variant(pixels, 1),))


def test_another_picture_starts_over(document: Document) -> None:
    document.write_mask(Box(0, 0, 1, 1), np.ones((1, 1), np.bool_))
    document.set_filled(True)
    document.replace(np.zeros((20, 30, 3), np.uint8), Path("night.png"))
    assert document.size == QSize(30, 20)
    assert not document.has_mask
    assert not document.filled
    assert not document.is_modified
    assert document.path == Path("night.png")


def test_the_mask_is_where_the_cover_is_not_nothing(document: Document) -> None:
    assert document.soft_cover() is None
    document.write_cover(Box(10, 20, 13, 21), np.array([[0, 1, 255]], np.uint8))
    assert document.mask[20, 10:13].tolist() == [False, True, True]
    soft = document.soft_cover()
    assert soft is not None
    assert soft[20, 10:13].tolist() == [0, 1, 255]
    document.write_mask(Box(11, 20, 12, 21), np.ones((1, 1), np.bool_))
    assert document.soft_cover() is None
    assert document.has_mask
    document.write_mask(Box(11, 20, 13, 21), np.zeros((1, 2), np.bool_))
    assert not document.has_mask
