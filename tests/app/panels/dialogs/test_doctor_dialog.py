"""The doctor's dialog, with small programs in the doctor's place."""

from __future__ import annotations

import sys

from PySide6.QtCore import QProcess, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.panels.dialogs.doctor_dialog import DoctorDialog, doctor_command

STEP = "import sys, time; print('2/9 disk', file=sys.stderr, flush=True); "


def shown(qtbot: QtBot, program: str) -> DoctorDialog:
    dialog = DoctorDialog([sys.executable, "-c", program])
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.begin()
    return dialog


def test_the_report_can_be_read_and_copied(qtbot: QtBot) -> None:
    dialog = shown(qtbot, STEP + "print('ok  disk  77 GB')")
    assert not dialog.copy.isEnabled()
    qtbot.waitUntil(lambda: dialog.process.state() == QProcess.ProcessState.NotRunning)
    assert dialog.text.toPlainText() == "ok  disk  77 GB"
    assert dialog.note.text() == "All that is needed works here."
    assert not dialog.bar.isVisible()
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "ok  disk  77 GB"


def test_something_wrong_is_said(qtbot: QtBot) -> None:
    dialog = shown(qtbot, STEP + "print('NO  disk  full'); sys.exit(2)")
    qtbot.waitUntil(lambda: "Something is wrong" in dialog.note.text())
    assert dialog.text.toPlainText() == "NO  disk  full"


def test_it_says_where_it_is_and_stops_at_once(qtbot: QtBot) -> None:
    dialog = shown(qtbot, STEP + "time.sleep(100)")
    qtbot.waitUntil(lambda: dialog.note.text() == "Checking: disk")
    assert (dialog.bar.value(), dialog.bar.maximum()) == (1, 9)
    assert dialog.act.text() == "Stop"
    qtbot.mouseClick(dialog.act, Qt.MouseButton.LeftButton)
    assert dialog.note.text() == "Stopped."
    assert dialog.act.text() == "Check"


def test_closing_stops_it(qtbot: QtBot) -> None:
    dialog = shown(qtbot, STEP + "time.sleep(100)")
    qtbot.waitUntil(lambda: dialog.process.state() == QProcess.ProcessState.Running)
    dialog.reject()
    assert dialog.process.state() == QProcess.ProcessState.NotRunning
    assert not dialog.isVisible()


def test_thoroughly_asks_for_more(qtbot: QtBot) -> None:
    dialog = DoctorDialog([sys.executable, "-c", "import sys; print(sys.argv[1:])"])
    qtbot.addWidget(dialog)
    dialog.full.setChecked(True)
    dialog.begin()
    qtbot.waitUntil(lambda: dialog.text.toPlainText() == "['--full']")


def test_a_program_that_fails_or_is_not_there(qtbot: QtBot) -> None:
    dialog = shown(qtbot, "raise SystemExit('no torch')")
    qtbot.waitUntil(lambda: dialog.note.text() == "The examination itself failed.")
    assert dialog.text.toPlainText() == "no torch"
    absent = DoctorDialog(["/nowhere/lazydiff"])
    qtbot.addWidget(absent)
    absent.begin()
    qtbot.waitUntil(lambda: absent.note.text().startswith("It cannot be started"))


def test_it_is_this_very_program() -> None:
    assert doctor_command() == [sys.executable, "-m", "lazydiff_core.cli", "doctor"]
