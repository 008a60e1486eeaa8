from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from app.worker import Ahead, EngineRoom, Job, Worker, engine_loader
from lazydiff_core.contract import EditRequest, EditResult, IsCancelled, OnProgress, Outcome
from lazydiff_core.errors import DeviceLostError, ModelError, OutOfMemoryError
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
        worker.run((job,))
    assert progressed.args[0].id == finished.args[0].id == job.request.id


def test_an_expected_error_is_told_in_its_own_words(qtbot: QtBot) -> None:
    sentence = "The device has no room: paint a smaller mask."
    worker = loaded(ScriptedEngine(fault=OutOfMemoryError(sentence)))
    job = Job(request())
    with qtbot.waitSignal(worker.failed) as failed:
        worker.run((job,))
    assert failed.args == [job.request.id, sentence]


def test_any_other_error_is_logged_and_told(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    worker = loaded(ScriptedEngine(fault=ZeroDivisionError("by zero")))
    with qtbot.waitSignal(worker.failed) as failed:
        worker.run((Job(request()),))
    assert "by zero" in failed.args[1]
    assert "unchanged" in failed.args[1]
    assert "ZeroDivisionError" in caplog.text


def test_a_job_taken_back_early_never_reaches_the_engine(qtbot: QtBot) -> None:
    engine = ScriptedEngine()
    worker, job = loaded(engine), Job(request())
    job.cancelled.set()
    with qtbot.waitSignal(worker.stopped) as stopped:
        worker.run((job,))
    assert stopped.args == [job.request.id]
    assert not engine.requests


def test_a_running_job_can_be_taken_back(qtbot: QtBot) -> None:
    worker, job = loaded(ScriptedEngine(open_gate=False)), Job(request())
    worker.progressed.connect(lambda _: job.cancelled.set())
    with qtbot.waitSignal(worker.stopped) as stopped:
        worker.run((job,))
    assert stopped.args == [job.request.id]


def test_a_model_that_cannot_be_loaded(qtbot: QtBot) -> None:
    def load() -> ScriptedEngine:
        raise ModelError("The model is damaged: install it again.")

    worker = Worker(load)
    with qtbot.waitSignal(worker.load_failed) as failed:
        worker.load()
    assert failed.args == ["The model is damaged: install it again."]
    with qtbot.waitSignal(worker.stopped):
        worker.run((Job(request()),))


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


def test_the_fake_engine_loads_by_name() -> None:
    assert engine_loader("fake", None, None)().info.backend == "fake"


def test_a_lost_device_is_given_up_and_the_model_loaded_again(qtbot: QtBot) -> None:
    engines = [ScriptedEngine(fault=DeviceLostError("It stopped working.")), ScriptedEngine()]
    worker, job = Worker(lambda: engines.pop(0)), Job(request())
    worker.load()
    with qtbot.waitSignal(worker.failed) as failed, qtbot.waitSignal(worker.loaded):
        worker.run((job,))
    assert failed.args[1].startswith("It stopped working. The model is loaded again")
    with qtbot.waitSignal(worker.finished):
        worker.run((job,))


def test_the_cpu_takes_a_lost_device_s_place(monkeypatch: pytest.MonkeyPatch) -> None:
    devices: list[str | None] = []

    def load(model: str, *, backend: str | None, device: str | None) -> ScriptedEngine:
        devices.append(device)
        if device != "cpu":
            raise DeviceLostError("It stopped working.")
        return ScriptedEngine()

    monkeypatch.setattr("lazydiff_core.engine.Engine.load", load)
    engine_loader("bundled", None, None)()
    assert devices == [None, "cpu"]


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


def test_a_fault_of_no_job_in_particular_ends_all_that_are_left(qtbot: QtBot) -> None:
    class Faulty(ScriptedEngine):
        def run_all(self, *wanted: object) -> Iterator[tuple[int, Outcome]]:
            raise ZeroDivisionError("between two jobs")
            yield

    worker, batch = loaded(Faulty()), (Job(request()), Job(request()))
    failed: list[int] = []
    worker.failed.connect(lambda number, sentence: failed.append(number))
    worker.run(batch)
    assert failed == [job.request.id for job in batch]
