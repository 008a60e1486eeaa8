from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from app.panels.dialogs.dialogs import Answer, Dialogs
from app.panels.dialogs.new_canvas import NewCanvasDialog

NO_NATIVE = Qt.ApplicationAttribute.AA_DontUseNativeDialogs


@pytest.fixture
def dialogs(qtbot: QtBot) -> Iterator[Dialogs]:
    """Qt's own dialogs: the system's cannot be answered by a test."""
    before = QApplication.testAttribute(NO_NATIVE)
    QApplication.setAttribute(NO_NATIVE, True)
    parent = QWidget()
    qtbot.addWidget(parent)
    yield Dialogs(parent)
    QApplication.setAttribute(NO_NATIVE, before)


def soon(answer: Callable[[QWidget], None]) -> None:
    """Answer the modal dialog that is about to open."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(10, look)
        else:
            answer(dialog)

    QTimer.singleShot(0, look)


@pytest.mark.parametrize(
    ("button", "expected"),
    [
        (QMessageBox.StandardButton.Save, Answer.SAVE),
        (QMessageBox.StandardButton.Discard, Answer.DISCARD),
        (QMessageBox.StandardButton.Cancel, Answer.KEEP),
    ],
)
def test_unsaved_changes(
    dialogs: Dialogs, button: QMessageBox.StandardButton, expected: Answer
) -> None:
    def answer(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        assert "kitten.png" in box.text()
        box.button(button).click()

    soon(answer)
    assert dialogs.ask_unsaved("kitten.png") == expected


def test_a_new_size(dialogs: Dialogs) -> None:
    def accept(dialog: QWidget) -> None:
        assert isinstance(dialog, NewCanvasDialog)
        dialog._width.setValue(300)
        dialog.accept()

    soon(accept)
    assert dialogs.ask_size(QSize(512, 256)) == QSize(300, 256)
    soon(lambda dialog: dialog.close() and None)
    assert dialogs.ask_size(QSize(512, 256)) is None


def test_a_name_without_a_suffix_takes_that_of_the_format(dialogs: Dialogs, tmp_path: Path) -> None:
    def accept(dialog: QWidget) -> None:
        assert isinstance(dialog, QFileDialog)
        dialog.selectFile(str(tmp_path / "kitten"))
        dialog.accept()

    soon(accept)
    assert dialogs.ask_save(tmp_path / "untitled.webp") == tmp_path / "kitten.webp"


def test_thinking_better_of_it(dialogs: Dialogs, tmp_path: Path) -> None:
    soon(lambda dialog: dialog.close() and None)
    assert dialogs.ask_save(tmp_path / "a.png") is None
    soon(lambda dialog: dialog.close() and None)
    assert dialogs.ask_open(tmp_path) is None
