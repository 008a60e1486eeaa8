from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.actions import ACTIONS, GESTURES
from app.actions.menus import translated
from app.canvas.tools import TOOLS
from app.panels.fill.options import OptionsPanel
from app.panels.fill.progress import seconds
from app.ui import translation
from lazydiff_core.storage.resources import resource

CHOSEN_BY_NAME = {"English", "Deutsch"}


@pytest.mark.parametrize("choice", ["en", "de"])
def test_a_choice_is_the_language(choice: str) -> None:
    assert translation.language(choice) == choice


@pytest.mark.parametrize(
    ("spoken", "expected"),
    [(["de-AT", "de"], "de"), (["en-GB", "de-DE"], "en"), (["fr-FR", "de"], "de"), (["C"], "en")],
)
def test_otherwise_the_system_decides_in_its_order(
    monkeypatch: pytest.MonkeyPatch, spoken: list[str], expected: str
) -> None:
    monkeypatch.setattr(QLocale, "uiLanguages", lambda self: spoken)
    assert translation.language("system") == expected
    assert translation.language("nonsense") == expected


@pytest.mark.usefixtures("german")
def test_the_tables_speak_german() -> None:
    rows = [text for row in ACTIONS for text in (row.title, row.tip, row.menu) if text]
    rows += [text for row in GESTURES for text in (row.title, row.keys)]
    rows += [text for tool in TOOLS.values() for text in (tool.text, tool.hint)]
    rows += [need.reason for row in ACTIONS for need in row.needs]
    same = {text for text in rows if translated(text) == text} - CHOSEN_BY_NAME
    # Words that are the same in both languages.
    assert same <= {"Zoom", "Esc", "Ellipse", "Lasso", "Polygon", "Hand", "Prompt"}


@pytest.mark.usefixtures("german")
def test_keys_and_panels_speak_german(qtbot: QtBot) -> None:
    native = QKeySequence("Ctrl+Shift+A").toString(QKeySequence.SequenceFormat.NativeText)
    assert native == "Strg+Umschalt+A"
    assert seconds(0.86) == "0,9 s"
    panel = OptionsPanel()
    qtbot.addWidget(panel)
    assert "Schritte" in {label.text() for label in panel.findChildren(QLabel)}


def test_english_needs_no_file(qapp: QApplication) -> None:
    before = QLocale()
    translation.install(qapp, "en")
    assert translated("&File") == "&File"
    QLocale.setDefault(before)


def test_english_is_spelled_as_in_the_dialogs_of_qt_and_german_writes_keys_in_one_way() -> None:
    tree = ElementTree.parse(resource("translations/lazydiff_de.ts"))
    told = [
        (message.findtext("source", ""), message.findtext("translation", ""))
        for message in tree.iter("message")
    ]
    assert len(told) > 500
    british = re.compile(
        r"colour|licence|\bgreys?\b|centre\b|normalis|organis|favour", re.IGNORECASE
    )
    assert [source for source, _ in told if british.search(source)] == []
    assert [german for _, german in told if " …" in german or "Eingabe" in german] == []
