from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.panels.prompt import PromptEdit

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def prompt(qtbot: QtBot) -> PromptEdit:
    made = PromptEdit()
    qtbot.addWidget(made)
    return made


def takes(prompt: PromptEdit, key: Qt.Key, held: Qt.KeyboardModifier) -> bool:
    """Whether the prompt wants a key for itself rather than as a shortcut."""
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, held)
    event.ignore()
    QApplication.sendEvent(prompt, event)
    return event.isAccepted()


@pytest.mark.parametrize("held", [NONE, CTRL, SHIFT])
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_submits(
    prompt: PromptEdit, qtbot: QtBot, key: Qt.Key, held: Qt.KeyboardModifier
) -> None:
    QTest.keyClicks(prompt, "a red mushroom")
    with qtbot.waitSignal(prompt.submitted):
        QTest.keyClick(prompt, key, held)
    assert prompt.prompt == "a red mushroom"


def test_a_pasted_text_becomes_one_line(prompt: PromptEdit) -> None:
    prompt.setPlainText("  a red\nmushroom \n\n on moss ")
    assert prompt.prompt == "a red mushroom on moss"


def test_undo_is_about_the_words_until_they_are_submitted(prompt: PromptEdit) -> None:
    assert not takes(prompt, Qt.Key.Key_Z, CTRL)
    QTest.keyClicks(prompt, "moss")
    assert takes(prompt, Qt.Key.Key_Z, CTRL)
    prompt.forget_typing()
    assert not takes(prompt, Qt.Key.Key_Z, CTRL)
    assert not takes(prompt, Qt.Key.Key_Z, CTRL | SHIFT)
