"""The whole main job in the real window, with the bundled model."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.engine.worker import engine_loader
from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.contract import RGB
from tests.app.doubles import ScriptedDialogs, show_ready

pytestmark = pytest.mark.model
PATIENCE_MS = 120_000
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def dialogs() -> ScriptedDialogs:
    return ScriptedDialogs()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, dialogs: ScriptedDialogs) -> Iterator[MainWindow]:
    settings = SettingsStore(tmp_path / "settings.json")
    made = MainWindow(engine_loader("bundled", None, "cpu"), settings, dialogs)
    made.resize(1100, 800)
    show_ready(qtbot, made, PATIENCE_MS)
    yield made
    made.document.undo_stack.setClean()
    made.close()


def brush_a_blob(window: MainWindow) -> None:
    """A fat scribble around the middle of the canvas."""
    view = window.view
    view.set_brush_size(90)
    spots = [(220, 220), (290, 220), (290, 290), (220, 290), (255, 255)]
    places = [view.transform.to_view(QPointF(*spot)).toPoint() for spot in spots]
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(view, place)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=places[-1])


def press(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(window.focusWidget() or window, key, CTRL)


def fill(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> RGB:
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        press(window, key)
    return window.document.pixels.copy()


def test_paint_say_fill_undo_retry_save(
    qtbot: QtBot, window: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    document = window.document
    blank = document.pixels.copy()
    brush_a_blob(window)
    mask = document.mask.copy()
    window.panel.prompt.setFocus()
    QTest.keyClicks(window.panel.prompt, "red apple")
    previews: list[object] = []
    window.generation.previewed.connect(lambda *news: previews.append(news))

    first = fill(qtbot, window, Qt.Key.Key_Return)
    assert previews, "the fill is seen while it grows"
    assert not ((first != blank).any(axis=2) & ~mask).any()
    color = first[235:275, 235:275].mean((0, 1))
    assert color[0] > color[1] + 40, f"no red apple: {color}"

    press(window, Qt.Key.Key_Z)
    assert np.array_equal(document.pixels, blank)
    assert np.array_equal(document.mask, mask)
    press(window, Qt.Key.Key_Y)
    second = fill(qtbot, window, Qt.Key.Key_R)
    assert not np.array_equal(second, first)

    dialogs.saved = tmp_path / "apple.png"
    press(window, Qt.Key.Key_S)
    assert np.array_equal(np.asarray(Image.open(dialogs.saved)), second)
