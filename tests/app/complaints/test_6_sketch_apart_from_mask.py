"""Complaint 6: the sketch is separate from the mask, and each brush keeps its size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.generation_settings import GenerationSettings
from tests.app.doubles import PATIENCE_MS, ScriptedDialogs, ScriptedEngine, action
from tests.app.driving import LEFT, brush, control, fill, press, scripted

KEYS = Qt.Key
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def seen_at(window: MainWindow, x: float, y: float) -> tuple[int, int, int]:
    place = window.view.transform.to_view(QPointF(x, y)).toPoint()
    colour = window.view.grab().toImage().pixelColor(place * window.view.devicePixelRatioF())
    return colour.red(), colour.green(), colour.blue()


def test_sketching_leaves_mask_and_picture_alone_and_is_one_step(window: MainWindow) -> None:
    document = window.document
    press(window, KEYS.Key_B, SHIFT)
    assert window.view.tool.name == "sketch"
    assert window.panel.sketch.isVisible()
    window.view.colours.use((20, 40, 220))
    brush(window, (100, 100), (200, 120))
    assert document.has_sketch
    assert not document.has_mask
    assert (document.pixels == 255).all()
    assert seen_at(window, 150, 110) == (20, 40, 220)
    window.history.undo()
    assert not document.has_sketch
    assert seen_at(window, 150, 110) == (255, 255, 255)


def test_erasing_the_sketch_leaves_the_mask_alone(window: MainWindow) -> None:
    brush(window, (100, 100), (200, 120))
    mask = window.document.mask.copy()
    window.view.set_tool("sketch")
    brush(window, (100, 100), (200, 120))
    press(window, KEYS.Key_E, SHIFT)
    window.view.set_brush_size(300)
    brush(window, (100, 100), (200, 120))
    assert not window.document.has_sketch
    assert np.array_equal(window.document.mask, mask)


def test_each_brush_keeps_its_size(window: MainWindow) -> None:
    view = window.view
    sizes = {"brush": 80, "eraser": 120, "sketch": 12, "sketch-eraser": 33}
    for name, size in sizes.items():
        view.set_tool(name)
        view.set_brush_size(size)
    for name, size in sizes.items():
        view.set_tool(name)
        assert view.brush_size == size


def test_i_and_alt_pick_x_swaps_d_resets(window: MainWindow) -> None:
    view, box = window.view, window.view.colours
    view.setFocus()
    view.set_tool("sketch")
    box.use((20, 40, 220))
    brush(window, (100, 100), (200, 120))
    box.use((1, 2, 3))
    press(window, KEYS.Key_I)
    assert view.tool.name == "picker"
    brush(window, (150, 110))
    assert box.colour == (20, 40, 220)
    press(window, KEYS.Key_X)
    assert (box.colour, box.other) == ((255, 255, 255), (20, 40, 220))
    press(window, KEYS.Key_D)
    assert (box.colour, box.other) == ((0, 0, 0), (255, 255, 255))
    view.set_tool("sketch")
    steps = window.document.undo_stack.count()
    place = view.transform.to_view(QPointF(150, 110)).toPoint()
    QTest.mousePress(view, LEFT, ALT, place)
    QTest.mouseRelease(view, LEFT, ALT, place)
    assert box.colour == (20, 40, 220)
    assert window.document.undo_stack.count() == steps, "picking paints nothing"


def test_only_what_lies_in_the_mask_guides(qtbot: QtBot, window: MainWindow) -> None:
    window.view.set_tool("sketch")
    brush(window, (50, 50), (80, 60))
    window.view.set_tool("brush")
    brush(window, (300, 300), (340, 320))
    assert "ignored" in shown_explanation(qtbot, window)
    first = fill(qtbot, window)
    window.history.undo()
    assert window.document.edits == ()
    control(window.panel.options, QToolButton, "Lock the seed").setChecked(True)
    assert np.array_equal(first[:200], window.document.pixels[:200]), "nothing beside the mask"


def shown_explanation(qtbot: QtBot, window: MainWindow) -> str:
    panel = window.panel.sketch
    qtbot.waitUntil(lambda: not panel._rest.isActive())
    return panel.explanation


def test_a_sketch_steps_back_for_the_result_and_returns_with_undo(
    qtbot: QtBot, window: MainWindow
) -> None:
    brush(window, (200, 200), (260, 220))
    window.view.set_tool("sketch")
    window.view.colours.use((20, 40, 220))
    brush(window, (200, 200), (260, 220))
    fill(qtbot, window)
    edit = window.document.edits[0]
    assert edit.sketch is not None
    assert edit.recipe.settings.strength == pytest.approx(window.panel.sketch.strength.value)
    assert seen_at(window, 230, 210) == tuple(window.document.pixels[210, 230])
    window.history.undo()
    assert seen_at(window, 230, 210) == (20, 40, 220)


def test_what_is_used_is_what_is_seen(qtbot: QtBot, settings: SettingsStore) -> None:
    """Two strokes, filled one after the other: the second stays in sight until its own fill."""
    engine = ScriptedEngine()
    window = scripted(qtbot, settings, engine)
    left, right = (100, 100), (400, 100)
    window.view.colours.use((20, 40, 220))
    window.view.set_tool("sketch")
    for x, y in (left, right):
        brush(window, (x, y), (x + 40, y))
    window.view.set_tool("brush")
    brush(window, left, (140, 100))
    fill(qtbot, window)
    assert seen_at(window, 120, 100) == tuple(window.document.pixels[100, 120]), "spent"
    assert seen_at(window, 420, 100) == (20, 40, 220), "beside the mask it stays"
    action(window, "clear").trigger()
    brush(window, right, (440, 100))
    fill(qtbot, window)
    action(window, "retry").trigger()
    qtbot.waitUntil(lambda: len(engine.requests) == 3, timeout=PATIENCE_MS)
    first, second, again = (request.sketch for request in engine.requests)
    assert first is not None
    assert second is not None
    assert first[100, 120].tolist() == second[100, 420].tolist() == [20, 40, 220, 255]
    assert np.array_equal(second, again), "the same mask and sketch with another seed"
    qtbot.waitUntil(lambda: not window.generation.is_running, timeout=PATIENCE_MS)
    window.document.undo_stack.setClean()
    window.close()


def test_a_picture_can_be_the_sketch(
    window: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    brush(window, (200, 200), (260, 220))
    Image.new("RGBA", (40, 20), (10, 200, 30, 255)).save(tmp_path / "sketch.png")
    dialogs.opened = tmp_path / "sketch.png"
    action(window, "sketch-import").trigger()
    sketch = window.document.sketch
    assert sketch is not None
    assert sketch[210, 230].tolist() == [10, 200, 30, 255]
    assert not sketch[400, 400].any(), "scaled into the mask"
    action(window, "sketch-clear").trigger()
    assert not window.document.has_sketch
    window.history.undo()
    assert window.document.has_sketch
    dialogs.opened = tmp_path / "missing.png"
    action(window, "sketch-import").trigger()
    assert "missing.png" in window.messages.text


def test_the_noised_start_is_explained_live(qtbot: QtBot, window: MainWindow) -> None:
    panel = window.panel.sketch
    assert "sketch brush" in panel.explanation
    brush(window, (200, 200), (260, 220))
    window.view.set_tool("sketch")
    brush(window, (200, 200), (260, 220))
    words = {}
    for strength in (0.1, 0.5, 0.8, 1.0):
        panel.strength.set_value(strength)
        words[strength] = panel.explanation
    assert len(set(words.values())) == 4
    assert words[0.5] == "Keeps the colors, changes the shapes (50%)"
    assert "Ignores" in words[1.0]
    assert panel._picture.pixmap().width() > 30


def test_a_chosen_colour_is_used_and_stays_at_hand(
    window: MainWindow, dialogs: ScriptedDialogs
) -> None:
    dialogs.colour = (12, 34, 56)
    window.panel.sketch.colours.well.click()
    assert window.view.colours.colour == (12, 34, 56)
    window.view.set_tool("sketch")
    brush(window, (100, 100), (120, 120))
    recent = window.panel.sketch.colours.recent[0]
    assert not recent.isHidden()
    window.panel.sketch.colours.swatches[0].click()
    assert window.view.colours.colour == (0, 0, 0)
    recent.click()
    assert window.view.colours.colour == (12, 34, 56)


@pytest.mark.model
def test_low_strength_keeps_the_colours_of_the_sketch() -> None:
    """The lower the strength, the nearer the result is to the sketch."""
    engine = Engine.load("bundled", device="cpu")
    canvas = np.full((256, 256, 3), 235, np.uint8)
    ys, xs = np.mgrid[0:256, 0:256] - 127.5
    distance = np.hypot(ys, xs)
    sketch = np.zeros((256, 256, 4), np.uint8)
    sketch[distance <= 52] = (235, 235, 235, 255)
    sketch[distance <= 40] = (40, 90, 200, 255)  # an apple of no usual colour
    away = []
    for strength in (0.2, 0.6, 1.0):
        mask = np.asarray(distance <= 52, np.bool_)
        apple = GenerationSettings("red apple", seed=2, steps=4, strength=strength)
        request = EditRequest(canvas, mask, settings=apple, sketch=sketch)
        colour = engine.run(request).image[distance <= 24].mean(0)
        away.append(float(np.linalg.norm(colour - (40, 90, 200))))
    assert away[0] < away[1] < away[2]
    assert away[0] < 40
    assert away[2] > 100
