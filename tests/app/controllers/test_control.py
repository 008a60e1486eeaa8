"""What fills follow, in the whole window: to the request, recipe and replay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document.commands import replace_sketch
from app.panels.fill.layer_rows import details
from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.contract import RGBA
from lazydiff_core.control_files import Control, read_control
from tests.app.doubles import INFO, PATIENCE_MS, ScriptedDialogs, ScriptedEngine
from tests.app.driving import brush, fill, scripted
from tests.lazydiff_core import public_layouts as layouts

PICTURE = Path("/pictures/edges.png")


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("networks") / "union.safetensors"
    layouts.z_image_control(path, "1.0", 6)
    return path


def open_window(qtbot: QtBot, settings: SettingsStore, engine: ScriptedEngine) -> MainWindow:
    engine.info = replace(INFO, controls=True)
    window = scripted(qtbot, settings, engine)
    brush(window, (60, 60), (90, 70))
    return window


def dialogs_of(window: MainWindow) -> ScriptedDialogs:
    dialogs = window.models._dialogs
    assert isinstance(dialogs, ScriptedDialogs)
    return dialogs


def draw(window: MainWindow) -> RGBA:
    """Draw a line through the whole canvas; what of it lies in the mask's rows is followed."""
    sketch = np.zeros((*window.document.mask.shape, 4), np.uint8)
    sketch[65] = (200, 30, 30, 255)
    replace_sketch(window.document, "draw", sketch)
    return sketch


def test_a_picture_is_asked_for_kept_in_the_recipe_and_used_by_a_replay(
    qtbot: QtBot, settings: SettingsStore, network: Path
) -> None:
    engine = ScriptedEngine()
    window = open_window(qtbot, settings, engine)
    section, dialogs = window.panel.options.control, dialogs_of(window)
    dialogs.control_network, dialogs.control_picture = network, PICTURE
    section.choose_button.click()
    section.followed.activated.emit(section.followed.count() - 1)
    fill(qtbot, window)
    control = Control(network, picture=PICTURE)
    assert read_control(engine.requests[-1].settings.control) == control
    (edit,) = window.document.edits
    assert edit.recipe is not None
    assert edit.recipe.settings.control == str(control)
    assert details(edit).endswith("follows edges.png")
    section.remove.click()
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        window.generation.replay(edit.id, edit.recipe.settings)
    assert engine.requests[-1].settings.control == str(control), "the edit's own"


def test_the_sketch_is_followed_and_is_no_start(
    qtbot: QtBot, settings: SettingsStore, network: Path
) -> None:
    engine = ScriptedEngine()
    window = open_window(qtbot, settings, engine)
    window.panel.options.control.use_network(network)
    sketch = draw(window)
    fill(qtbot, window)
    asked = engine.requests[-1]
    assert asked.settings.strength == 1
    assert asked.sketch is not None
    box = window.document.edits[0].box.slices
    assert np.array_equal(asked.sketch[box], sketch[box])
    (edit,) = window.document.edits
    assert edit.recipe is not None
    assert details(edit).endswith("follows the sketch's lines")
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        window.generation.replay(edit.id, edit.recipe.settings)
    again = engine.requests[-1]
    assert again.sketch is not None
    assert np.array_equal(again.sketch, asked.sketch)


def test_the_context_made_ahead_follows_it(
    qtbot: QtBot, settings: SettingsStore, network: Path
) -> None:
    engine = ScriptedEngine()
    window = open_window(qtbot, settings, engine)
    qtbot.waitUntil(lambda: len(engine.prepared_under) == 1, timeout=PATIENCE_MS)
    assert engine.prepared_under == [("", None)]
    section = window.panel.options.control
    section.use_network(network)
    draw(window)
    qtbot.waitUntil(lambda: len(engine.prepared_under) == 2, timeout=PATIENCE_MS)
    setting, sketch = engine.prepared_under[-1]
    assert read_control(setting) == Control(network)
    assert sketch is not None
    assert sketch[..., 3].any()
    assert engine.prepared[-1].shape == window.document.mask.shape, "the whole canvas"
    section.use_picture(PICTURE)
    qtbot.waitUntil(lambda: len(engine.prepared_under) == 3, timeout=PATIENCE_MS)
    assert engine.prepared_under[-1] == (str(Control(network, picture=PICTURE)), None)


def test_what_is_no_network_is_said_and_not_taken(
    qtbot: QtBot, settings: SettingsStore, tmp_path: Path
) -> None:
    window = open_window(qtbot, settings, ScriptedEngine())
    torn = tmp_path / "torn.safetensors"
    torn.write_bytes(b"PK\x03\x04")
    dialogs_of(window).control_network = torn
    window.panel.options.control.choose_button.click()
    assert "torn.safetensors" in window.messages.text
    assert window.panel.options.control.network is None
