from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.panels.dialogs.diagnostics_dialog import DiagnosticsDialog


def test_what_is_seen_is_copied_and_more_only_if_ticked(qtbot: QtBot) -> None:
    dialog = DiagnosticsDialog(lambda private: "with paths" if private else "without")
    qtbot.addWidget(dialog)
    text = dialog.findChild(QPlainTextEdit)
    assert text.toPlainText() == "without"
    dialog.findChild(QCheckBox).setChecked(True)
    assert text.toPlainText() == "with paths"
    dialog.findChild(QCheckBox).setChecked(False)
    (copy,) = (b for b in dialog.findChild(QDialogButtonBox).buttons() if b.text() == "Copy")
    dialog.show()
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "without"
    assert not dialog.isVisible()
