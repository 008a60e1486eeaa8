from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFileDialog,
    QMessageBox,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.panels.dialogs.dialogs import Dialogs
from app.panels.dialogs.new_canvas import NewCanvas, NewCanvasDialog
from app.panels.dialogs.save_questions import Answer, Changed, Unsaved
from app.ui import theme
from tests.app.driving import control

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


def press(text: str) -> Callable[[QWidget], None]:
    """Press the button of a question that begins with this text."""

    def answer(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        (found,) = (b for b in box.buttons() if b.text().replace("&", "").startswith(text))
        found.click()

    return answer


@pytest.mark.parametrize(
    ("lost", "text", "expected"),
    [
        (Unsaved.CHANGES_AND_HISTORY, "Save", None),  # two begin so
        (Unsaved.CHANGES_AND_HISTORY, "Save as a project", Answer.PROJECT),
        (Unsaved.CHANGES_AND_HISTORY, "Discard", Answer.DISCARD),
        (Unsaved.HISTORY, "Save as a project", Answer.PROJECT),
        (Unsaved.HISTORY, "Save", Answer.PROJECT),  # the pixels are saved: there is no other
        (Unsaved.HISTORY, "Discard", Answer.DISCARD),
        (Unsaved.HISTORY, "Cancel", Answer.KEEP),
    ],
)
def test_what_only_a_project_keeps(
    dialogs: Dialogs, lost: Unsaved, text: str, expected: Answer | None
) -> None:
    def look(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        assert "project only" in box.informativeText()
        assert "istory" not in box.informativeText(), "undo is empty once a project is opened"
        if expected is None:
            box.button(QMessageBox.StandardButton.Save).click()
        else:
            press(text)(box)

    soon(look)
    assert dialogs.ask_unsaved("kitten.png", lost) == (expected or Answer.SAVE)


@pytest.mark.parametrize("language", ["en", "de"])
def test_buttons_have_room_for_what_they_say(
    dialogs: Dialogs, language: str, request: pytest.FixtureRequest
) -> None:
    if language == "de":
        request.getfixturevalue("german")
    theme.apply("light")

    def measure(box: QWidget) -> None:
        narrow.extend(b.text() for b in box.findChildren(QPushButton) if is_squeezed(b))
        box.close()

    def is_squeezed(button: QPushButton) -> bool:
        return button.isVisible() and button.width() < button.sizeHint().width()

    narrow: list[str] = []
    soon(measure)
    dialogs.ask_unsaved("kitten.png", Unsaved.CHANGES_AND_HISTORY)
    soon(measure)
    dialogs.ask_taken("kitten.lazydiff")
    assert narrow == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Replace it", Changed.REPLACE),
        ("Save as", Changed.OTHER_NAME),
        ("Cancel", Changed.KEEP),
    ],
)
def test_a_file_that_was_changed(dialogs: Dialogs, text: str, expected: Changed) -> None:
    soon(press(text))
    assert dialogs.ask_changed("kitten.png") == expected


@pytest.mark.parametrize(("text", "expected"), [("Save all", True), ("Cancel", False)])
def test_what_a_file_cannot_keep(dialogs: Dialogs, text: str, expected: bool) -> None:
    def answer(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        assert box.informativeText() == "• transparency\n• layers"
        press(text)(box)

    soon(answer)
    assert dialogs.ask_losses("kitten.jpg", ("transparency", "layers")) is expected


@pytest.mark.parametrize("is_clear", [False, True])
def test_a_new_size(dialogs: Dialogs, is_clear: bool) -> None:
    def accept(dialog: QWidget) -> None:
        assert isinstance(dialog, NewCanvasDialog)
        dialog._width.setValue(300)
        control(dialog, QCheckBox, "Transparent").setChecked(is_clear)
        dialog.accept()

    soon(accept)
    assert dialogs.ask_canvas(QSize(512, 256)) == NewCanvas(QSize(300, 256), is_clear)
    soon(lambda dialog: dialog.close() and None)
    assert dialogs.ask_canvas(QSize(512, 256)) is None


def test_a_name_without_a_suffix_takes_that_of_the_format(dialogs: Dialogs, tmp_path: Path) -> None:
    def accept(dialog: QWidget) -> None:
        assert isinstance(dialog, QFileDialog)
        dialog.selectFile(str(tmp_path / "kitten"))
        dialog.accept()

    soon(accept)
    assert dialogs.ask_save(tmp_path / "untitled.webp") == tmp_path / "kitten.webp"


@pytest.mark.parametrize(
    ("ask", "title"), [(Dialogs.ask_save, "Save as"), (Dialogs.ask_export, "Export a copy")]
)
def test_the_title_says_what_becomes_of_the_file(
    dialogs: Dialogs, tmp_path: Path, ask: Callable[[Dialogs, Path], Path | None], title: str
) -> None:
    titles: list[str] = []

    def look(dialog: QWidget) -> None:
        titles.append(dialog.windowTitle())
        dialog.close()

    soon(look)
    assert ask(dialogs, tmp_path / "a.png") is None
    assert titles == [title]


def test_thinking_better_of_it(dialogs: Dialogs, tmp_path: Path) -> None:
    soon(lambda dialog: dialog.close() and None)
    assert dialogs.ask_save(tmp_path / "a.png") is None
    soon(lambda dialog: dialog.close() and None)
    assert dialogs.ask_open(tmp_path) is None
