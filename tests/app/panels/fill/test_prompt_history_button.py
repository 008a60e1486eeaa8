from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.panels.fill.prompt_history import PastPrompts
from app.panels.fill.prompt_history_button import PastPromptsButton
from app.system.settings import SettingsStore


@pytest.fixture
def button(qtbot: QtBot, settings: SettingsStore) -> PastPromptsButton:
    made = PastPromptsButton(PastPrompts(settings))
    qtbot.addWidget(made)
    return made


def rows(button: PastPromptsButton) -> list[str]:
    button.fill()
    return [row.text() for row in button.menu().actions() if not row.isSeparator()]


def test_an_empty_list_says_so(button: PastPromptsButton) -> None:
    assert rows(button) == ["No prompts yet"]
    assert not button.menu().actions()[0].isEnabled()


def test_a_prompt_is_chosen_whole(button: PastPromptsButton, qtbot: QtBot) -> None:
    long = "a cat & " + "a dog " * 20
    button._past.remember(long)
    assert rows(button)[0].startswith("a cat && a dog")
    with qtbot.waitSignal(button.chosen) as chosen:
        button.menu().actions()[0].trigger()
    assert chosen.args == [long]


def test_all_can_be_forgotten(button: PastPromptsButton) -> None:
    button._past.remember("a cat")
    assert rows(button)[-1] == "Forget all"
    button.menu().actions()[-1].trigger()
    assert button._past.all == ()
