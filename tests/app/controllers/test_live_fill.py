"""Live mode: shown, never kept unasked; the newest wins; whoever asks for a fill comes first."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from app.system.settings import SettingsStore
from app.window import MainWindow
from tests.app.doubles import PATIENCE_MS, ScriptedEngine, action
from tests.app.driving import brush, control, press, scripted


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
def window(qtbot: QtBot, settings: SettingsStore, engine: ScriptedEngine) -> Iterator[MainWindow]:
    made = scripted(qtbot, settings, engine)
    yield made
    engine.gate.set()
    made.document.undo_stack.setClean()
    made.close()


def live(qtbot: QtBot, window: MainWindow) -> None:
    """Turn it on, brush, and wait until something is shown."""
    action(window, "live").trigger()
    brush(window, (200, 200), (210, 210))
    shown(qtbot, window)


def shown(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.live.has_preview, timeout=PATIENCE_MS)


def test_it_is_off_unless_asked_for(qtbot: QtBot, window: MainWindow) -> None:
    brush(window, (200, 200), (210, 210))
    qtbot.wait(400)
    assert not window.live.has_preview
    assert not action(window, "live").isChecked()
    assert not action(window, "accept-live").isEnabled()


def test_it_shows_few_steps_and_keeps_nothing(
    qtbot: QtBot, window: MainWindow, engine: ScriptedEngine
) -> None:
    before = window.document.pixels.copy()
    live(qtbot, window)
    assert engine.requests[-1].settings.steps == window.settings.value.live_steps
    assert engine.requests[-1].settings.variants == 1
    assert np.array_equal(window.document.pixels, before)
    assert window.document.undo_stack.count() == 1, "the stroke"
    assert not window.document.filled
    window.state_tracker.settle()
    assert "keeps it" in window.panel.progress.text
    press(window, Qt.Key.Key_Escape)
    assert not window.live.has_preview
    assert np.array_equal(window.document.pixels, before)


def test_enter_makes_it_an_edit_that_can_be_undone(qtbot: QtBot, window: MainWindow) -> None:
    document = window.document
    before = document.pixels.copy()
    live(qtbot, window)
    window.view.setFocus()
    press(window, Qt.Key.Key_Return)
    assert not window.live.has_preview
    assert len(document.edits) == 1
    changed = (document.pixels != before).any(axis=2)
    assert np.array_equal(changed, document.mask)
    assert document.filled
    assert (
        "0 pixels changed"
        in control(window.status, QToolButton, "Pixels changed outside the mask").text()
    )
    assert action(window, "undo").text() == "Undo Live fill"
    window.history.undo()
    assert np.array_equal(document.pixels, before)


def test_the_part_of_a_large_canvas_lands_where_it_belongs(
    qtbot: QtBot, window: MainWindow, engine: ScriptedEngine
) -> None:
    window.document.replace(np.full((1500, 2000, 3), 255, np.uint8))
    action(window, "live").trigger()
    brush(window, (1700, 1200), (1712, 1210))
    shown(qtbot, window)
    assert engine.requests[-1].image.shape[0] < 1000
    window.live.accept()
    changed = (window.document.pixels != 255).any(axis=2)
    assert np.array_equal(changed, window.document.mask)


def test_another_prompt_shows_another_fill(
    qtbot: QtBot, window: MainWindow, engine: ScriptedEngine
) -> None:
    live(qtbot, window)
    window.panel.prompt.setPlainText("a blue one")
    asked = engine.requests
    qtbot.waitUntil(lambda: asked[-1].settings.prompt == "a blue one", timeout=PATIENCE_MS)
    shown(qtbot, window)


def test_what_it_was_made_for_has_changed_so_it_goes(qtbot: QtBot, window: MainWindow) -> None:
    live(qtbot, window)
    window.mask_controller.clear()
    assert not window.live.has_preview
    window.history.undo()
    shown(qtbot, window)
    window.document.replace(np.zeros((300, 300, 3), np.uint8))
    assert not window.live.has_preview


def test_the_newest_wins(qtbot: QtBot, window: MainWindow, engine: ScriptedEngine) -> None:
    engine.gate.clear()
    action(window, "live").trigger()
    brush(window, (200, 200), (210, 210))
    qtbot.waitUntil(lambda: len(engine.requests) == 1, timeout=PATIENCE_MS)
    brush(window, (300, 300), (310, 310))
    qtbot.waitUntil(lambda: len(engine.requests) == 2, timeout=PATIENCE_MS)
    engine.gate.set()
    shown(qtbot, window)
    window.live.accept()
    (edit,) = window.document.edits
    assert edit.mask.sum() == window.document.mask.sum()


def test_a_fill_that_is_asked_for_comes_first(
    qtbot: QtBot, window: MainWindow, engine: ScriptedEngine
) -> None:
    live(qtbot, window)
    engine.gate.clear()
    engine.started.clear()
    window.panel.generate()
    assert not window.live.has_preview
    qtbot.waitUntil(engine.started.is_set, timeout=PATIENCE_MS)
    asked = len(engine.requests)
    window.panel.prompt.setPlainText("something else")
    qtbot.wait(400)
    assert len(engine.requests) == asked
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        engine.gate.set()
    assert len(window.document.edits) == 1


def test_a_large_mask_is_left_alone_and_says_so(
    qtbot: QtBot, window: MainWindow, engine: ScriptedEngine
) -> None:
    limit = control(window.panel.options, QSpinBox, "Largest mask in live mode")
    assert limit.isHidden()
    action(window, "live").trigger()
    assert not limit.isHidden()
    limit.setValue(4)
    assert window.settings.value.live_tokens == 4
    brush(window, (100, 100), (400, 400))
    qtbot.waitUntil(lambda: window.live.is_too_large, timeout=PATIENCE_MS)
    qtbot.wait(400)
    assert not engine.requests
    assert "more than 4 tokens" in window.panel.progress.text
    limit.setValue(4000)
    shown(qtbot, window)


def test_a_fault_takes_it_away_without_a_word(
    qtbot: QtBot, window: MainWindow, engine: ScriptedEngine
) -> None:
    live(qtbot, window)
    engine.fault = RuntimeError("device lost")
    asked = len(engine.requests)
    window.panel.prompt.setPlainText("again")
    qtbot.waitUntil(lambda: len(engine.requests) > asked, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not window.live.has_preview, timeout=PATIENCE_MS)
    assert window.messages.text == ""
