"""Complaint 3: control over what the model sees."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QToolButton
from pytestqt.qtbot import QtBot

from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.engine.engine import Engine
from tests.app.doubles import PATIENCE_MS, ScriptedEngine
from tests.app.driving import brush, control, fill, scripted


def choose_scope(window: MainWindow, text: str) -> None:
    box = control(window.panel.options, QComboBox, "What the model sees")
    box.setCurrentIndex(box.findText(text))


def test_the_artist_says_how_much_of_the_picture_the_model_sees(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    engine = ScriptedEngine()
    window = scripted(qtbot, settings, engine)
    brush(window, (200, 200), (260, 220))
    for text in ("Nearby", "Tight", "Whole picture"):
        choose_scope(window, text)
        fill(qtbot, window)
    assert [request.settings.scope for request in engine.requests] == ["auto", "near", "whole"]
    used = [edit.recipe.settings.scope for edit in window.document.edits]
    assert used == ["auto", "near", "whole"]
    window.document.undo_stack.setClean()
    window.close()


def test_near_and_whole_give_other_results_for_the_same_seed(
    qtbot: QtBot, window: MainWindow
) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (700, 700, 3), np.uint8)
    noise[:350] //= 4
    window.document.replace(noise)
    control(window.panel.options, QToolButton, "Lock the seed").setChecked(True)
    brush(window, (300, 500), (360, 520))
    pictures = []
    for text in ("Tight", "Whole picture"):
        choose_scope(window, text)
        pictures.append(fill(qtbot, window))
        window.history.undo()
    assert not np.array_equal(*pictures)


def test_the_context_is_computed_ahead_for_what_the_model_will_see(
    qtbot: QtBot, window: MainWindow
) -> None:
    choose_scope(window, "Whole picture")
    brush(window, (200, 200), (260, 220))
    engine = window.generation.engine_thread.worker._engine
    assert isinstance(engine, Engine)
    qtbot.waitUntil(lambda: window.generation.state.context_ready, timeout=PATIENCE_MS)
    assert len(engine._contexts) == 1
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS) as finished:
        window.panel.generate()
    assert finished.args[0].context_reused


def test_the_choice_has_a_name_and_says_what_it_does(window: MainWindow) -> None:
    box = control(window.panel.options, QComboBox, "What the model sees")
    assert box.accessibleName() == "What the model sees"
    assert box.toolTip()
    assert box.focusPolicy() & Qt.FocusPolicy.TabFocus
