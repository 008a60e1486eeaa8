from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.panels.gallery import account
from app.panels.gallery.account import AccountLine, TokenDialog
from lazydiff_core.errors import ModelError
from tests.app.doubles import PATIENCE_MS


class Store:
    """Stands in for huggingface_hub's store of tokens."""

    def __init__(self) -> None:
        self.token = ""

    def sign_in(self, token: str) -> None:
        if token == "wrong":
            raise ModelError("The hub does not accept this token: it is unknown.")
        self.token = token

    def sign_out(self) -> None:
        self.token = ""


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    made = Store()
    monkeypatch.setattr(account, "sign_in", made.sign_in)
    monkeypatch.setattr(account, "sign_out", made.sign_out)
    monkeypatch.setattr(account, "is_signed_in", lambda: bool(made.token))
    return made


@pytest.fixture
def line(qtbot: QtBot, store: Store) -> AccountLine:
    made = AccountLine()
    qtbot.addWidget(made)
    made.show()
    return made


def test_signing_in_and_out(qtbot: QtBot, line: AccountLine, store: Store) -> None:
    with qtbot.waitSignal(line.said, timeout=PATIENCE_MS) as told:
        line.sign_in_with("hf_x")
    assert told.args == ["You are signed in."]
    assert (store.token, line.button.text()) == ("hf_x", "Sign out")
    with qtbot.waitSignal(line.said, timeout=PATIENCE_MS):
        line.button.click()
    assert (store.token, line.button.text()) == ("", "Sign in with a token…")


def test_a_token_that_is_refused_is_told(qtbot: QtBot, line: AccountLine) -> None:
    with qtbot.waitSignal(line.said, timeout=PATIENCE_MS) as told:
        line.sign_in_with("wrong")
    assert told.args == ["The hub does not accept this token: it is unknown."]
    assert line.button.isEnabled()


def test_a_token_that_is_there_is_seen(qtbot: QtBot, line: AccountLine, store: Store) -> None:
    store.token = "hf_x"
    line.look()
    qtbot.waitUntil(lambda: line.button.text() == "Sign out", timeout=PATIENCE_MS)


def test_offline_nobody_is_asked(qtbot: QtBot, line: AccountLine) -> None:
    with qtbot.waitSignal(line.offline_wanted):
        line.offline.click()
    line.show_offline(True)
    assert not line.button.isEnabled()
    line.show_offline(False)
    assert line.button.isEnabled()


def test_a_token_is_not_shown(qtbot: QtBot) -> None:
    dialog = TokenDialog()
    qtbot.addWidget(dialog)
    assert dialog.token.echoMode() is QLineEdit.EchoMode.Password
    assert not dialog.accept_button.isEnabled()
    dialog.token.setText("hf_x")
    assert dialog.accept_button.isEnabled()
