"""Complaint 12: another try stands beside the earlier ones, and undo takes back just that."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtWidgets import QSpinBox
from pytestqt.qtbot import QtBot

from app.system.settings import SettingsStore
from app.window import MainWindow
from tests.app.doubles import PATIENCE_MS, ScriptedEngine, action
from tests.app.driving import brush, control, fill, scripted


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
def window(qtbot: QtBot, settings: SettingsStore, engine: ScriptedEngine) -> Iterator[MainWindow]:
    made = scripted(qtbot, settings, engine)
    control(made.panel.options, QSpinBox, "Number of variants").setValue(2)
    brush(made, (200, 200), (260, 220))
    yield made
    made.document.undo_stack.setClean()
    made.close()


def try_again(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        action(window, "retry").trigger()


def test_it_joins_the_strip_and_undo_takes_it_from_there(
    qtbot: QtBot, window: MainWindow, engine: ScriptedEngine
) -> None:
    first = fill(qtbot, window)
    seeds = [variant.seed for variant in window.document.edits[0].variants]
    try_again(qtbot, window)
    assert len(window.document.edits) == 1
    assert window.panel.variants.count == 4
    assert window.panel.variants.current == 2, "the first of the new ones is on the canvas"
    assert [v.seed for v in window.document.edits[0].variants] == [seeds[0] + k for k in range(4)]
    assert window.panel.options.peek("").seed == seeds[0] + 2, "the field shows what was taken"
    assert not np.array_equal(window.document.pixels, first)
    assert np.array_equal(engine.requests[0].image, engine.requests[1].image), "from beneath it"
    window.history.undo()
    assert window.panel.variants.count == 2
    assert np.array_equal(window.document.pixels, first)
    window.history.redo()
    assert window.panel.variants.count == 4


def test_another_prompt_is_an_edit_of_its_own_and_undo_shows_the_first(
    qtbot: QtBot, window: MainWindow
) -> None:
    first = fill(qtbot, window)
    window.panel.prompt.use("something else")
    try_again(qtbot, window)
    assert [len(edit.variants) for edit in window.document.edits] == [2, 2]
    window.history.undo()
    assert window.panel.variants.count == 2
    assert np.array_equal(window.document.pixels, first)


def test_a_replay_runs_all_tries(qtbot: QtBot, window: MainWindow, engine: ScriptedEngine) -> None:
    fill(qtbot, window)
    try_again(qtbot, window)
    edit = window.document.edits[0]
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        window.generation.replay(edit.id, edit.recipe.settings)
    again = window.document.edits[0]
    assert [v.seed for v in again.variants] == [v.seed for v in edit.variants]
    assert again.chosen == edit.chosen


def test_a_mask_that_has_not_been_filled_is_just_filled(qtbot: QtBot, window: MainWindow) -> None:
    fill(qtbot, window)
    brush(window, (400, 400), (420, 420))
    try_again(qtbot, window)
    assert [len(edit.variants) for edit in window.document.edits] == [2, 2]
