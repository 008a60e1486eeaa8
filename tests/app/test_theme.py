from __future__ import annotations

from dataclasses import fields

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from app import theme
from app.theme import DARK, LIGHT, Theme


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG defines it."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(QColor(first)), luminance(QColor(second))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("look", [DARK, LIGHT])
@pytest.mark.parametrize("ink", ["text", "dim"])
@pytest.mark.parametrize("paper", ["window", "panel", "field"])
def test_words_can_be_read(look: Theme, ink: str, paper: str) -> None:
    assert contrast(getattr(look, ink), getattr(look, paper)) >= 4.5


@pytest.mark.parametrize("look", [DARK, LIGHT])
def test_words_on_colours_can_be_read(look: Theme) -> None:
    assert contrast(look.on_accent, look.accent) >= 4.5
    assert contrast(look.text, look.chosen) >= 4.5
    assert contrast(look.text, look.danger_back) >= 4.5
    assert contrast(look.danger, look.danger_back) >= 3


@pytest.mark.parametrize("look", [DARK, LIGHT])
def test_every_colour_is_one(look: Theme) -> None:
    assert all(QColor(getattr(look, row.name)).isValid() for row in fields(look))


@pytest.mark.parametrize(("choice", "expected"), [("dark", DARK), ("light", LIGHT)])
def test_a_choice_dresses_the_program(qapp: QApplication, choice: str, expected: Theme) -> None:
    theme.apply(choice)
    window = QPalette.ColorRole.Window
    assert qapp.palette().color(window) == QColor(expected.window)
    assert expected.accent in qapp.styleSheet()
    assert "$" not in qapp.styleSheet()


def test_an_unknown_choice_follows_the_system(qapp: QApplication) -> None:
    assert theme.chosen("nonsense") == theme.chosen("system")
