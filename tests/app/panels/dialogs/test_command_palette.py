"""The palette of actions: what of each row can be read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.panels.dialogs.command_palette import CommandPalette
from app.window import MainWindow
from tests.app.driving import CTRL, press

_MENU = 1


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_menu_of_each_action_can_be_read(language: str, request: pytest.FixtureRequest) -> None:
    if language == "de":
        request.getfixturevalue("german")
    window: MainWindow = request.getfixturevalue("window")
    window.view.setFocus()
    press(window, Qt.Key.Key_K, CTRL)
    (palette,) = window.findChildren(CommandPalette)
    rows = palette.list
    menus = {item.text(_MENU) for item in rows.findItems("", Qt.MatchFlag.MatchContains)}
    wanted = {menu: rows.fontMetrics().horizontalAdvance(menu) for menu in menus}
    named = {menu for menu in menus if not menu.endswith(".")}  # the others say why not
    assert len(named) > 5
    room = rows.columnWidth(_MENU) - 8
    assert {menu for menu in named if wanted[menu] > room} == set()
    assert sum(map(rows.columnWidth, range(3))) <= rows.viewport().width()
    palette.close()
