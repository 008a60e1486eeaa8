from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.panels.fill.seed_field import SeedField


@pytest.fixture
def field(qtbot: QtBot) -> SeedField:
    made = SeedField("Seed")
    qtbot.addWidget(made)
    made.show()
    return made


def retype(field: SeedField, text: str) -> None:
    field.text.selectAll()
    QTest.keyClicks(field.text, text)


@pytest.mark.parametrize("seed", [0, 2**31, 3_698_135_662, 2**53 + 1, 2**63 - 1])
def test_every_digit_that_is_typed_counts(field: SeedField, seed: int) -> None:
    retype(field, str(seed))
    assert (field.value, field.is_valid, field.fault) == (seed, True, "")
    assert not field._fault.isVisible()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (str(2**63), "Too large: 9223372036854775807 is the largest seed."),
        ("9" * 5000, "Too large: 9223372036854775807 is the largest seed."),
        ("-1", "A seed is a whole number from 0 to 9223372036854775807."),
        ("1.5", "A seed is a whole number from 0 to 9223372036854775807."),
        ("seed", "A seed is a whole number from 0 to 9223372036854775807."),
    ],
)
def test_what_is_no_seed_stays_and_is_said(field: SeedField, text: str, fault: str) -> None:
    field.set_value(7)
    field.text.setText(text)
    assert (field.text.text(), field.fault, field.value) == (text, fault, 7)
    assert field._fault.isVisible()
    field.text.setText("8")
    assert (field.fault, field.value) == ("", 8)
    assert not field._fault.isVisible()


def test_an_empty_field_is_no_seed(field: SeedField) -> None:
    field.text.clear()
    assert not field.is_valid


def test_changes_and_typing_are_told(qtbot: QtBot, field: SeedField) -> None:
    with qtbot.waitSignal(field.changed), qtbot.assertNotEmitted(field.typed):
        field.set_value(7)
    with qtbot.assertNotEmitted(field.changed):
        field.set_value(7)
    with qtbot.waitSignals([field.changed, field.typed]):
        retype(field, "8")


def test_up_and_down_are_the_seeds_beside_it(qtbot: QtBot, field: SeedField) -> None:
    field.set_value(1)
    with qtbot.waitSignal(field.typed):
        QTest.keyClick(field.text, Qt.Key.Key_Up)
    assert field.value == 2
    for _ in range(3):
        QTest.keyClick(field.text, Qt.Key.Key_Down)
    assert field.value == 0
