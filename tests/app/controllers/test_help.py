"""Help, as it comes to the artist: the overlay, the palette and the editor of shortcuts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from app.actions import ACTIONS, GESTURES
from app.panels.dialogs.command_palette import CommandPalette
from app.panels.dialogs.keys_overlay import KeysOverlay
from app.window import MainWindow
from tests.app.doubles import action

NO_KEY = Qt.KeyboardModifier.NoModifier


def overlay(window: MainWindow) -> KeysOverlay:
    action(window, "help").trigger()
    return window.findChildren(KeysOverlay)[0]


def palette(window: MainWindow) -> CommandPalette:
    action(window, "palette").trigger()
    return window.findChildren(CommandPalette)[0]


def titles(shown: CommandPalette) -> list[str]:
    rows = (shown.list.topLevelItem(number) for number in range(shown.list.topLevelItemCount()))
    return [row.text(0) for row in rows if row is not None]


@pytest.mark.usefixtures("german")
def test_the_overlay_is_never_wider_than_the_window(window: MainWindow) -> None:
    shown = overlay(window)
    (area,) = shown.findChildren(QScrollArea)
    for width in (1024, 1300, 1900):
        window.resize(width, 700)
        QApplication.processEvents()
        page = area.widget()
        assert page.minimumSizeHint().width() <= area.viewport().width()


def test_the_overlay_lists_every_key_in_force(window: MainWindow) -> None:
    window.keymap.use_preset("krita")
    shown = overlay(window)
    words = {label.text() for label in shown.findChildren(QLabel)}
    with_keys = [row for row in ACTIONS if window.keymap.keys(row.id)]
    assert sum(len(rows) for _, rows in shown.sections()) == len(with_keys) + len(GESTURES)
    assert {"Mirror the view", "M", "Mouse wheel"} <= words


def test_a_key_closes_the_overlay_and_does_nothing_else(window: MainWindow) -> None:
    window.view.setFocus()
    shown = overlay(window)
    QTest.keyClick(shown, Qt.Key.Key_Shift)
    assert shown.isVisible()
    QTest.keyClick(shown, Qt.Key.Key_E)
    assert not shown.isVisible()
    assert window.view.tool.name == "brush"
    assert window.focusWidget() is window.view
    overlay(window)
    QTest.mouseClick(shown, Qt.MouseButton.LeftButton)
    assert not shown.isVisible()


def test_the_overlay_follows_the_window(qtbot: QtBot, window: MainWindow) -> None:
    shown = overlay(window)
    window.resize(700, 600)
    qtbot.waitUntil(lambda: shown.size() == window.size())


def test_the_palette_has_every_action(window: MainWindow) -> None:
    assert len(titles(palette(window))) == len(ACTIONS)


def test_the_palette_stays_within_a_small_window(window: MainWindow) -> None:
    window.resize(window.minimumSizeHint().width(), 460)
    shown = palette(window)
    assert window.frameGeometry().contains(shown.frameGeometry())


def test_an_action_is_run_by_keyboard_alone(window: MainWindow) -> None:
    shown = palette(window)
    QTest.keyClicks(shown.field, "invert")
    assert titles(shown)[0] == "Invert mask"
    QTest.keyClick(shown.field, Qt.Key.Key_Return)
    assert not shown.isVisible()
    assert window.document.mask.all()
    assert titles(palette(window))[0] == "Invert mask"  # what was used last comes first


def test_down_chooses_the_next(window: MainWindow) -> None:
    shown = palette(window)
    QTest.keyClicks(shown.field, "zoom")
    second = titles(shown)[1]
    QTest.keyClick(shown.field, Qt.Key.Key_Down)
    assert shown.list.currentItem().text(0) == second


def test_what_cannot_act_says_why_and_stays(window: MainWindow) -> None:
    shown = palette(window)
    QTest.keyClicks(shown.field, "generate")
    row = shown.list.topLevelItem(0)
    assert row is not None
    assert "Paint a mask first" in row.text(1)
    QTest.keyClick(shown.field, Qt.Key.Key_Return)
    assert shown.isVisible()
    assert "Paint a mask first" in shown.note.text()
    shown.close()


def test_nothing_found_says_so(window: MainWindow) -> None:
    shown = palette(window)
    QTest.keyClicks(shown.field, "qqq")
    assert titles(shown) == []
    assert "qqq" in shown.note.text()
    QTest.keyClick(shown.field, Qt.Key.Key_Return)
    assert shown.isVisible()
    shown.close()


def test_the_editor_changes_what_the_window_hears(window: MainWindow) -> None:
    window.keymap.set("invert", ["F9"])
    window.view.setFocus()
    QTest.keyClick(window.view, Qt.Key.Key_F9)
    assert window.document.mask.all()
    assert "(F9)" in action(window, "invert").toolTip()


def test_texts_name_the_keys_in_force(window: MainWindow) -> None:
    window.keymap.set("generate", ["F8"])
    window.mask_controller.select_all()
    window.state_tracker.settle()
    assert "F8" in window.panel.progress.text
