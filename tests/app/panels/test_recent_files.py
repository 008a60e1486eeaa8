from __future__ import annotations

from pathlib import Path

from PIL import Image
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from app.panels.recent_files import RecentFiles
from app.system.settings import SettingsStore
from app.window import MainWindow


def texts(menu: RecentFiles) -> list[str]:
    menu.fill()
    return [row.text() for row in menu.actions() if not row.isSeparator()]


def test_the_latest_comes_first_and_twins_name_their_folders(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    menu = RecentFiles(settings)
    qtbot.addWidget(menu)
    assert texts(menu) == ["No recent files"]
    for name in ("/a/cat & dog.png", "/a/b/x.png", "/a/c/x.png"):
        settings.remember_file(Path(name))
    assert texts(menu) == ["x.png — c", "x.png — b", "cat && dog.png", "Clear this list"]
    menu.actions()[-1].trigger()
    assert settings.value.recent_files == ()


def test_a_file_of_any_name_is_opened_from_the_menu(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "ein 蘑菇 🍄 & more.png"
    Image.new("RGB", (31, 17)).save(path)
    window.settings.remember_file(path)
    menu = window.findChild(RecentFiles)
    assert menu is not None
    menu.fill()
    menu.actions()[0].trigger()
    assert window.document.size == QSize(31, 17)
    assert window.document.path == path
