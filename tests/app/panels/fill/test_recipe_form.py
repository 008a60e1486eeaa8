from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from app.document.edits import Edit, Recipe, Variant
from app.panels.fill.recipe_form import RecipeEditor
from lazydiff_core.contract import Box
from lazydiff_core.generation_settings import LIMITS, ResolvedSettings

RECIPE = Recipe(ResolvedSettings("a cat", "dog", 2**40, 2, 20, 4.567, "ddim", 0.633))


@pytest.fixture
def editor(qtbot: QtBot) -> RecipeEditor:
    made = RecipeEditor()
    qtbot.addWidget(made)
    made.show()
    return made


def edit(sketched: bool = True) -> Edit:
    pixels = np.zeros((4, 4, 3), np.uint8)
    sketch = np.zeros((4, 4, 4), np.uint8) if sketched else None
    variants = (Variant(pixels, RECIPE.settings.seed),)
    mask = np.ones((4, 4), np.bool_)
    return Edit(Box(0, 0, 4, 4), mask, pixels, RECIPE, variants, sketch=sketch)


def asked(qtbot: QtBot, editor: RecipeEditor) -> ResolvedSettings:
    with qtbot.waitSignal(editor.asked) as signal:
        editor.button.click()
    settings = signal.args[1]
    assert isinstance(settings, ResolvedSettings)
    return settings


def test_untouched_it_asks_for_exactly_the_same(qtbot: QtBot, editor: RecipeEditor) -> None:
    editor.open_form(edit())
    assert asked(qtbot, editor) == RECIPE.settings, "digits that the fields cannot show included"


def test_what_is_changed_is_asked_for(qtbot: QtBot, editor: RecipeEditor) -> None:
    editor.open_form(edit())
    editor.prompt.setText("  a   lion ")
    editor.seed.set_value(7)
    editor.steps.set_value(30)
    editor.guidance.set_value(2.0)
    editor.strength.set_value(0.3)
    changed = asked(qtbot, editor)
    assert changed == ResolvedSettings("a lion", "dog", 7, 2, 30, 2.0, "ddim", 0.3)


@pytest.mark.parametrize("kind", ["loras", "references"])
def test_files_that_may_be_gone_can_be_left_out(
    qtbot: QtBot, editor: RecipeEditor, tmp_path: Path, kind: str
) -> None:
    settings = dataclasses.replace(RECIPE.settings, **{kind: str(tmp_path / "robot.png")})
    editor.open_form(dataclasses.replace(edit(), recipe=Recipe(settings)))
    assert asked(qtbot, editor) == settings
    boxes = [box for box in editor.findChildren(QCheckBox) if box.isVisible()]
    assert [box.text().startswith("With robot") for box in boxes] == [True]
    boxes[0].setChecked(False)
    assert asked(qtbot, editor) == RECIPE.settings


@pytest.mark.parametrize("end", ["low", "high"])
def test_it_shows_all_that_a_recipe_may_hold(qtbot: QtBot, editor: RecipeEditor, end: str) -> None:
    numbers = {name: getattr(limits, end) for name, limits in LIMITS.items()}
    numbers["seed"] -= (numbers["variants"] - 1) * (end == "high")  # the last variant's is the last
    recipe = Recipe(ResolvedSettings(**numbers))
    editor.open_form(dataclasses.replace(edit(), recipe=recipe))
    assert editor.seed.text.text() == str(numbers["seed"])
    assert editor.steps._field.value() == numbers["steps"]
    assert editor.guidance._field.value() == numbers["guidance"]
    assert asked(qtbot, editor) == recipe.settings


def test_a_seed_that_is_too_large_is_not_asked_for(qtbot: QtBot, editor: RecipeEditor) -> None:
    editor.open_form(edit())
    editor.seed.text.setText("9" * 25)
    with qtbot.assertNotEmitted(editor.asked):
        editor.button.click()
    editor.seed.text.setText("9")
    assert asked(qtbot, editor).seed == 9


def test_enter_in_the_prompt_replays(qtbot: QtBot, editor: RecipeEditor) -> None:
    editor.open_form(edit())
    with qtbot.waitSignal(editor.asked):
        QTest.keyClick(editor.prompt, Qt.Key.Key_Return)


def test_strength_is_for_sketches(editor: RecipeEditor) -> None:
    editor.open_form(edit(sketched=False))
    assert not editor.strength.isEnabled()


def test_closed_or_not_ready_it_asks_nothing(qtbot: QtBot, editor: RecipeEditor) -> None:
    editor.open_form(edit())
    editor.set_ready(False)
    assert not editor.button.isEnabled()
    editor.set_ready(True)
    editor.cancel.click()
    assert editor.isHidden()
    with qtbot.assertNotEmitted(editor.asked):
        editor.button.click()
