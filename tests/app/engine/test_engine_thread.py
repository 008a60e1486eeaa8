"""The thread of the engine is opened, given up and closed."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from app.engine.engine_thread import EngineRoom
from app.engine.worker import Job
from lazydiff_core.contract import EditRequest, EditResult, IsCancelled, OnProgress
from lazydiff_core.errors import ModelError
from tests.app.doubles import PATIENCE_MS, ScriptedEngine, request


def test_the_engine_lives_on_a_thread_of_its_own(qtbot: QtBot) -> None:
    threads: list[QThread] = []

    def load() -> ScriptedEngine:
        threads.append(QThread.currentThread())
        return ScriptedEngine()

    room = EngineRoom(load)
    with qtbot.waitSignal(room.loaded, timeout=PATIENCE_MS):
        room.start()
    assert threads[0] is not QThread.currentThread()
    assert room.stop(60)


def test_a_room_that_was_closed_does_not_open() -> None:
    room = EngineRoom(ScriptedEngine)
    assert room.stop(1)
    room.start()
    assert room.stop(0)


def test_stopping_does_not_wait_for_ever(qtbot: QtBot) -> None:
    engine = ScriptedEngine(open_gate=False)
    room, job = EngineRoom(lambda: engine), Job(request())
    with qtbot.waitSignal(room.loaded, timeout=PATIENCE_MS):
        room.start()
    room.run((job,))
    assert engine.started.wait(60)
    assert not room.stop(0.1)
    job.cancelled.set()
    assert room.stop(60)


class Hanging(ScriptedEngine):
    """Does not look whether it is cancelled."""

    def __init__(self) -> None:
        super().__init__(open_gate=False)

    def run(
        self,
        request: EditRequest,
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> EditResult:
        return super().run(request, on_progress, None)


class Heard(QObject):
    """Everything that a room says."""

    def __init__(self, room: EngineRoom) -> None:
        super().__init__(room)
        self.news: list[tuple[str, object]] = []
        for name in ("loaded", "progressed", "finished", "stopped"):
            getattr(room, name).connect(partial(self._hear, name))
        room.failed.connect(lambda number, sentence: self.news.append(("failed", sentence)))

    def _hear(self, name: str, what: object) -> None:
        self.news.append((name, what))


def test_a_thread_that_hangs_is_given_up_and_never_heard_again(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    hanging, fresh = Hanging(), ScriptedEngine()
    engines: list[ScriptedEngine] = [hanging, fresh]
    room = EngineRoom(lambda: engines.pop(0), patience=0.2)
    heard = Heard(room)
    with qtbot.waitSignal(room.loaded, timeout=PATIENCE_MS):
        room.start()
    old, late = room.worker, Job(request())
    with qtbot.waitSignal(room.silent, timeout=PATIENCE_MS):
        room.run((late,))
    assert "doubles.py" in caplog.text  # where it hangs
    with qtbot.waitSignal(room.loaded, timeout=PATIENCE_MS):
        room.restart()
    assert late.cancelled.is_set()
    assert [row for row in heard.news if row[0] == "failed"] == [
        ("failed", "The engine was restarted: ask again.")
    ]
    heard.news.clear()
    # The new one works, and what the old one says in the end is not passed on.
    with qtbot.waitSignal(room.finished, timeout=PATIENCE_MS):
        room.run((Job(request()),))
    assert not room._abandoned[0][0].isFinished()
    said: list[object] = []
    old.finished.connect(said.append)  # on its own thread: no event loop may wait for it
    hanging.gate.set()
    qtbot.waitUntil(lambda: not room._abandoned, timeout=PATIENCE_MS)
    assert len(said) == 1
    assert [name for name, _ in heard.news].count("finished") == 1
    assert room.stop(60)


def test_closing_says_that_a_thread_given_up_still_runs(qtbot: QtBot) -> None:
    hanging = Hanging()
    engines: list[ScriptedEngine] = [hanging, ScriptedEngine()]
    room = EngineRoom(lambda: engines.pop(0))
    with qtbot.waitSignal(room.loaded, timeout=PATIENCE_MS):
        room.start()
    room.run((Job(request()),))
    assert hanging.started.wait(60)
    with qtbot.waitSignal(room.loaded, timeout=PATIENCE_MS):
        room.restart()
    assert not room.stop(60)
    hanging.gate.set()
    qtbot.waitUntil(lambda: room.stop(60), timeout=PATIENCE_MS)


def test_an_engine_that_only_took_long_is_not_accused_for_ever(qtbot: QtBot) -> None:
    engine = ScriptedEngine(open_gate=False)
    room = EngineRoom(lambda: engine, patience=0.2)
    with qtbot.waitSignal(room.loaded, timeout=PATIENCE_MS):
        room.start()
    with qtbot.waitSignal(room.silent, timeout=PATIENCE_MS):
        room.run((Job(request()),))
    with qtbot.waitSignal(room.heard_again, timeout=PATIENCE_MS):
        engine.gate.set()
    with qtbot.assertNotEmitted(room.silent, wait=400):
        pass
    assert room.stop(60)


def test_a_model_that_vanished_can_be_loaded_again(qtbot: QtBot) -> None:
    outcomes: list[Exception | ScriptedEngine] = [ModelError("It is missing."), ScriptedEngine()]

    def load() -> ScriptedEngine:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    room = EngineRoom(load)
    with qtbot.waitSignal(room.load_failed, timeout=PATIENCE_MS):
        room.start()
    with qtbot.waitSignal(room.loaded, timeout=PATIENCE_MS):
        room.restart()
    assert room.stop(60)
    room.restart()
    assert room.stop(0)
