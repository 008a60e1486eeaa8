from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.system.settings import SettingsStore
from app.window import MainWindow
from tests.app.doubles import PATIENCE_MS, ScriptedEngine, action
from tests.app.driving import brush, press, scripted


def line(window: MainWindow) -> str:
    window.state_tracker.settle()
    return window.panel.progress.text


def test_without_a_mask_nothing_is_asked_and_the_artist_is_told_why(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    engine = ScriptedEngine()
    window = scripted(qtbot, settings, engine)
    window.panel.generate()
    assert "Paint a mask first" in window.messages.text
    assert not window.generation.state.is_running
    assert not engine.requests
    window.close()


def test_the_line_says_what_comes_next(qtbot: QtBot, settings: SettingsStore) -> None:
    engine = ScriptedEngine(open_gate=False)
    window = scripted(qtbot, settings, engine)
    assert "Paint a mask first" in line(window)
    brush(window, (200, 200), (260, 220))
    assert "fills the mask" in line(window)
    window.panel.generate()
    assert line(window) == "Starting"
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        engine.gate.set()
    assert line(window).startswith("Done:")
    window.keymap.set("retry", ["F8"])
    assert "F8" in line(window)
    window.document.undo_stack.setClean()
    window.close()


def test_a_mask_full_of_paint_is_ready_and_has_nothing_to_try_again(window: MainWindow) -> None:
    window.view.setFocus()
    brush(window, (200, 200), (260, 220))
    press(window, Qt.Key.Key_Backspace, Qt.KeyboardModifier.AltModifier)
    assert window.document.edits
    assert "fills the mask" in line(window)
    assert not action(window, "retry").isEnabled()
    assert action(window, "check-locality").isEnabled()
