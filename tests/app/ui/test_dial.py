from __future__ import annotations

import pytest
from PySide6.QtWidgets import QDoubleSpinBox, QSlider
from pytestqt.qtbot import QtBot

from app.ui.dial import Dial
from tests.app.driving import control


@pytest.fixture
def dial(qtbot: QtBot) -> Dial:
    made = Dial("Guidance", 0, 15, step=0.1, decimals=1)
    qtbot.addWidget(made)
    return made


def slider_of(dial: Dial) -> QSlider:
    return control(dial, QSlider, "Guidance")


def field_of(dial: Dial) -> QDoubleSpinBox:
    return control(dial, QDoubleSpinBox, "Guidance")


def test_slider_and_field_agree(dial: Dial) -> None:
    slider_of(dial).setValue(45)
    assert dial.value == field_of(dial).value() == 4.5
    field_of(dial).setValue(7.2)
    assert slider_of(dial).value() == 72


def test_a_change_is_told_once(dial: Dial) -> None:
    told: list[float] = []
    dial.changed.connect(told.append)
    dial.set_value(3.3)
    dial.set_value(3.3)
    slider_of(dial).setValue(40)
    assert told == [3.3, 4.0]


def test_a_value_keeps_its_digits_until_it_is_changed(dial: Dial) -> None:
    dial.set_value(4.567)
    assert (dial.value, field_of(dial).text()) == (4.567, "4.6")
    field_of(dial).setValue(4.7)
    assert dial.value == 4.7


def test_the_field_goes_further_than_the_slider(qtbot: QtBot) -> None:
    dial = Dial("Guidance", 1, 1000, slider_high=100)
    qtbot.addWidget(dial)
    dial.set_value(250)
    assert (
        dial.value,
        field_of(dial).value(),
        slider_of(dial).value(),
    ) == (250, 250, 100)
    slider_of(dial).setValue(40)
    assert dial.value == 40


def test_values_stay_within_limits(dial: Dial) -> None:
    dial.set_value(99)
    assert dial.value == 15
