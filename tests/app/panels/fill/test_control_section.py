from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from pytestqt.qtbot import QtBot

from app.panels.fill.control_section import ControlSection
from lazydiff_core.control_files import Control, read_control
from tests.app.doubles import INFO

CAN = replace(INFO, controls=True)
NETWORK, PICTURE = Path("/nets/union.safetensors"), Path("/pictures/edges.png")


@pytest.fixture
def section(qtbot: QtBot) -> ControlSection:
    made = ControlSection()
    qtbot.addWidget(made)
    made.use_model(CAN)
    made.show()
    return made


def test_a_network_follows_the_sketch_until_a_picture_is_chosen(
    section: ControlSection, qtbot: QtBot
) -> None:
    assert section.setting == ""
    with qtbot.waitSignal(section.changed):
        section.use_network(NETWORK)
    assert read_control(section.setting) == Control(NETWORK)
    assert section.check.toolTip() == str(NETWORK)
    section.strength.set_value(0.4)
    with qtbot.waitSignal(section.changed):
        section.use_picture(PICTURE)
    assert read_control(section.setting) == Control(NETWORK, 0.4, PICTURE)
    assert section.followed.currentText() == "edges.png"
    section.followed.activated.emit(0)
    section.followed.setCurrentIndex(0)
    assert read_control(section.setting) == Control(NETWORK, 0.4)


def test_the_last_row_asks_for_a_picture_and_leaves_what_was_followed(
    section: ControlSection, qtbot: QtBot
) -> None:
    section.use_network(NETWORK)
    section.use_picture(PICTURE)
    with qtbot.waitSignal(section.picture_wanted), qtbot.assertNotEmitted(section.changed):
        section.followed.setCurrentIndex(2)
        section.followed.activated.emit(2)
    assert read_control(section.setting) == Control(NETWORK, picture=PICTURE)


def test_it_can_be_switched_off_and_taken_away(section: ControlSection, qtbot: QtBot) -> None:
    section.use_network(NETWORK)
    with qtbot.waitSignal(section.changed):
        section.check.click()
    assert section.setting == ""
    section.check.click()
    with qtbot.waitSignal(section.changed):
        section.remove.click()
    assert (section.setting, section.followed.isVisible()) == ("", False)


def test_a_model_that_follows_none_hides_it(section: ControlSection) -> None:
    section.use_network(NETWORK)
    section.use_model(INFO)
    assert (section.setting, section.isVisible()) == ("", False)
    section.use_model(CAN)
    assert read_control(section.setting) == Control(NETWORK), "it waited"


@pytest.mark.parametrize("control", [Control(NETWORK, 1.2, PICTURE), Control(NETWORK, 0.5)])
def test_what_an_edit_was_made_with_is_taken_over(
    section: ControlSection, control: Control
) -> None:
    section.use(str(control))
    assert read_control(section.setting) == control
    section.use("")
    assert section.setting == ""


def test_files_are_dropped(section: ControlSection, tmp_path: Path) -> None:
    paths = [tmp_path / "n.safetensors", tmp_path / "lines.png"]
    for path in paths:
        path.touch()
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        buttons = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, *buttons)
        section.dragEnterEvent(enter)
        assert enter.isAccepted()
        section.dropEvent(QDropEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, *buttons))
    assert read_control(section.setting) == Control(paths[0], picture=paths[1])
