"""The model's memory: let go of when asked or idle, back with the next use, nothing lost."""

from __future__ import annotations

from threading import Event

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.engine.timetable import Kind
from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.errors import ModelError
from tests.app.doubles import PATIENCE_MS, ScriptedDialogs, ScriptedEngine, action, show_ready
from tests.app.driving import CTRL, brush, fill, press


class Loads:
    """Counts how often the engine is loaded; with a fault, it cannot be."""

    def __init__(self) -> None:
        self.count = 0
        self.fault: Exception | None = None
        self.gate = Event()
        self.gate.set()

    def __call__(self) -> ScriptedEngine:
        self.count += 1
        self.gate.wait()
        if self.fault is not None:
            raise self.fault
        return ScriptedEngine()


@pytest.fixture
def loads() -> Loads:
    return Loads()


@pytest.fixture
def scene(qtbot: QtBot, settings: SettingsStore, loads: Loads) -> MainWindow:
    window = MainWindow(loads, settings, ScriptedDialogs())
    window.resize(1280, 820)
    show_ready(qtbot, window)
    window.cost_tag.calibration.stop()
    return window


def release(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.generation.loader.released, timeout=PATIENCE_MS):
        action(window, "release-memory").trigger()
    window.state_tracker.settle()


def test_the_next_fill_loads_it_again(qtbot: QtBot, scene: MainWindow, loads: Loads) -> None:
    release(qtbot, scene)
    assert scene.status.engine.text().startswith("scripted · at rest")
    assert not action(scene, "release-memory").isEnabled()
    assert action(scene, "teach").isEnabled() is False
    brush(scene, (60, 60), (90, 70))
    before = scene.document.pixels.copy()
    assert (fill(qtbot, scene) != before).any()
    assert loads.count == 2
    assert scene.status.engine.text().startswith("scripted · cpu")
    scene.state_tracker.settle()
    assert action(scene, "release-memory").isEnabled()


def test_nothing_loads_it_while_the_artist_is_away(
    qtbot: QtBot, scene: MainWindow, loads: Loads
) -> None:
    brush(scene, (60, 60), (90, 70))
    qtbot.waitUntil(lambda: scene.generation.prefetcher.ready, timeout=PATIENCE_MS)
    release(qtbot, scene)
    assert not scene.generation.prefetcher.ready, "its contexts went with it"
    scene.generation.ask(Kind.CALIBRATION)
    qtbot.wait(400)
    assert loads.count == 1
    brush(scene, (160, 160), (190, 170))  # the hand is back: the context is computed ahead
    qtbot.waitUntil(lambda: scene.generation.prefetcher.ready, timeout=PATIENCE_MS)
    assert loads.count == 2


def test_what_waits_is_kept_where_it_cannot_be_loaded_again(
    qtbot: QtBot, scene: MainWindow, loads: Loads
) -> None:
    brush(scene, (60, 60), (90, 70))
    release(qtbot, scene)
    loads.fault = ModelError("The model is gone.")
    with qtbot.waitSignal(scene.generation.loader.load_failed, timeout=PATIENCE_MS):
        press(scene, Qt.Key.Key_Return, CTRL)
    assert scene.messages.text.startswith("The model is gone.")
    assert len(scene.generation.state.table.fills) == 1
    loads.fault = None
    with qtbot.waitSignal(scene.generation.landed, timeout=PATIENCE_MS):
        scene.generation.restart()


def test_cancelling_while_it_is_loaded_again_leaves_it_at_rest(
    qtbot: QtBot, scene: MainWindow, loads: Loads
) -> None:
    brush(scene, (60, 60), (90, 70))
    release(qtbot, scene)
    loads.gate.clear()
    press(scene, Qt.Key.Key_Return, CTRL)
    scene.generation.cancel()
    loads.gate.set()
    assert not scene.generation.state.table.fills
    qtbot.waitUntil(lambda: scene.generation.engine_thread.is_idle, timeout=PATIENCE_MS)
    assert scene.generation.state.released


def test_it_is_let_go_of_after_a_while_and_never_if_so_chosen(
    qtbot: QtBot, scene: MainWindow, settings: SettingsStore
) -> None:
    rest = scene.memory.rest
    assert action(scene, "idle-15").isChecked()
    action(scene, "idle-5").trigger()
    assert settings.value.release_after == 5
    assert rest.interval() == 5 * 60_000
    action(scene, "idle-0").trigger()
    assert not rest.isActive()
    action(scene, "idle-60").trigger()
    with qtbot.waitSignal(scene.generation.loader.released, timeout=PATIENCE_MS):
        rest.timeout.emit()
    qtbot.waitUntil(lambda: not rest.isActive(), timeout=PATIENCE_MS)
