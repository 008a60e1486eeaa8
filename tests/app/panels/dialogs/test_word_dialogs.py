from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.panels.dialogs.word_dialogs import WordDialog, WordsDialog
from lazydiff_core.model_store import TaughtWords
from tests.lazydiff_core.tiny import polygon

STAR = polygon((250, 200, 20), 5)


@pytest.fixture
def words(tmp_path: Path) -> TaughtWords:
    made = TaughtWords(tmp_path / "words")
    made.add("star", STAR)
    made.add("ball", polygon((20, 20, 250), 50))
    return made


def test_a_name_is_asked_for(qtbot: QtBot) -> None:
    dialog = WordDialog(STAR)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.accept_button.isEnabled()
    assert "letters" in dialog.accept_button.toolTip()
    qtbot.keyClicks(dialog.name, "My star")
    assert dialog.accept_button.isEnabled()
    dialog.accept_button.click()
    assert dialog.result() == WordDialog.DialogCode.Accepted
    assert dialog.word == "My star"


def test_names_cannot_be_too_long(qtbot: QtBot) -> None:
    dialog = WordDialog(STAR)
    qtbot.addWidget(dialog)
    dialog.name.setText("x" * 99)
    assert len(dialog.word) == 40
    assert dialog.accept_button.isEnabled()


def test_words_are_shown_and_forgotten(qtbot: QtBot, words: TaughtWords) -> None:
    dialog = WordsDialog(words)
    qtbot.addWidget(dialog)
    dialog.show()
    assert [dialog.list.item(row).text() for row in range(2)] == ["ball", "star"]
    assert not dialog.list.item(0).icon().isNull()
    dialog.list.setCurrentRow(1)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    assert dialog.forgotten == []  # Enter closes, it does not forget
    dialog.forget.click()
    assert dialog.forgotten == ["star"]
    assert words.listed() == ("ball",)
    dialog.forget.click()
    assert words.listed() == ()
    assert not dialog.forget.isEnabled()
    assert "None yet" in dialog.text.text()


def test_a_word_that_is_gone_already_is_said(qtbot: QtBot, words: TaughtWords) -> None:
    dialog = WordsDialog(words)
    qtbot.addWidget(dialog)
    words.remove("ball")
    dialog.forget_chosen()
    assert "no taught word" in dialog.text.text()
    assert dialog.forgotten == []


def test_nothing_taught_yet(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = WordsDialog(TaughtWords(tmp_path))
    qtbot.addWidget(dialog)
    assert not dialog.forget.isEnabled()
    assert "None yet" in dialog.text.text()
