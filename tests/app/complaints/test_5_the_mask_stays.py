"""Complaint 5: keep the mask, visibly, after a fill and after undo."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from app.window import MainWindow
from tests.app.doubles import action
from tests.app.driving import brush, fill


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
    window.panel.options._seed.set_value(1)
    window.panel.options._lock.setChecked(True)


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
