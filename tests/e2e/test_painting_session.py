"""A picture from the first stroke to the reopened project, with the bundled model.

`LAZYDIFF_SCREENSHOTS=FOLDER pytest tests/e2e/test_painting_session.py` keeps what the window
showed; the screenshots in docs/ were made so.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QSpinBox, QToolButton

from tests.app.driving import control

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.engine.worker import engine_loader
from app.system.settings import SettingsStore
from app.ui import theme
from app.window import MainWindow
from lazydiff_core.cli.paint.demo_script import backdrop
from tests.app.canvas.driving import CTRL, SHIFT, drag
from tests.app.doubles import ScriptedDialogs, show_ready
from tests.app.driving import press

pytestmark = pytest.mark.model
PATIENCE_MS = 180_000
KEYS = Qt.Key
Shoot = Callable[[str], None]


@pytest.fixture
def dialogs() -> ScriptedDialogs:
    return ScriptedDialogs()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, dialogs: ScriptedDialogs) -> Iterator[MainWindow]:
    theme.apply("light")
    settings = SettingsStore(tmp_path / "settings.json")
    made = MainWindow(engine_loader("bundled", None, "cpu"), settings, dialogs)
    made.resize(1280, 820)
    show_ready(qtbot, made, PATIENCE_MS)
    yield made
    made.document.undo_stack.setClean()
    made.close()


@pytest.fixture
def shoot(window: MainWindow, tmp_path: Path) -> Shoot:
    folder = Path(os.environ.get("LAZYDIFF_SCREENSHOTS", tmp_path))

    def keep(name: str) -> None:
        QApplication.processEvents()
        assert window.grab().save(str(folder / f"{name}.png"))

    return keep


class Painter:
    """Says what to paint and waits until it is there."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot, self.window = qtbot, window

    def ask(self, prompt: str, *points: tuple[float, float], size: int, seed: int) -> None:
        """Brush a new mask and generate; the fill is only begun."""
        window = self.window
        press(window, KEYS.Key_D, CTRL)
        window.view.set_tool("brush")
        window.view.set_brush_size(size)
        drag(window.view, *points)
        options = window.panel.options
        options.show_seed(seed)
        control(options, QToolButton, "Lock the seed").setChecked(True)
        window.panel.prompt.setFocus()
        window.panel.prompt.selectAll()
        QTest.keyClicks(window.panel.prompt, prompt)
        press(window, KEYS.Key_Return, CTRL)

    def rest(self) -> None:
        """Until nothing runs or waits."""
        self.qtbot.waitUntil(lambda: not self.window.generation.is_running, timeout=PATIENCE_MS)
        self.window.view.setFocus()


def test_a_picture_from_the_first_stroke_to_the_reopened_project(
    qtbot: QtBot,
    window: MainWindow,
    dialogs: ScriptedDialogs,
    shoot: Shoot,
    tmp_path: Path,
) -> None:
    document, panel, view = window.document, window.panel, window.view
    document.replace(backdrop())
    view.camera.fit()
    painter = Painter(qtbot, window)

    # One thing, seen while it grows.
    painter.ask("yellow sun", (110, 95), (150, 100), (125, 130), size=110, seed=3)
    painter.rest()
    assert [edit.recipe.settings.prompt for edit in document.edits] == ["yellow sun"]

    # Three results for one mask, flipped by keys, one kept.
    control(panel.options, QSpinBox, "Number of variants").setValue(3)
    painter.ask("red mushroom", (240, 420), (300, 420), (270, 445), size=100, seed=5)
    painter.rest()
    shoot("variants")
    assert panel.variants.count == 3
    first = document.pixels.copy()
    press(window, KEYS.Key_Right)
    assert not np.array_equal(document.pixels, first)
    panel.variants.film.setFocus()
    press(window, KEYS.Key_Return)
    assert len(document.edits[1].variants) == 1
    control(panel.options, QSpinBox, "Number of variants").setValue(1)

    # Two masks in the queue, the hand already at a third.
    painter.ask("house", (590, 230), (650, 230), (620, 300), size=150, seed=2)
    painter.ask("sunflower", (640, 430), (670, 450), size=110, seed=4)
    assert len(window.generation.state.table.fills) == 2
    drag(view, (400, 90), (520, 95))
    shoot("queue-session")
    painter.rest()
    assert {edit.recipe.settings.prompt for edit in document.edits[2:]} == {"house", "sunflower"}
    assert (document.mask[90, 400:520]).all(), "the third mask is as it was brushed"

    # Colours first: a balloon that starts from a sketch.
    press(window, KEYS.Key_D, CTRL)
    view.set_tool("sketch")
    view.set_brush_size(60)
    view.colours.use((220, 40, 60))
    drag(view, (330, 120), (345, 135), (335, 150))
    panel.sketch.strength.set_value(0.8)
    painter.ask("red balloon", (320, 110), (350, 160), size=110, seed=6)
    painter.rest()
    assert document.edits[-1].sketch is not None
    inside = document.pixels[document.edits[-1].box.slices][document.edits[-1].mask]
    reddish = (inside[:, 0].astype(int) - inside[:, 2] > 40).mean()
    assert reddish > 0.2, "the sketch's colour is in the result"
    shoot("sketch")

    # Another prompt for the second edit; what lies on it says so.
    kept = document.pixels.copy()
    history = panel.layers
    history.list.setCurrentRow(history.list.count() - 2)
    edit = history.current
    assert edit is not None
    assert edit.recipe.settings.prompt == "red mushroom"
    history.editor.open_form(edit)
    history.editor.prompt.setText("orange pumpkin")
    history.editor.button.click()
    painter.rest()
    assert document.edits[1].recipe.settings.prompt == "orange pumpkin"
    box = document.edits[1].box
    changed = (document.pixels != kept).any(axis=2)
    outside = changed.copy()
    outside[box.slices] = False
    assert changed.any()
    assert not outside.any(), "nothing beside the replayed edit"
    shoot("session")
    press(window, KEYS.Key_Z, CTRL)
    assert np.array_equal(document.pixels, kept)
    press(window, KEYS.Key_Z, CTRL | SHIFT)

    # Kept as a project, all of it.
    dialogs.saved = tmp_path / "meadow.lazydiff"
    press(window, KEYS.Key_S, CTRL)
    assert not document.is_modified
    prompts = [edit.recipe.settings.prompt for edit in document.edits]
    painted = document.pixels.copy()
    document.replace(backdrop())
    window.files.open_path(dialogs.saved)
    assert document.path == dialogs.saved
    assert np.array_equal(document.pixels, painted)
    assert [edit.recipe.settings.prompt for edit in document.edits] == prompts
