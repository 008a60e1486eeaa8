from __future__ import annotations

import sys
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from app.ui.elided import ElidedLabel
from app.ui.messages import Messages, Offer, report_faults_to
from tests.app.doubles import PATIENCE_MS
from tests.app.driving import control


def test_an_error_stays_until_it_is_dismissed(messages: Messages, qtbot: QtBot) -> None:
    messages._timer.setInterval(1)
    messages.news("Saved.")
    messages.error("The disk is full: make room and save again.")
    qtbot.wait(20)
    assert messages.isVisibleTo(None)
    assert messages.text.startswith("The disk")
    messages.dismiss()
    assert messages.isHidden()


def test_news_go_by_themselves(messages: Messages, qtbot: QtBot) -> None:
    messages._timer.setInterval(1)
    messages.news("Saved.")
    assert not messages.isHidden()
    qtbot.waitUntil(messages.isHidden, timeout=PATIENCE_MS)


def test_news_do_not_drive_an_error_away(messages: Messages, qtbot: QtBot) -> None:
    messages._timer.setInterval(1)
    messages.error("The disk is full: make room and save again.")
    messages.news("Picture copied.")
    assert messages.text == "Picture copied."
    qtbot.waitUntil(lambda: messages.text.startswith("The disk"), timeout=PATIENCE_MS)
    assert messages.property("kind") == "error"
    messages.news("Picture copied.")
    messages.dismiss()  # the news alone
    assert messages.text.startswith("The disk")


def test_errors_do_not_stack_up_but_lasting_ones_wait(messages: Messages) -> None:
    messages.error("Your work is not guarded.", lasting=True)
    for text in ("First.", "Second.", "First.", "Third."):
        messages.error(text)
    assert messages._more.text() == "1 more"
    read = []
    while not messages.isHidden():
        read.append(messages.text)
        messages.dismiss()
    assert read == ["Third.", "Your work is not guarded."]


def test_what_has_no_room_is_shown_as_a_whole_on_demand(messages: Messages, qtbot: QtBot) -> None:
    messages.resize(400, 30)
    messages.show()
    whole = control(messages, QToolButton, "Show all")
    messages.error("Short.")
    assert not whole.isVisible()
    text = "The disk is full, and nothing at all could be saved: " + "make room, " * 12
    messages.error(text)
    assert messages.sizeHint().height() <= 32, "one line, however long"
    assert whole.isVisible()
    qtbot.mouseClick(whole, Qt.MouseButton.LeftButton)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    assert popup.findChild(QLabel).text() == text
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    messages.error("Short.")
    assert not whole.isVisible()


def test_a_screen_reader_hears_the_message(messages: Messages, qtbot: QtBot) -> None:
    messages.news("Saved a.png.")
    line = messages.findChild(ElidedLabel)
    assert QAccessible.queryAccessibleInterface(line).text(QAccessible.Text.Name) == "Saved a.png."


def test_going_on_settles_what_does_not_last(messages: Messages) -> None:
    messages.error("Your work is not guarded.", lasting=True)
    messages.error("That fill failed.")
    messages.settle()
    assert messages.text == "Your work is not guarded."
    messages.withdraw("Your work is not guarded.")
    assert messages.isHidden()


def test_markup_in_a_message_is_shown_as_it_is(messages: Messages) -> None:
    messages.error("<b>odd name</b>.png cannot be read")
    assert messages.text == "<b>odd name</b>.png cannot be read"


def test_a_fault_nobody_caught_reaches_the_artist_from_any_thread(
    messages: Messages,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    report_faults_to(messages)
    error = ValueError("odd value")
    thread = threading.Thread(target=sys.excepthook, args=(ValueError, error, None))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: "odd value" in messages.text, timeout=PATIENCE_MS)
    assert "Unexpected fault" in caplog.text


def test_an_interrupt_is_no_fault(
    messages: Messages, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    report_faults_to(messages)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert messages.isHidden()
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_an_offer_is_done_by_one_click_and_only_once(messages: Messages, qtbot: QtBot) -> None:
    done: list[str] = []
    messages.error("The engine hangs.", Offer("Restart", lambda: done.append("restarted")))
    button = messages.findChild(QToolButton, "offer")
    assert button.isVisibleTo(messages)
    assert button.text() == "Restart"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["restarted"]
    assert messages.isHidden()
    messages.error("The disk is full.")
    assert not button.isVisibleTo(messages)
