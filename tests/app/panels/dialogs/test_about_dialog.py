from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.panels.dialogs.about_dialog import AboutDialog
from app.system.licences import Part
from app.window import MainWindow
from tests.app.doubles import action


def test_each_part_shows_its_text(qtbot: QtBot, tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_text(f"The license of {name}.")
    found = [Part(f"{name} 1.0", "MIT", (tmp_path / name,)) for name in "ab"]
    dialog = AboutDialog("0.1", found)
    qtbot.addWidget(dialog)
    assert dialog.text.toPlainText() == "The license of a."
    dialog.list.setCurrentRow(1)
    assert dialog.list.currentItem().text() == "b 1.0: MIT"
    assert dialog.text.toPlainText() == "The license of b."


def test_the_window_lists_what_is_inside(window: MainWindow) -> None:
    action(window, "about").trigger()
    (dialog,) = window.findChildren(AboutDialog)
    titles = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    assert titles[0].startswith("lazydiff ")
    assert any(title.startswith("torch ") for title in titles)
    assert "Apache License" in dialog.text.toPlainText()
    dialog.close()
