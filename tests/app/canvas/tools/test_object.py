"""The object tool: box, click, preview, keys, and results that come late."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.canvas import object_finder
from app.canvas.view import CanvasView
from app.document.commands import add_edit
from app.document.document import Document
from app.document.edits import Edit, Recipe, Variant
from lazydiff_core.contract import Box
from lazydiff_core.selection import Found, find_object
from tests.app.canvas.driving import ALT, SHIFT, at, click, drag
from tests.app.doubles import PATIENCE_MS


@pytest.fixture
def things(document: Document) -> Document:
    """A red and a blue square on grey."""
    pixels = np.full((512, 512, 3), 170, np.uint8)
    pixels[100:200, 100:200] = (200, 30, 30)
    pixels[300:360, 300:400] = (30, 30, 200)
    document.replace(pixels)
    return document


@pytest.fixture
def view(view: CanvasView) -> Iterator[CanvasView]:
    view.set_tool("object")
    yield view
    view.objects.stop()


class Gate:
    """Lets searches through one by one."""

    def __init__(self) -> None:
        self.open = Event()
        self.begun = 0

    def __call__(self, *arguments: Any) -> Found:
        self.begun += 1
        assert self.open.wait(60)
        return find_object(*arguments)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate()
    monkeypatch.setattr(object_finder, "find_object", made)
    yield made
    made.open.set()


def settled(qtbot: QtBot, view: CanvasView) -> None:
    qtbot.waitUntil(lambda: not view.objects.is_waiting, timeout=PATIENCE_MS)


def test_a_box_masks_the_thing_in_it(qtbot: QtBot, view: CanvasView, things: Document) -> None:
    drag(view, (80, 85), (150, 160), (222, 219))
    settled(qtbot, view)
    assert abs(int(things.mask.sum()) - 100 * 100) < 300
    assert things.mask[110:190, 110:190].all()
    assert things.undo_stack.count() == 1
    things.undo_stack.undo()
    assert not things.has_mask


def test_a_click_masks_the_thing_and_keys_combine(
    qtbot: QtBot, view: CanvasView, things: Document
) -> None:
    click(view, 150, 150)
    settled(qtbot, view)
    red = int(things.mask.sum())
    assert abs(red - 100 * 100) < 300
    click(view, 350, 330, held=SHIFT)
    settled(qtbot, view)
    assert abs(int(things.mask.sum()) - red - 60 * 100) < 300
    click(view, 150, 150, held=ALT)
    settled(qtbot, view)
    assert not things.mask[:250].any()
    assert things.mask[310:350, 310:390].all()


def test_the_outline_of_what_would_be_found_follows_the_box(
    qtbot: QtBot, view: CanvasView, things: Document
) -> None:
    drag(view, (80, 80), (150, 160), (220, 220), release=False)
    gesture = view.pointing.gesture
    assert gesture is not None
    assert len(gesture.trail) == 4
    qtbot.waitUntil(
        lambda: len(gesture.trail) > 4 or gesture.trail[0].x() > 95, timeout=PATIENCE_MS
    )
    assert all(95 < point.x() < 205 and 95 < point.y() < 205 for point in gesture.trail)
    assert not things.has_mask, "only a preview"
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at(view, 220, 220))
    settled(qtbot, view)
    assert things.has_mask


def test_moves_do_not_pile_up(qtbot: QtBot, view: CanvasView, things: Document, gate: Gate) -> None:
    drag(view, (80, 80), *((150 + k, 160 + k) for k in range(40)), (220, 220))
    gate.open.set()
    settled(qtbot, view)
    assert gate.begun <= 3
    assert things.has_mask


def test_a_result_waits_for_the_end_of_a_stroke(
    qtbot: QtBot, view: CanvasView, things: Document, gate: Gate
) -> None:
    click(view, 150, 150)
    view.set_tool("brush")
    drag(view, (400, 100), (440, 100), release=False)
    gate.open.set()
    qtbot.waitUntil(lambda: view.objects._held is not None, timeout=PATIENCE_MS)
    assert not things.mask[150, 150]
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at(view, 440, 100))
    settled(qtbot, view)
    assert things.mask[150, 150]
    assert things.undo_stack.count() == 2
    things.undo_stack.undo()
    assert things.mask[100, 420]
    assert not things.mask[150, 150]
    things.undo_stack.undo()
    assert not things.has_mask


def test_escape_gives_up(qtbot: QtBot, view: CanvasView, things: Document, gate: Gate) -> None:
    view.setFocus()
    click(view, 150, 150)
    assert view.cursor().shape() == Qt.CursorShape.BusyCursor
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not view.objects.is_waiting
    assert view.cursor().shape() == Qt.CursorShape.CrossCursor
    gate.open.set()
    view.objects.stop()
    QTest.qWait(50)
    assert not things.has_mask


def test_another_picture_ends_the_search(
    qtbot: QtBot, view: CanvasView, things: Document, gate: Gate
) -> None:
    click(view, 150, 150)
    things.replace(np.zeros((40, 60, 3), np.uint8))
    assert not view.objects.is_waiting
    gate.open.set()
    view.objects.stop()
    QTest.qWait(50)
    assert not things.has_mask


def test_what_cannot_be_found_is_told(qtbot: QtBot, view: CanvasView, document: Document) -> None:
    document.replace(np.full((512, 512, 3), 90, np.uint8))
    with qtbot.waitSignal(view.objects.failed, timeout=PATIENCE_MS) as told:
        click(view, 100, 100)
    assert "draw a box" in told.args[0]
    assert not document.has_mask


def test_a_fault_of_the_search_is_told_and_the_next_one_works(
    qtbot: QtBot, view: CanvasView, things: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: Any) -> Found:
        raise ArithmeticError("no numbers left")

    with monkeypatch.context() as patched:
        patched.setattr(object_finder, "find_object", broken)
        with qtbot.waitSignal(view.objects.failed, timeout=PATIENCE_MS) as told:
            click(view, 150, 150)
    assert "no numbers left" in told.args[0]
    click(view, 150, 150)
    settled(qtbot, view)
    assert things.mask[150, 150]


def test_beyond_the_canvas_there_is_nothing(view: CanvasView, things: Document) -> None:
    click(view, -10, 100)
    drag(view, (-60, -60), (-20, -30))
    assert not view.objects.is_waiting
    assert things.undo_stack.count() == 0


def test_a_click_on_what_a_fill_has_made_masks_exactly_that(
    view: CanvasView, document: Document
) -> None:
    yy, xx = np.mgrid[:512, :512]
    disc = np.hypot(xx - 250, yy - 250) < 60
    pixels = np.random.default_rng(0).integers(150, 158, (512, 512, 3), np.uint8)
    document.replace(pixels)
    box = Box(150, 150, 350, 350)
    filled = pixels[box.slices][::-1].copy()  # the ground is drawn anew
    filled[disc[box.slices]] = (200, 30, 30)
    edit = Edit(
        box, np.ones(box.shape, np.bool_), pixels[box.slices], Recipe(), (Variant(filled, 1),)
    )
    add_edit(document, "Fill", edit)
    click(view, 250, 200)
    assert not view.objects.is_waiting, "nothing had to be looked for"
    assert np.count_nonzero(document.mask ^ disc) < 40
    click(view, 155, 155)
    assert view.objects.is_waiting, "that is the ground"
