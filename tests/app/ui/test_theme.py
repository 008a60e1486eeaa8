from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.canvas import hint
from app.ui import theme
from app.ui.theme import DARK, LIGHT, Theme
from app.window import MainWindow
from lazydiff_core.storage.resources import resource
from tests.app.doubles import action

# What WCAG 2.2 AA asks of words, and of the parts of controls that tell their state.
WORDS, PARTS = 4.5, 3.0
PAPERS = ("window", "panel", "field")
WORDLESS = ("::groove", "::handle", "::sub-page", "::chunk", "::separator", "::indicator", "#rule")


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


def rules() -> Iterator[tuple[str, str]]:
    """Selectors and declarations of the style sheet."""
    sheet = resource("themes/window.qss").read_text(encoding="utf-8")
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        yield " ".join(selectors.split()), body


def roles(body: str, declaration: str) -> list[str]:
    """The theme's colours that a declaration names."""
    found = re.search(rf"(?<![-\w]){declaration}:([^;]*)", body)
    return re.findall(r"\$(\w+)", found.group(1)) if found else []


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=["dark", "light"])
def test_words_can_be_read_wherever_the_style_sheet_puts_them(look: Theme) -> None:
    seen = 0
    for selectors, body in rules():
        inks, papers = roles(body, "color"), roles(body, "background")
        wordless = any(part in selectors for part in WORDLESS)
        if wordless or not (inks or papers):
            continue
        for ink in inks or ["text"]:
            for paper in papers or PAPERS:
                if paper == "surround" or (paper in ("accent", "accent_hover") and not inks):
                    continue
                seen += 1
                found = contrast(getattr(look, ink), getattr(look, paper))
                assert found >= WORDS, f"{selectors}: {ink} on {paper} has {found:.2f}"
    assert seen > 40


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=["dark", "light"])
def test_other_words_can_be_read(look: Theme) -> None:
    for ink in ("text", "dim", "accent", "danger"):  # labels, hints, links and faults
        for paper in PAPERS:
            assert contrast(getattr(look, ink), getattr(look, paper)) >= WORDS, (ink, paper)
    for ink, paper in (
        *(("on_accent", "accent"), ("on_accent", "accent_hover")),
        *(("text", "chosen"), ("text", "hover"), ("text", "danger_back")),
    ):
        assert contrast(getattr(look, ink), getattr(look, paper)) >= WORDS, (ink, paper)


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=["dark", "light"])
def test_what_is_dim_can_be_read_on_every_ground(look: Theme) -> None:
    """Such as the second line of a row that is chosen, and a button that cannot act."""
    for paper in (*PAPERS, "hover", "chosen", "danger_back"):
        assert contrast(look.dim, getattr(look, paper)) >= WORDS, paper


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_a_control_that_cannot_act_can_be_read(
    qapp: QApplication, qtbot: QtBot, choice: str
) -> None:
    theme.apply(choice)
    box = QWidget()
    qtbot.addWidget(box)
    row = QHBoxLayout(box)
    usual, label, line = QPushButton("MMMM"), QLabel("MMMM"), QLineEdit("MMMM")
    usual.setDefault(True)
    for widget in (usual, label, line):
        row.addWidget(widget)
        widget.setEnabled(False)
    box.setStyleSheet("* { font-size: 40pt; }")
    box.show()
    for widget in (usual, label, line):
        image = widget.grab().toImage()
        inner = image.rect().adjusted(6, 6, -6, -6)
        spots = range(inner.left(), inner.right(), 2), range(inner.top(), inner.bottom(), 2)
        seen = Counter(image.pixelColor(x, y).name() for x in spots[0] for y in spots[1])
        (paper, _), (ink, _) = seen.most_common(2)
        assert contrast(ink, paper) >= WORDS, (type(widget).__name__, ink, paper)


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=["dark", "light"])
def test_the_focus_and_icons_can_be_seen(look: Theme) -> None:
    focused = [(where, roles(body, "border-color")) for where, body in rules() if ":focus" in where]
    assert len(focused) > 5
    inks = {ink for _, colours in focused for ink in colours} | {"text", "dim"}
    for ink in inks:
        for paper in PAPERS:
            assert contrast(getattr(look, ink), getattr(look, paper)) >= PARTS, (ink, paper)
    assert contrast(look.danger, look.danger_back) >= PARTS
    assert contrast(look.accent, look.chosen) >= PARTS  # the icon beside news


def test_the_hint_can_be_read_on_a_white_canvas() -> None:
    for ink in (hint._STRONG, hint._SOFT):
        assert ink.alpha() == 255
        assert contrast(ink.name(), "#ffffff") >= WORDS


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


def test_the_window_follows_the_system_while_it_is_open(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = QPalette.ColorRole.Window
    window.appearance.choose_theme("system")
    for scheme, expected in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT)):
        monkeypatch.setattr(theme, "_system", lambda scheme=scheme: scheme)
        QGuiApplication.styleHints().colorSchemeChanged.emit(scheme)
        assert window.palette().color(role) == QColor(expected.window)
        picture = action(window, "save").icon().pixmap(48).toImage()
        inks = [picture.pixelColor(x, y) for x in range(48) for y in range(48)]
        strongest = max(inks, key=QColor.alpha)
        assert contrast(strongest.name(), expected.window) >= WORDS


def test_a_theme_of_ones_own_does_not_follow_the_system(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.appearance.choose_theme("light")
    monkeypatch.setattr(theme, "_system", lambda: Qt.ColorScheme.Dark)
    QGuiApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert window.palette().color(QPalette.ColorRole.Window) == QColor(LIGHT.window)
