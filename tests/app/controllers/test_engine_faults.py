from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.controllers.engine_faults import EngineFaults
from app.document.commands import replace_mask
from app.document.document import Document
from app.engine.engine_thread import EngineThread
from app.engine.generation import Generation
from app.engine.model_choice import ModelChoice
from app.system.settings import SettingsStore
from app.ui.messages import Messages
from lazydiff_core.errors import ModelError
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.model_store import default_registry
from tests.app.doubles import PATIENCE_MS, ScriptedEngine


class Scene:
    """A generation whose first engine is `first`, and whose others work."""

    def __init__(
        self, document: Document, messages: Messages, settings: SettingsStore, first: object
    ) -> None:
        self.document, self.messages = document, messages
        self.engines = [first]
        self.generation = Generation(document, self._load, thread=EngineThread(patience=0.2))
        self.choice = ModelChoice(self.generation, default_registry(), settings)
        self.care = EngineFaults(self.generation, self.choice, messages)
        mask = np.zeros_like(document.mask)
        mask[100:140, 100:160] = True
        replace_mask(document, "Paint mask", mask)

    def _load(self) -> ScriptedEngine:
        engine = self.engines.pop(0) if self.engines else ScriptedEngine()
        if isinstance(engine, Exception):
            raise engine
        assert isinstance(engine, ScriptedEngine)
        return engine

    def click(self, qtbot: QtBot) -> None:
        button = self.messages.findChild(QToolButton, "offer")
        with qtbot.waitSignal(self.generation.loader.loaded, timeout=PATIENCE_MS):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def hanging() -> Iterator[ScriptedEngine]:
    engine = ScriptedEngine(open_gate=False)
    yield engine
    engine.gate.set()


def test_a_hanging_engine_is_restarted_by_one_click_and_the_picture_is_untouched(
    qtbot: QtBot,
    document: Document,
    messages: Messages,
    settings: SettingsStore,
    hanging: ScriptedEngine,
) -> None:
    scene = Scene(document, messages, settings, hanging)
    generation = scene.generation
    with qtbot.waitSignal(generation.loader.loaded, timeout=PATIENCE_MS):
        generation.start()
    before = document.pixels.copy(), document.undo_stack.count()
    with qtbot.waitSignal(generation.engine_thread.silent_changed, timeout=PATIENCE_MS):
        generation.fill(GenerationSettings("a disc", seed=3))
    assert "restart" in messages.text
    scene.click(qtbot)
    assert not generation.is_running
    assert np.array_equal(document.pixels, before[0])
    assert document.undo_stack.count() == before[1]
    hanging.gate.set()
    with qtbot.waitSignal(generation.landed, timeout=PATIENCE_MS) as finished:
        generation.fill(GenerationSettings("a disc", seed=9))
    assert finished.args[0].seeds == (9,)
    assert document.undo_stack.count() == before[1] + 1
    qtbot.waitUntil(lambda: generation.stop(60), timeout=PATIENCE_MS)


def test_the_warning_goes_when_the_engine_is_heard_again(
    qtbot: QtBot,
    document: Document,
    messages: Messages,
    settings: SettingsStore,
    hanging: ScriptedEngine,
) -> None:
    generation = Scene(document, messages, settings, hanging).generation
    with qtbot.waitSignal(generation.loader.loaded, timeout=PATIENCE_MS):
        generation.start()
    with qtbot.waitSignal(generation.engine_thread.silent_changed, timeout=PATIENCE_MS):
        generation.fill(GenerationSettings("a disc"))
    assert not messages.isHidden()
    hanging.gate.set()
    qtbot.waitUntil(messages.isHidden, timeout=PATIENCE_MS)
    assert generation.stop(60)


def test_a_model_that_cannot_be_loaded_can_be_tried_again(
    qtbot: QtBot, document: Document, messages: Messages, settings: SettingsStore
) -> None:
    scene = Scene(document, messages, settings, ModelError("The model is gone: put it back."))
    with qtbot.waitSignal(scene.generation.loader.load_failed, timeout=PATIENCE_MS):
        scene.generation.start()
    assert messages.text == "The model is gone: put it back."
    scene.click(qtbot)
    assert scene.generation.state.fault == ""
    assert scene.generation.info is not None
    assert scene.generation.stop(60)
