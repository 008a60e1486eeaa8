"""Instructions and reference pictures in the whole window: to the request, recipe and replay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.panels.fill.layer_rows import details
from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.reference_files import read_references
from tests.app.doubles import INFO, PATIENCE_MS, ScriptedDialogs, ScriptedEngine
from tests.app.driving import brush, fill, scripted

ROBOT = Path("/pictures/robot.png")


def open_window(qtbot: QtBot, settings: SettingsStore, engine: ScriptedEngine) -> MainWindow:
    engine.info = replace(INFO, edits=True, references=3)
    window = scripted(qtbot, settings, engine)
    brush(window, (60, 60), (90, 70))
    return window


def test_they_are_asked_for_kept_in_the_recipe_and_used_by_a_replay(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    engine = ScriptedEngine()
    window = open_window(qtbot, settings, engine)
    section, dialogs = window.panel.options.references, window.models._dialogs
    assert isinstance(dialogs, ScriptedDialogs)
    dialogs.references = [ROBOT]
    section.add_button.click()
    section.instruct.click()
    fill(qtbot, window)
    asked = engine.requests[-1].settings
    assert asked.edit
    assert read_references(asked.references) == (ROBOT,)
    (edit,) = window.document.edits
    assert edit.recipe is not None
    assert (edit.recipe.settings.edit, edit.recipe.settings.references) == (True, str(ROBOT))
    assert details(edit).endswith("instruction · robot.png")
    section.instruct.click()
    window.messages.error("robot.png is missing.")  # what a replay before this one said
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        window.generation.replay(edit.id, edit.recipe.settings)
    assert not window.messages.is_closable
    assert engine.requests[-1].settings.edit, "the edit's own"
    dialogs.references = []
    section.add_button.click()
    assert dialogs.asked[-1] == f"references {ROBOT.parent}", "where the last one was"


def test_the_context_made_ahead_shows_them(qtbot: QtBot, settings: SettingsStore) -> None:
    engine = ScriptedEngine()
    window = open_window(qtbot, settings, engine)
    qtbot.waitUntil(lambda: (False, "") in engine.prepared_for, timeout=PATIENCE_MS)
    window.panel.options.references.instruct.click()
    qtbot.waitUntil(lambda: engine.prepared_for[-1] == (True, ""), timeout=PATIENCE_MS)
    window.panel.options.references.add(ROBOT)
    qtbot.waitUntil(lambda: engine.prepared_for[-1] == (True, str(ROBOT)), timeout=PATIENCE_MS)
