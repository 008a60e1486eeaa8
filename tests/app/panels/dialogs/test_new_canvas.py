from __future__ import annotations

from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from app.panels.dialogs.new_canvas import NewCanvasDialog


def test_it_starts_with_the_present_size(qtbot: QtBot) -> None:
    dialog = NewCanvasDialog(QSize(640, 480))
    qtbot.addWidget(dialog)
    assert dialog.chosen_size() == QSize(640, 480)
    assert dialog._preset.currentText() == "Other"


def test_a_preset_sets_both_sides_and_numbers_find_their_preset(qtbot: QtBot) -> None:
    dialog = NewCanvasDialog(QSize(512, 512))
    qtbot.addWidget(dialog)
    index = dialog._preset.findText("1920 x 1080")
    dialog._preset.setCurrentIndex(index)
    dialog._preset.activated.emit(index)
    assert dialog.chosen_size() == QSize(1920, 1080)
    dialog._width.setValue(1024)
    assert dialog._preset.currentText() == "Other"
    dialog._height.setValue(1024)
    assert dialog._preset.currentText() == "1024 x 1024"
