from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from app.panels.fill.reference_section import ReferenceSection
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.reference_files import read_references, references_setting
from tests.app.doubles import INFO
from tests.app.driving import control

CAN = replace(INFO, edits=True, references=3)
PICTURES = tuple(Path(f"/pictures/{name}.png") for name in ("robot", "hat", "dog", "cat"))


@pytest.fixture
def section(qtbot: QtBot) -> ReferenceSection:
    made = ReferenceSection()
    qtbot.addWidget(made)
    made.use_model(CAN)
    made.show()
    return made


def mime(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_pictures_are_added_and_taken_off(section: ReferenceSection, qtbot: QtBot) -> None:
    with qtbot.waitSignal(section.changed):
        section.add(PICTURES[0])
    section.add(PICTURES[1])
    section.add(PICTURES[0])
    assert read_references(section.references) == PICTURES[:2], "each once"
    assert control(section, QLabel, "robot.png").toolTip() == str(PICTURES[0])
    with qtbot.waitSignal(section.changed):
        control(section, QToolButton, "Take robot.png off the list").click()
    assert read_references(section.references) == PICTURES[1:2]
    assert section.last == PICTURES[1]


def test_there_is_room_for_as_many_as_the_model_takes(section: ReferenceSection) -> None:
    for path in PICTURES:
        section.add(path)
    assert read_references(section.references) == PICTURES[:3]
    assert not section.add_button.isEnabled()
    section.use_model(replace(CAN, references=1))
    assert read_references(section.references) == PICTURES[:1]
    section.use_model(CAN)
    assert read_references(section.references) == PICTURES[:3], "the others waited"


def test_a_model_that_can_do_neither_is_asked_for_neither(section: ReferenceSection) -> None:
    section.add(PICTURES[0])
    section.instruct.click()
    assert section.edit
    section.use_model(INFO)
    assert (section.edit, section.references) == (False, "")
    assert not section.instruct.isVisible()
    assert not section.add_button.isVisible()
    section.use_model(CAN)
    assert section.edit
    assert section.instruct.isVisible()


def test_what_an_edit_was_made_with_is_taken_over(section: ReferenceSection, qtbot: QtBot) -> None:
    section.add(PICTURES[3])
    used = GenerationSettings(edit=True, references=references_setting(PICTURES[:2]))
    with qtbot.waitSignal(section.changed):
        section.use(used)
    assert (section.edit, section.references) == (used.edit, used.references)
    section.use(GenerationSettings())
    assert (section.edit, section.references) == (False, "")


def test_pictures_can_be_dropped(section: ReferenceSection, tmp_path: Path) -> None:
    path = tmp_path / "robot.png"
    path.write_bytes(b"any")
    buttons, held = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for paths, wanted in (((path,), True), ((tmp_path / "gone.png",), False)):
        data = mime(*paths)
        entered = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, buttons, held)
        entered.setAccepted(False)
        section.dragEnterEvent(entered)
        assert entered.isAccepted() is wanted
    data = mime(path, tmp_path / "gone.png")
    section.dropEvent(QDropEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, buttons, held))
    assert read_references(section.references) == (path,)
