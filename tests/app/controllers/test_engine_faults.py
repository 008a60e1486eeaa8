from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.controllers.engine_faults import EngineFaults
from app.document.commands import replace_mask
from app.document.document import Document
from app.engine.engine_thread import EngineRoom
from app.engine.session import Session
from app.ui.messages import Messages
from lazydiff_core.errors import ModelError
from lazydiff_core.generation_settings import GenerationSettings
from tests.app.doubles import PATIENCE_MS, ScriptedEngine


class Scene:
    """A session whose first engine is `first`, and whose others work."""

    def __init__(self, document: Document, messages: Messages, first: object) -> None:
        self.document, self.messages = document, messages
        self.engines = [first]
        self.session = Session(document, EngineRoom(self._load, patience=0.2))
        self.care = EngineFaults(self.session, messages)
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
        button = self.messages.findChild(QPushButton)
        with qtbot.waitSignal(self.session.engine_ready, timeout=PATIENCE_MS):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def hanging() -> Iterator[ScriptedEngine]:
    engine = ScriptedEngine(open_gate=False)
    yield engine
    engine.gate.set()


def test_a_hanging_engine_is_restarted_by_one_click_and_the_picture_is_untouched(
    qtbot: QtBot, document: Document, messages: Messages, hanging: ScriptedEngine
) -> None:
    scene = Scene(document, messages, hanging)
    session = scene.session
    with qtbot.waitSignal(session.engine_ready, timeout=PATIENCE_MS):
        session.start()
    before = document.pixels.copy(), document.undo_stack.count()
    with qtbot.waitSignal(session.engine_silent, timeout=PATIENCE_MS):
        session.generate(GenerationSettings("a disc", seed=3))
    assert "restart" in messages.text
    scene.click(qtbot)
    assert not session.is_running
    assert np.array_equal(document.pixels, before[0])
    assert document.undo_stack.count() == before[1]
    hanging.gate.set()
    with qtbot.waitSignal(session.finished, timeout=PATIENCE_MS) as finished:
        session.generate(GenerationSettings("a disc", seed=9))
    assert finished.args[0].seeds == (9,)
    assert document.undo_stack.count() == before[1] + 1
    qtbot.waitUntil(lambda: session.stop(60), timeout=PATIENCE_MS)


def test_the_warning_goes_when_the_engine_is_heard_again(
    qtbot: QtBot, document: Document, messages: Messages, hanging: ScriptedEngine
) -> None:
    session = Scene(document, messages, hanging).session
    with qtbot.waitSignal(session.engine_ready, timeout=PATIENCE_MS):
        session.start()
    with qtbot.waitSignal(session.engine_silent, timeout=PATIENCE_MS):
        session.generate(GenerationSettings("a disc"))
    assert not messages.isHidden()
    hanging.gate.set()
    qtbot.waitUntil(messages.isHidden, timeout=PATIENCE_MS)
    assert session.stop(60)


def test_a_model_that_cannot_be_loaded_can_be_tried_again(
    qtbot: QtBot, document: Document, messages: Messages
) -> None:
    scene = Scene(document, messages, ModelError("The model is gone: put it back."))
    with qtbot.waitSignal(scene.session.engine_failed, timeout=PATIENCE_MS):
        scene.session.start()
    assert messages.text == "The model is gone: put it back."
    scene.click(qtbot)
    assert scene.session.fault == ""
    assert scene.session.info is not None
    assert scene.session.stop(60)
