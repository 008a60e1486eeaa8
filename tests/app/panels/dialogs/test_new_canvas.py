from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QComboBox, QSpinBox
from pytestqt.qtbot import QtBot

from app.panels.dialogs.new_canvas import NewCanvasDialog
from tests.app.driving import control


def test_it_starts_with_the_present_size(qtbot: QtBot) -> None:
    dialog = NewCanvasDialog(QSize(640, 480))
    qtbot.addWidget(dialog)
    assert dialog.chosen_size() == QSize(640, 480)
    assert control(dialog, QComboBox, "Preset").currentText() == "Other"


def test_a_preset_sets_both_sides_and_numbers_find_their_preset(qtbot: QtBot) -> None:
    dialog = NewCanvasDialog(QSize(512, 512))
    qtbot.addWidget(dialog)
    index = control(dialog, QComboBox, "Preset").findText("1920 x 1080")
    control(dialog, QComboBox, "Preset").setCurrentIndex(index)
    control(dialog, QComboBox, "Preset").activated.emit(index)
    assert dialog.chosen_size() == QSize(1920, 1080)
    control(dialog, QSpinBox, "Width").setValue(1024)
    assert control(dialog, QComboBox, "Preset").currentText() == "Other"
    control(dialog, QSpinBox, "Height").setValue(1024)
    assert control(dialog, QComboBox, "Preset").currentText() == "1024 x 1024"
