from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.panels.fill.prompt_field import PromptEdit

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


# --- earlier prompts -----------------------------------------------------------------------------


@pytest.fixture
def shown(qtbot: QtBot, prompt: PromptEdit) -> PromptEdit:
    """On the screen, with something to go back to and something to complete."""
    prompt.set_past(lambda: ("a cat", "a dog"))
    prompt.set_concepts(("red apple", "red mushroom", "mushroom"))
    prompt.resize(300, prompt.height())
    with qtbot.waitExposed(prompt):
        prompt.show()
    prompt.activateWindow()
    prompt.setFocus()
    qtbot.waitUntil(prompt.hasFocus)
    return prompt


def press(prompt: PromptEdit, *keys: Qt.Key) -> str:
    for key in keys:
        QTest.keyClick(prompt, key)
    return prompt.prompt


UP, DOWN, TAB = Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Tab
ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


def test_up_and_down_go_through_earlier_prompts_and_back(shown: PromptEdit) -> None:
    QTest.keyClicks(shown, "xy")
    assert press(shown, UP) == "a cat"
    assert press(shown, UP) == "a dog"
    assert press(shown, UP) == "a dog", "there is no earlier one"
    assert press(shown, DOWN) == "a cat"
    assert press(shown, DOWN) == "xy", "what was being typed is still there"
    assert press(shown, DOWN) == "xy"


def test_an_earlier_prompt_can_be_changed_and_undone(shown: PromptEdit) -> None:
    press(shown, UP)
    QTest.keyClicks(shown, "s")
    assert shown.prompt == "a cats"
    assert press(shown, UP) == "a cat", "changed, it is a new one"
    shown.undo()
    assert shown.prompt == "a cats"


def test_in_a_prompt_of_several_lines_the_cursor_moves_first(shown: PromptEdit) -> None:
    long = "a very long prompt that goes on and on until it needs more than the one line it began"
    shown.use(long)
    presses = 0
    while shown.prompt == long:
        press(shown, UP)
        presses += 1
    assert presses > 1
    assert shown.prompt == "a cat"


# --- completion ----------------------------------------------------------------------------------


def offered(prompt: PromptEdit) -> list[str]:
    rows = prompt._suggestions
    return [rows.item(k).text() for k in range(rows.count())] if rows.isVisible() else []


def test_known_things_are_offered_and_tab_takes_the_first(shown: PromptEdit) -> None:
    QTest.keyClicks(shown, "a big red mu")
    assert offered(shown) == ["red mushroom"]
    assert press(shown, TAB) == "a big red mushroom"
    assert not offered(shown)
    assert shown.hasFocus()


def test_arrows_choose_and_enter_takes_what_was_chosen(shown: PromptEdit, qtbot: QtBot) -> None:
    QTest.keyClicks(shown, "red ")
    assert offered(shown) == ["red apple", "red mushroom"]
    with qtbot.assertNotEmitted(shown.submitted):
        assert press(shown, DOWN, DOWN, ENTER) == "red mushroom"


@pytest.mark.parametrize("held", [NONE, CTRL, SHIFT])
def test_enter_submits_while_things_are_offered(
    shown: PromptEdit, qtbot: QtBot, held: Qt.KeyboardModifier
) -> None:
    QTest.keyClicks(shown, "mush")
    assert offered(shown)
    with qtbot.waitSignal(shown.submitted):
        QTest.keyClick(shown, ENTER, held)
    assert shown.prompt == "mush"
    assert not offered(shown)


def test_ctrl_enter_submits_even_after_a_choice(shown: PromptEdit, qtbot: QtBot) -> None:
    QTest.keyClicks(shown, "mush")
    press(shown, DOWN)
    with qtbot.waitSignal(shown.submitted):
        QTest.keyClick(shown, ENTER, CTRL)
    assert shown.prompt == "mush"


def test_escape_closes_the_list_and_cancels_nothing_else(shown: PromptEdit) -> None:
    assert not takes(shown, ESCAPE, NONE)
    QTest.keyClicks(shown, "mush")
    assert takes(shown, ESCAPE, NONE)
    assert press(shown, ESCAPE) == "mush"
    assert not offered(shown)
    assert not takes(shown, ESCAPE, NONE)


def test_up_without_a_choice_is_about_earlier_prompts(shown: PromptEdit) -> None:
    QTest.keyClicks(shown, "mush")
    assert press(shown, UP) == "a cat"
    assert not offered(shown)


def test_nothing_is_offered_in_the_middle_of_a_word_or_elsewhere(
    shown: PromptEdit, qtbot: QtBot
) -> None:
    QTest.keyClicks(shown, "mush")
    shown.clearFocus()
    assert not offered(shown)
    shown.setFocus()
    press(shown, Qt.Key.Key_Home)
    QTest.keyClicks(shown, "re")
    assert not offered(shown)


def test_a_click_takes_one(shown: PromptEdit) -> None:
    QTest.keyClicks(shown, "mush")
    rows = shown._suggestions
    where = rows.visualItemRect(rows.item(1)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert shown.prompt == "red mushroom"
