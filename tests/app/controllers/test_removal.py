"""Removing what is masked: by key, by the button with an empty prompt, again, and replayed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from app.engine.jobs import EngineLike
from app.panels.fill.layer_rows import prompt_of
from app.panels.fill.recipe_form import RecipeEditor
from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.contract import CONTENT_AWARE, is_removal
from lazydiff_core.errors import ModelError
from tests.app.doubles import PATIENCE_MS, ScriptedDialogs, ScriptedEngine
from tests.app.driving import brush, control, press, scripted

KEYS = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
def window(qtbot: QtBot, settings: SettingsStore, engine: ScriptedEngine) -> Iterator[MainWindow]:
    made = scripted(qtbot, settings, engine)
    spot_on_stripes(made)
    yield made
    made.document.undo_stack.setClean()
    made.close()


def spot_on_stripes(window: MainWindow) -> None:
    """A picture of stripes, on which something pink is masked."""
    pixels = np.full((200, 300, 3), 40, np.uint8)
    pixels[:, ::8] = pixels[:, 1::8] = pixels[:, 2::8] = 220
    pixels[80:110, 120:150] = (255, 0, 255)
    window.document.replace(pixels)
    window.view.camera.fit()
    window.view.brushes.set(size=44)
    brush(window, (130, 95), (140, 95))


def removed(qtbot: QtBot, window: MainWindow, key: Qt.Key = KEYS.Key_Delete) -> None:
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        press(window, key)


def pink(window: MainWindow) -> int:
    pixels = window.document.pixels
    return int(((pixels[..., 0] > 200) & (pixels[..., 1] < 60)).sum())


def test_delete_removes_what_is_masked_without_the_model(
    qtbot: QtBot, window: MainWindow, engine: ScriptedEngine
) -> None:
    window.panel.prompt.setPlainText("a cat")
    window.view.setFocus()
    assert pink(window) == 900
    removed(qtbot, window)

    assert pink(window) == 0
    assert engine.requests == []
    (edit,) = window.document.edits
    assert edit.recipe.provenance.backend == CONTENT_AWARE
    assert is_removal(edit.recipe.settings)
    assert edit.recipe.settings.prompt == ""
    assert len(edit.variants) == 3
    assert prompt_of(edit.recipe.settings) == "removal"
    assert "Removed in" in control(window, QLabel, "Last fill").text()
    window.history.undo()
    assert pink(window) == 900


def test_the_same_key_works_in_the_strip_where_one_waits_for_the_result(
    qtbot: QtBot, window: MainWindow
) -> None:
    removed(qtbot, window)
    window.panel.variants.film.setFocus()
    press(window, KEYS.Key_Delete, SHIFT)
    assert len(window.document.edits[0].variants) == 2
    removed(qtbot, window)
    assert len(window.document.edits) == 2


def test_the_button_says_what_an_empty_prompt_means_and_the_choice_is_kept(
    qtbot: QtBot, window: MainWindow, settings: SettingsStore, engine: ScriptedEngine
) -> None:
    button = control(window.panel, QPushButton, "Generate")
    ways = control(window.panel, QToolButton, "Without a prompt").menu().actions()
    assert button.text() == "Without prompt"
    window.panel.prompt.setPlainText("a cat")
    assert button.text() == "Generate"
    window.panel.prompt.setPlainText("")
    ways[1].trigger()
    assert button.text() == "Remove"
    assert "surroundings continue" in button.toolTip()
    assert settings.value.without_prompt == "surroundings"
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        button.click()
    assert engine.requests == []
    assert pink(window) == 0

    other = scripted(qtbot, settings, ScriptedEngine())
    assert control(other.panel, QPushButton, "Generate").text() == "Remove"
    other.close()


def test_another_try_of_a_removal_adds_candidates(qtbot: QtBot, window: MainWindow) -> None:
    removed(qtbot, window)
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        window.panel.retry()
    (edit,) = window.document.edits
    seeds = [variant.seed for variant in edit.variants]
    assert len(seeds) == 6
    assert seeds == list(range(seeds[0], seeds[0] + 6))


def test_another_try_of_a_removal_heeds_no_prompt_until_it_is_changed(
    qtbot: QtBot, window: MainWindow, engine: ScriptedEngine
) -> None:
    window.panel.prompt.setPlainText("a cat")
    window.view.setFocus()
    removed(qtbot, window)
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        window.panel.retry()
    assert engine.requests == []
    (edit,) = window.document.edits
    assert len(edit.variants) == 6

    window.panel.prompt.setPlainText("a dog")
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        window.panel.retry()
    (asked,) = engine.requests
    assert asked.settings.prompt == "a dog"


def test_a_replayed_removal_stays_one_and_a_prompt_makes_it_a_fill(
    qtbot: QtBot, window: MainWindow, engine: ScriptedEngine
) -> None:
    removed(qtbot, window)
    (edit,) = window.document.edits
    with qtbot.waitSignal(window.document.edits_changed, timeout=PATIENCE_MS):
        window.generation.replay(edit.id, edit.recipe.settings)
    again = window.document.edits[0]
    assert again is not edit
    assert np.array_equal(again.pixels[again.mask], edit.pixels[edit.mask]), "the same pixels"
    assert engine.requests == []

    with qtbot.waitSignal(window.document.edits_changed, timeout=PATIENCE_MS):
        window.generation.replay(edit.id, replace(edit.recipe.settings, prompt="a cat"))
    (asked,) = engine.requests
    assert (asked.backend, asked.settings.prompt, asked.settings.steps) == (None, "a cat", None)
    assert window.document.edits[0].recipe.provenance.backend == "scripted"


def test_the_form_of_a_removal_has_no_steps(qtbot: QtBot, window: MainWindow) -> None:
    removed(qtbot, window)
    form = window.panel.layers.findChild(RecipeEditor)
    form.open_form(window.document.edits[0])
    assert not form.steps.isEnabled()
    assert not form.guidance.isEnabled()


def test_reuse_takes_over_the_way_and_the_seed(qtbot: QtBot, window: MainWindow) -> None:
    removed(qtbot, window)
    steps = window.panel.options.steps
    settings = window.document.edits[0].recipe.settings
    window.panel.reuse_all(settings)
    assert window.panel.options.steps == steps
    assert control(window.panel, QPushButton, "Generate").text() == "Remove"
    assert window.panel.peek().seed == settings.seed


def test_what_it_took_is_not_taken_for_the_models_pace(qtbot: QtBot, window: MainWindow) -> None:
    before = window.cost_tag.calibration.count
    removed(qtbot, window)
    assert window.cost_tag.calibration.count == before


def test_it_works_where_no_model_could_be_loaded(qtbot: QtBot, settings: SettingsStore) -> None:
    def load() -> EngineLike:
        raise ModelError("There is no model.")

    window = MainWindow(load, settings, ScriptedDialogs())
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    with qtbot.waitSignal(window.generation.loader.load_failed, timeout=PATIENCE_MS):
        window.generation.start()
    spot_on_stripes(window)
    window.view.setFocus()
    removed(qtbot, window)
    assert pink(window) == 0
    window.document.undo_stack.setClean()
    window.close()
