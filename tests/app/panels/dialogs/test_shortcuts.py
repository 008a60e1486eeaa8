from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.actions import ACTIONS, GESTURES
from app.actions.keymap import Keymap
from app.panels.dialogs.shortcuts import ShortcutsDialog
from app.system.settings import SettingsStore

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def keymap(settings: SettingsStore) -> Keymap:
    return Keymap(settings)


@pytest.fixture
def dialog(qtbot: QtBot, keymap: Keymap) -> ShortcutsDialog:
    made = ShortcutsDialog(keymap)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def names(dialog: ShortcutsDialog) -> list[str]:
    return [item.text(0) for item in dialog.items if not item.isHidden()]


def choose(dialog: ShortcutsDialog, text: str) -> None:
    dialog.list.setCurrentItem(next(item for item in dialog.items if item.text(0) == text))


def press(qtbot: QtBot, dialog: ShortcutsDialog, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
    dialog.new_key.begin()
    qtbot.keyClick(dialog.new_key.field, key, held)


def test_everything_is_listed_and_can_be_found_by_name_and_key(dialog: ShortcutsDialog) -> None:
    assert len(names(dialog)) == len(ACTIONS) + len(GESTURES)
    dialog.search.setText("ctrl+D")
    assert names(dialog) == ["Clear mask"]
    dialog.search.setText("space+drag")
    assert "Move the canvas" in names(dialog)
    dialog.search.setText("mirror")
    assert dialog.list.currentItem().text(0) == "Mirror the view"


def test_a_free_key_is_assigned(qtbot: QtBot, dialog: ShortcutsDialog, keymap: Keymap) -> None:
    choose(dialog, "Mirror the view")
    press(qtbot, dialog, Qt.Key.Key_F9, CTRL)
    assert "free" in dialog.new_key.note.text()
    dialog.new_key.assign.click()
    assert keymap.keys("mirror") == ("Ctrl+F9",)
    assert dialog.list.currentItem().text(2) == "Ctrl+F9"
    assert dialog.list.currentItem().font(2).bold()


def test_a_conflict_is_shown_and_can_be_taken_over(
    qtbot: QtBot, dialog: ShortcutsDialog, keymap: Keymap
) -> None:
    choose(dialog, "Mirror the view")
    press(qtbot, dialog, Qt.Key.Key_D, CTRL)
    assert "Clear mask" in dialog.new_key.note.text()
    assert dialog.new_key.assign.text() == "Take over"
    dialog.new_key.keep.setChecked(True)
    dialog.new_key.assign.click()
    assert keymap.keys("mirror") == ("Shift+H", "Ctrl+D")
    assert keymap.keys("clear") == ()
    dialog.new_key.reset.click()
    assert keymap.keys("clear") == ("Ctrl+D",)


def test_keys_can_be_removed_and_all_reset(dialog: ShortcutsDialog, keymap: Keymap) -> None:
    assert not dialog.reset_all.isEnabled()
    choose(dialog, "Mirror the view")
    dialog.new_key.remove.click()
    assert keymap.keys("mirror") == ()
    assert not dialog.new_key.remove.isEnabled()
    dialog.reset_all.click()
    assert keymap.keys("mirror") == ("Shift+H",)


def test_a_preset_is_chosen(dialog: ShortcutsDialog, keymap: Keymap) -> None:
    dialog.preset.setCurrentIndex(dialog.preset.findText("Krita"))
    assert keymap.preset == "krita"
    choose(dialog, "Mirror the view")
    assert dialog.list.currentItem().text(2) == "M"


def test_what_the_canvas_needs_is_not_given_away(qtbot: QtBot, dialog: ShortcutsDialog) -> None:
    choose(dialog, "Mirror the view")
    press(qtbot, dialog, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    assert not dialog.new_key.assign.isEnabled()
    assert "needed" in dialog.new_key.note.text()


def test_gestures_are_shown_as_fixed(dialog: ShortcutsDialog) -> None:
    choose(dialog, "Move the canvas")
    assert not dialog.new_key.field.isEnabled()
    assert "every preset" in dialog.new_key.note.text()


def test_enter_in_the_list_waits_for_the_key(qtbot: QtBot, dialog: ShortcutsDialog) -> None:
    choose(dialog, "Mirror the view")
    dialog.activateWindow()
    dialog.list.setFocus()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    assert dialog.focusWidget() is dialog.new_key.field or (
        dialog.new_key.field.isAncestorOf(dialog.focusWidget())
    )
    assert dialog.isVisible()
