"""Image > Upscale: scaled in one step, details as an edit of their own."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document.commands import add_edit
from app.document.edits import Edit, Variant
from app.panels.dialogs.dialogs import Dialogs
from app.panels.dialogs.upscale_dialog import Upscale, UpscaleDialog
from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.contract import Box
from lazydiff_core.generation_settings import REDRAW_STRENGTH
from lazydiff_core.images.resizing import resized
from tests.app.doubles import PATIENCE_MS, ScriptedDialogs, ScriptedEngine, action
from tests.app.driving import scripted


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
def painted(qtbot: QtBot, settings: SettingsStore, engine: ScriptedEngine) -> MainWindow:
    """A picture of 60 x 40 with one edit, and a mask."""
    window = scripted(qtbot, settings, engine)
    document = window.document
    document.replace(np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8))
    box = Box(10, 10, 20, 20)
    grey = Variant(np.full((10, 10, 3), 90, np.uint8), 1)
    edit = Edit(box, np.ones((10, 10), np.bool_), document.pixels[box.slices], None, (grey,))
    add_edit(document, "Paint", edit)
    document.write_mask(Box(0, 0, 5, 5), np.ones((5, 5), np.bool_))
    return window


def ask(window: MainWindow, wanted: Upscale | None) -> None:
    dialogs = window.upscale._dialogs
    assert isinstance(dialogs, ScriptedDialogs)
    dialogs.upscale = wanted
    action(window, "upscale").trigger()


def test_it_is_scaled_then_drawn_anew_and_undone_in_two_steps(
    qtbot: QtBot, painted: MainWindow, engine: ScriptedEngine
) -> None:
    document = painted.document
    before, edits = document.pixels.copy(), document.edits
    with qtbot.waitSignal(painted.generation.landed, timeout=PATIENCE_MS):
        ask(painted, Upscale(2, "a meadow"))
    large = resized(before, (80, 120))
    request = engine.requests[-1]
    assert np.array_equal(request.image, large)
    assert request.mask.all()
    assert request.sketch is not None
    assert np.array_equal(request.sketch[..., :3], large)
    settings = request.settings
    assert (settings.strength, settings.scope) == (REDRAW_STRENGTH, "tiles")
    assert (settings.prompt, settings.variants) == ("a meadow", 1)
    (edit,) = document.edits
    assert edit.name == "Redrawn details"
    assert edit.box == Box(0, 0, 120, 80)
    assert document.mask.shape == (80, 120)
    document.undo_stack.undo()
    assert np.array_equal(document.pixels, large)
    assert document.undo_stack.undoText() == "Upscale"
    document.undo_stack.undo()
    assert np.array_equal(document.pixels, before)
    assert document.edits == edits


def test_cancelled_it_stays_scaled(
    qtbot: QtBot, painted: MainWindow, engine: ScriptedEngine
) -> None:
    engine.gate.clear()
    ask(painted, Upscale(4))
    qtbot.waitUntil(engine.started.is_set, timeout=PATIENCE_MS)
    assert not action(painted, "upscale").isEnabled(), "one at a time"
    action(painted, "cancel").trigger()
    qtbot.waitUntil(lambda: not painted.generation.is_running, timeout=PATIENCE_MS)
    assert painted.document.size == QSize(240, 160)
    assert painted.document.edits == ()
    assert painted.document.sketch is None


def test_what_is_clear_stays_clear(
    qtbot: QtBot, painted: MainWindow, engine: ScriptedEngine
) -> None:
    pixels = np.zeros((40, 60, 4), np.uint8)
    pixels[:, :30] = (90, 20, 30, 255)
    painted.document.replace(pixels)
    with qtbot.waitSignal(painted.generation.landed, timeout=PATIENCE_MS):
        ask(painted, Upscale(2))
    assert not engine.requests[-1].mask[:, 70:].any()
    assert not painted.document.pixels[:, 70:, 3].any()
    count = len(engine.requests)
    painted.document.replace(np.zeros((40, 60, 4), np.uint8))
    ask(painted, Upscale(2))
    assert painted.document.size == QSize(120, 80)
    assert not painted.generation.is_running
    assert len(engine.requests) == count, "there is nothing to draw"


def test_what_would_be_too_large_is_told_and_nothing_is_done(
    painted: MainWindow, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.controllers.image.MAX_PIXELS", 9000)
    ask(painted, Upscale(2))
    assert painted.document.size == QSize(60, 40)
    assert not painted.generation.is_running
    ask(painted, None)
    assert painted.document.size == QSize(60, 40)
    assert engine.requests == []


def test_the_dialog_tells_size_tiles_and_price(
    painted: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """Through the real dialog, by its controls."""
    monkeypatch.setattr(painted.upscale, "_dialogs", Dialogs(painted))
    painted.document.replace(np.zeros((400, 300, 3), np.uint8))
    seen = []

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, UpscaleDialog)
        seen.append(dialog._words.text())
        dialog.factors.button(4).click()
        seen.append(dialog._words.text())
        seen.append(dialog.price.text())
        dialog.prompt.setText(" an  old wall ")
        assert dialog.chosen() == Upscale(4, "an old wall")
        dialog.reject()

    QTimer.singleShot(0, choose)
    action(painted, "upscale").trigger()
    assert seen[0].startswith("600 x 800 pixels, drawn in ")
    assert seen[1].startswith("1200 x 1600 pixels, drawn in ")
    assert seen[2]
    assert painted.document.size == QSize(300, 400)
