from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QObject, QThread, Signal
from pytestqt.qtbot import QtBot

from app.worker import Ahead, EngineRoom, Job, Worker, engine_loader
from lazydiff_core.contract import EditRequest
from lazydiff_core.errors import ModelError, OutOfMemoryError
from tests.app.doubles import PATIENCE_MS, ScriptedEngine


def request() -> EditRequest:
    mask = np.zeros((32, 32), np.bool_)
    mask[4:20, 4:20] = True
    return EditRequest(np.full((32, 32, 3), 255, np.uint8), mask)


def loaded(engine: ScriptedEngine) -> Worker:
    worker = Worker(lambda: engine)
    worker.load()
    return worker


def test_a_result_is_reported(qtbot: QtBot) -> None:
    worker, job = loaded(ScriptedEngine()), Job(request())
    with (
        qtbot.waitSignal(worker.progressed) as progressed,
        qtbot.waitSignal(worker.finished) as finished,
    ):
        worker.run(job)
    assert progressed.args[0].id == finished.args[0].id == job.request.id


def test_an_expected_error_is_told_in_its_own_words(qtbot: QtBot) -> None:
    sentence = "The device has no room: paint a smaller mask."
    worker = loaded(ScriptedEngine(fault=OutOfMemoryError(sentence)))
    job = Job(request())
    with qtbot.waitSignal(worker.failed) as failed:
        worker.run(job)
    assert failed.args == [job.request.id, sentence]


def test_any_other_error_is_logged_and_told(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    worker = loaded(ScriptedEngine(fault=ZeroDivisionError("by zero")))
    with qtbot.waitSignal(worker.failed) as failed:
        worker.run(Job(request()))
    assert "by zero" in failed.args[1]
    assert "unchanged" in failed.args[1]
    assert "ZeroDivisionError" in caplog.text


def test_a_job_taken_back_early_never_reaches_the_engine(qtbot: QtBot) -> None:
    engine = ScriptedEngine()
    worker, job = loaded(engine), Job(request())
    job.cancelled.set()
    with qtbot.waitSignal(worker.stopped) as stopped:
        worker.run(job)
    assert stopped.args == [job.request.id]
    assert not engine.requests


def test_a_running_job_can_be_taken_back(qtbot: QtBot) -> None:
    worker, job = loaded(ScriptedEngine(open_gate=False)), Job(request())
    worker.progressed.connect(lambda _: job.cancelled.set())
    with qtbot.waitSignal(worker.stopped) as stopped:
        worker.run(job)
    assert stopped.args == [job.request.id]


def test_a_model_that_cannot_be_loaded(qtbot: QtBot) -> None:
    def load() -> ScriptedEngine:
        raise ModelError("The model is damaged: install it again.")

    worker = Worker(load)
    with qtbot.waitSignal(worker.load_failed) as failed:
        worker.load()
    assert failed.args == ["The model is damaged: install it again."]
    with qtbot.waitSignal(worker.stopped):
        worker.run(Job(request()))


def test_a_superseded_context_is_not_computed() -> None:
    engine = ScriptedEngine()
    worker = loaded(engine)
    wanted = request()
    stale = Ahead(wanted.image, wanted.mask)
    stale.superseded.set()
    worker.prepare(stale)
    assert not engine.prepared
    worker.prepare(Ahead(wanted.image, wanted.mask))
    assert len(engine.prepared) == 1


def test_a_fault_ahead_of_time_is_only_logged(caplog: pytest.LogCaptureFixture) -> None:
    class Faulty(ScriptedEngine):
        def prepare(self, *wanted: object) -> bool:
            raise MemoryError

    wanted = request()
    loaded(Faulty()).prepare(Ahead(wanted.image, wanted.mask))
    assert "ahead" in caplog.text


def test_the_engine_lives_on_a_thread_of_its_own(qtbot: QtBot) -> None:
    threads: list[QThread] = []

    def load() -> ScriptedEngine:
        threads.append(QThread.currentThread())
        return ScriptedEngine()

    room = EngineRoom(load)
    with qtbot.waitSignal(room.worker.loaded, timeout=PATIENCE_MS):
        room.start()
    assert threads[0] is not QThread.currentThread()
    assert room.stop(60)


def test_a_room_that_was_closed_does_not_open() -> None:
    room = EngineRoom(ScriptedEngine)
    assert room.stop(1)
    room.start()
    assert room.stop(0)


class Desk(QObject):
    """Hands jobs over to another thread, as the session does."""

    submitted = Signal(object)


def test_stopping_does_not_wait_for_ever(qtbot: QtBot) -> None:
    engine = ScriptedEngine(open_gate=False)
    room, desk, job = EngineRoom(lambda: engine), Desk(), Job(request())
    desk.submitted.connect(room.worker.run)
    with qtbot.waitSignal(room.worker.loaded, timeout=PATIENCE_MS):
        room.start()
    desk.submitted.emit(job)
    assert engine.started.wait(60)
    assert not room.stop(0.1)
    job.cancelled.set()
    assert room.stop(60)


def test_the_fake_engine_loads_by_name() -> None:
    assert engine_loader("fake", None, None)().info.backend == "fake"
