from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.actions import ACTIONS
from app.panels.shortcuts import ShortcutsDialog


def test_every_shortcut_is_listed_and_can_be_found(qtbot: QtBot) -> None:
    dialog = ShortcutsDialog()
    qtbot.addWidget(dialog)
    with_keys = [row for row in ACTIONS if row.shortcuts]
    assert len(dialog._items) > len(with_keys)
    dialog._search.setText("ctrl+D")
    left = [item.text(0) for item in dialog._items if not item.isHidden()]
    assert left == ["Clear mask"]
    dialog._search.setText("")
    assert not any(item.isHidden() for item in dialog._items)
