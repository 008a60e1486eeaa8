from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from app.panels.fill.options import OptionsPanel
from tests.app.doubles import INFO
from tests.app.driving import control


@pytest.fixture
def options(qtbot: QtBot) -> OptionsPanel:
    made = OptionsPanel()
    qtbot.addWidget(made)
    return made


def test_the_models_defaults_are_taken_over(options: OptionsPanel) -> None:
    options.use_defaults_of(replace(INFO, default_steps=20, default_guidance=4.5))
    settings = options.read("a cat", new_seed=False)
    assert (settings.prompt, settings.steps, settings.guidance) == ("a cat", 20, 4.5)
    assert (settings.negative, settings.variants) == ("", 1)


def test_what_the_model_sees_and_steps_are_told(options: OptionsPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(options.scope_changed) as told:
        control(options, QComboBox, "What the model sees").setCurrentIndex(2)
    assert told.args == ["whole"]
    assert options.read("", new_seed=False).scope == "whole"
    with qtbot.waitSignal(options.cost_changed):
        control(options, QDoubleSpinBox, "Steps").setValue(33)
    assert options.steps == 33


def test_every_fill_draws_a_seed(options: OptionsPanel) -> None:
    assert len({options.read("", new_seed=False).seed for _ in range(5)}) == 5


def test_a_locked_seed_stays_but_not_for_another_try(options: OptionsPanel) -> None:
    control(options, QToolButton, "Lock the seed").setChecked(True)
    first = options.read("", new_seed=False).seed
    assert options.read("", new_seed=False).seed == first
    retried = options.read("", new_seed=True).seed
    assert retried != first
    assert options.read("", new_seed=False).seed == retried


def test_typing_a_seed_locks_it(options: OptionsPanel) -> None:
    control(options, QLineEdit, "Seed").selectAll()
    QTest.keyClicks(control(options, QLineEdit, "Seed"), "42")
    assert control(options, QToolButton, "Lock the seed").isChecked()
    assert options.read("", new_seed=False).seed == 42


def test_the_dice_draws_another_seed(options: OptionsPanel) -> None:
    before = control(options, QLineEdit, "Seed").text()
    control(options, QToolButton, "New random seed").click()
    assert control(options, QLineEdit, "Seed").text() != before


# --- presets -------------------------------------------------------------------------------------

MODEL = replace(INFO, default_steps=20, default_guidance=4.5)


def choose(options: OptionsPanel, name: str) -> None:
    presets = control(options, QComboBox, "Quality")
    presets.setCurrentIndex(presets.findData(name))
    presets.activated.emit(presets.currentIndex())


def test_a_preset_sets_the_numbers(options: OptionsPanel) -> None:
    options.use_defaults_of(MODEL)
    assert options.quality == "balanced"
    choose(options, "fast")
    settings = options.read("", new_seed=False)
    assert (settings.steps, settings.guidance) == (8, 4.5)


def test_quality_and_variants_leave_each_other_alone(options: OptionsPanel) -> None:
    options.use_defaults_of(MODEL)
    control(options, QSpinBox, "Number of variants").setValue(4)
    assert options.quality == "balanced"
    choose(options, "fast")
    assert options.variants == 4
    control(options, QSpinBox, "Number of variants").setValue(2)
    assert options.quality == "fast"


def test_until_a_model_is_there_the_last_numbers_can_be_read_only(options: OptionsPanel) -> None:
    options.show_last(12, 3.5)
    assert (options.steps, options.guidance) == (12, 3.5)
    numbers = (options._steps, options._guidance, control(options, QComboBox, "Quality"))
    assert not any(control.isEnabled() for control in numbers)
    options.use_defaults_of(MODEL)
    assert all(control.isEnabled() for control in numbers)
    assert (options.steps, options.guidance) == (20, 4.5)


def test_numbers_of_ones_own_are_called_custom_until_they_are_a_presets_again(
    options: OptionsPanel,
) -> None:
    options.use_defaults_of(MODEL)
    control(options, QDoubleSpinBox, "Steps").setValue(21)
    assert options.quality == ""
    assert control(options, QComboBox, "Quality").currentIndex() == -1
    assert control(options, QComboBox, "Quality").placeholderText() == "Custom"
    control(options, QDoubleSpinBox, "Steps").setValue(20)
    assert control(options, QComboBox, "Quality").currentText() == "Balanced"


def test_a_preset_follows_the_model_and_waits_for_it(options: OptionsPanel) -> None:
    options.set_quality("fast")
    options.use_defaults_of(MODEL)
    assert options.read("", new_seed=False).steps == 8
    options.use_defaults_of(replace(MODEL, model="another", default_steps=10))
    assert options.read("", new_seed=False).steps == 4
    assert options.quality == "fast"


def test_an_unknown_preset_changes_nothing(options: OptionsPanel) -> None:
    options.use_defaults_of(MODEL)
    options.set_quality("splendid")
    assert options.quality == "balanced"
