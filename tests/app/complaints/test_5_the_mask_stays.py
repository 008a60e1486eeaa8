"""Complaint 5: keep the mask, visibly, after a fill and after undo."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.system.settings import SettingsStore
from app.window import MainWindow
from tests.app.canvas.driving import CTRL, NONE, SHIFT, click, drag
from tests.app.doubles import PATIENCE_MS, ScriptedEngine, action
from tests.app.driving import brush, control, fill, press, scripted


def colours_along(window: MainWindow, y: float) -> list[tuple[int, int, int]]:
    """What the view shows from (150, y) to (250, y) of the canvas."""
    image = window.view.grab().toImage()
    places = [window.view.transform.to_view(QPointF(x, y)).toPoint() for x in range(150, 250)]
    return [image.pixelColor(place).getRgb()[:3] for place in places]


def tinted(window: MainWindow) -> bool:
    """On a white canvas the tint is the only pink."""
    return any(red > 240 and 120 < green < 180 for red, green, _ in colours_along(window, 200))


def keep_seed(window: MainWindow) -> None:
    """One whose fill is not pink itself: the engine's colours follow from it."""
    window.panel.options.show_seed(1)
    control(window.panel.options, QToolButton, "Lock the seed").setChecked(True)


def test_after_a_fill_the_mask_is_there_as_an_outline(qtbot: QtBot, window: MainWindow) -> None:
    window.view.set_brush_size(60)
    brush(window, (200, 180), (200, 230))
    mask = window.document.mask.copy()
    assert tinted(window)
    keep_seed(window)
    fill(qtbot, window)
    assert np.array_equal(window.document.mask, mask)
    assert not tinted(window)
    spots = [colours_along(window, y) for y in range(185, 225)]
    assert any((0, 0, 0) in row for row in spots), "the outline shows where the mask is"


def test_after_undo_it_is_there_as_before_the_fill(qtbot: QtBot, window: MainWindow) -> None:
    window.view.set_brush_size(60)
    window.view.brushes.set(hardness=30)
    brush(window, (200, 180), (200, 230))
    cover = window.document.cover.copy()
    before = colours_along(window, 200)
    fill(qtbot, window)
    window.history.undo()
    assert np.array_equal(window.document.cover, cover)
    assert window.view.layers.quick_mask
    assert colours_along(window, 200) == before
    window.history.redo()
    assert np.array_equal(window.document.cover, cover)
    assert not window.view.layers.quick_mask


def test_q_shows_the_colour_over_a_result(qtbot: QtBot, window: MainWindow) -> None:
    window.view.set_brush_size(60)
    brush(window, (200, 180), (200, 230))
    fill(qtbot, window)
    plain = colours_along(window, 200)
    action(window, "quick-mask").trigger()
    assert colours_along(window, 200) != plain
    action(window, "quick-mask").trigger()
    assert colours_along(window, 200) == plain


def drag_with(window: MainWindow, tool: str, left: int, held: Qt.KeyboardModifier = NONE) -> None:
    """An area of about 60 x 60 at (left, 200), drawn with a tool as a hand does."""
    view = window.view
    view.set_tool(tool)
    corners = [(left, 200), (left + 60, 200), (left + 60, 260), (left, 260)]
    if tool == "polygon":
        for corner in corners:
            click(view, *corner, held)
        QTest.keyClick(view, Qt.Key.Key_Return)
    else:
        drag(view, *(corners if tool in ("lasso", "brush") else corners[::2]), held=held)


@pytest.mark.parametrize("tool", ["brush", "rectangle", "ellipse", "lasso", "polygon"])
def test_every_tool_begins_the_next_mask_after_a_fill(
    qtbot: QtBot, window: MainWindow, tool: str
) -> None:
    drag_with(window, tool, 100)
    first = window.document.mask.copy()
    fill(qtbot, window)
    drag_with(window, tool, 300)
    second = window.document.mask.copy()
    assert second.any()
    assert not (first & second).any()
    window.history.undo()
    assert np.array_equal(window.document.mask, first)
    assert window.document.filled


@pytest.mark.parametrize("tool", ["rectangle", "ellipse", "lasso", "polygon"])
def test_shift_adds_to_a_mask_that_has_been_filled(
    qtbot: QtBot, window: MainWindow, tool: str
) -> None:
    drag_with(window, tool, 100)
    first = window.document.mask.copy()
    fill(qtbot, window)
    drag_with(window, tool, 300, SHIFT)
    assert (window.document.mask & first).sum() == first.sum()
    assert window.document.mask.sum() > first.sum()


@pytest.mark.parametrize("tool", ["brush", "rectangle", "ellipse", "lasso", "polygon"])
def test_a_mask_whose_fill_was_undone_is_shown_and_not_added_to(
    qtbot: QtBot, window: MainWindow, tool: str
) -> None:
    document = window.document
    drag_with(window, tool, 100)
    first = document.mask.copy()
    fill(qtbot, window)
    window.history.undo()
    assert np.array_equal(document.mask, first)
    assert not document.is_spent, "it waits for a fill, and is tinted"
    for _ in range(2):
        drag_with(window, tool, 300)
        assert document.has_mask
        assert not (first & document.mask).any()
        window.history.undo()
        assert np.array_equal(document.mask, first)
    window.view.set_tool("eraser")
    drag(window.view, (100, 200), (140, 200))
    first = document.mask.copy()
    drag_with(window, tool, 300)
    assert (first & document.mask).sum() == first.sum(), "what was changed since is added to"


def test_shift_adds_to_a_mask_whose_fill_was_undone(qtbot: QtBot, window: MainWindow) -> None:
    drag_with(window, "ellipse", 100)
    first = window.document.mask.copy()
    fill(qtbot, window)
    window.history.undo()
    drag_with(window, "ellipse", 300, SHIFT)
    assert (window.document.mask & first).sum() == first.sum()
    assert window.document.mask.sum() > first.sum()


def test_the_wand_begins_the_next_mask_too(qtbot: QtBot, window: MainWindow) -> None:
    drag_with(window, "rectangle", 100)
    first = window.document.mask.copy()
    fill(qtbot, window)
    window.view.set_tool("wand")
    click(window.view, 400, 400)
    assert window.document.mask[400, 400]
    assert not window.document.mask[230, 130]
    window.history.undo()
    click(window.view, 400, 400, SHIFT)
    assert (window.document.mask & first).sum() == first.sum()


@pytest.mark.parametrize("tool", ["brush", "rectangle", "ellipse", "lasso", "polygon"])
def test_a_mask_that_waits_is_not_added_to(
    qtbot: QtBot, settings: SettingsStore, tool: str
) -> None:
    engine = ScriptedEngine(open_gate=False)
    window = scripted(qtbot, settings, engine)
    drag_with(window, tool, 100)
    press(window, Qt.Key.Key_Return, CTRL)
    drag_with(window, tool, 300)
    press(window, Qt.Key.Key_Return, CTRL)
    engine.gate.set()
    qtbot.waitUntil(lambda: len(window.document.edits) == 2, timeout=PATIENCE_MS)
    first, second = (request.mask for request in engine.requests)
    assert not (first & second).any()
    window.document.undo_stack.setClean()
    window.close()
