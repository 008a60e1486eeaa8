"""What an artist does to the whole window: brush, press a key, fill."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.engine.jobs import EngineLike
from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.contract import RGB
from tests.app.doubles import PATIENCE_MS, ScriptedDialogs, show_ready

Widget = TypeVar("Widget", bound=QWidget)
LEFT = Qt.MouseButton.LeftButton
NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def control(owner: QWidget, kind: type[Widget], name: str) -> Widget:
    """The control in `owner` that a screen reader calls `name`."""
    (found,) = (made for made in owner.findChildren(kind) if made.accessibleName() == name)
    return found


def brush(window: MainWindow, *points: tuple[float, float]) -> None:
    """Draw one stroke through these points of the picture."""
    view = window.view
    places = [view.transform.to_view(QPointF(*point)).toPoint() for point in points]
    QTest.mousePress(view, LEFT, NONE, places[0])
    for place in places[1:]:
        QTest.mouseMove(view, place)
    QTest.mouseRelease(view, LEFT, NONE, places[-1])


def press(window: MainWindow, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    """Press a key wherever the focus is."""
    QTest.keyClick(window.focusWidget() or window, key, held)
    QApplication.processEvents()


def fill(qtbot: QtBot, window: MainWindow, key: Qt.Key = Qt.Key.Key_Return) -> RGB:
    """Fill by a shortcut; the picture once the fill has landed."""
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        press(window, key, CTRL)
    return window.document.pixels.copy()


def scripted(qtbot: QtBot, settings: SettingsStore, engine: EngineLike) -> MainWindow:
    """A shown window with this engine, which is ready."""
    made = MainWindow(lambda: engine, settings, ScriptedDialogs())
    made.resize(1280, 820)
    show_ready(qtbot, made)
    return made
