from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from weakref import ref

import pytest

from app.engine.jobs import (
    Done,
    EncodeContext,
    Failed,
    Job,
    Load,
    News,
    Release,
    Report,
    RunRequest,
    Stopped,
    TimeRun,
    Work,
)
from app.engine.worker import NICENESS, Worker, engine_loader, run_behind_main_thread
from lazydiff_core.contract import EditResult, EngineInfo, Progress
from lazydiff_core.errors import DeviceLostError, ModelError, OutOfMemoryError
from tests.app.doubles import INFO, ScriptedEngine, request


def news_of(worker: Worker, job: Job) -> list[News]:
    """All that a worker reports of a job."""
    heard: list[Report] = []
    worker.reported.connect(heard.append)
    worker.run(job)
    worker.reported.disconnect(heard.append)
    assert {report.job for report in heard} == {job.id}
    return [report.news for report in heard]


def end_of(worker: Worker, work: Work, *, cancelled: bool = False) -> News:
    job = Job(7, work)
    if cancelled:
        job.cancelled.set()
    return news_of(worker, job)[-1]


def loaded(engine: ScriptedEngine) -> Worker:
    worker = Worker()
    end_of(worker, Load(lambda: engine))
    return worker


def test_a_result_is_reported(qapp: object) -> None:
    wanted = request()
    progress, done = news_of(loaded(ScriptedEngine()), Job(7, RunRequest(wanted)))
    assert isinstance(progress, Progress)
    assert isinstance(done, Done)
    assert isinstance(done.value, EditResult)
    assert progress.id == done.value.id == wanted.id


def test_what_was_loaded_is_reported(qapp: object) -> None:
    end = end_of(Worker(), Load(ScriptedEngine))
    assert isinstance(end, Done)
    assert isinstance(end.value, EngineInfo)
    assert end.value is INFO


def test_an_expected_error_is_told_in_its_own_words(qapp: object) -> None:
    sentence = "The device has no room: paint a smaller mask."
    worker = loaded(ScriptedEngine(fault=OutOfMemoryError(sentence)))
    assert end_of(worker, RunRequest(request())) == Failed(sentence)


def test_any_other_error_is_logged_and_told(qapp: object, caplog: pytest.LogCaptureFixture) -> None:
    end = end_of(loaded(ScriptedEngine(fault=ZeroDivisionError("by zero"))), RunRequest(request()))
    assert isinstance(end, Failed)
    assert "by zero" in end.sentence
    assert "unchanged" in end.sentence
    assert "ZeroDivisionError" in caplog.text


def test_a_job_taken_back_early_never_reaches_the_engine(qapp: object) -> None:
    engine = ScriptedEngine()
    wanted = request()
    for work in (
        RunRequest(wanted),
        EncodeContext(wanted.image, wanted.mask),
        TimeRun(2),
    ):
        assert end_of(loaded(engine), work, cancelled=True) == Stopped()
    assert not engine.requests
    assert not engine.prepared


def test_a_running_job_can_be_taken_back(qapp: object) -> None:
    worker, job = loaded(ScriptedEngine(open_gate=False)), Job(7, RunRequest(request()))
    worker.reported.connect(lambda _: job.cancelled.set())
    assert news_of(worker, job)[-1] == Stopped()


def test_a_model_that_cannot_be_loaded_leaves_the_one_there_is(qapp: object) -> None:
    def load() -> ScriptedEngine:
        raise ModelError("The model is damaged: install it again.")

    worker = Worker()
    assert end_of(worker, Load(load)) == Failed("The model is damaged: install it again.")
    without = end_of(worker, RunRequest(request()))
    assert isinstance(without, Failed)
    assert "No model is loaded" in without.sentence
    worker = loaded(ScriptedEngine())
    end_of(worker, Load(load))
    assert isinstance(end_of(worker, RunRequest(request())), Done)


def test_an_engine_that_is_not_wanted_any_more_is_not_taken(qapp: object) -> None:
    first, other = ScriptedEngine(), ScriptedEngine()
    worker = loaded(first)

    def load() -> ScriptedEngine:
        job.cancelled.set()
        return other

    job = Job(8, Load(load))
    assert news_of(worker, job) == [Stopped()]
    end_of(worker, RunRequest(request()))
    assert first.requests
    assert not other.requests


def test_contexts_and_timed_runs(qapp: object) -> None:
    engine, wanted = ScriptedEngine(), request()
    worker = loaded(engine)
    end = end_of(worker, EncodeContext(wanted.image, wanted.mask))
    assert isinstance(end, Done)
    assert end.value is None
    assert len(engine.prepared) == 1
    timed = end_of(worker, TimeRun(3, counting=True))
    assert isinstance(timed, Done)
    assert isinstance(timed.value, EditResult)
    assert timed.value.tokens.hole == 9
    assert timed.value.peak_bytes == 9000


def test_the_fake_engine_loads_by_name() -> None:
    assert engine_loader("fake", None, None)().info.backend == "fake"


def test_with_a_lost_device_the_engine_is_gone(qapp: object) -> None:
    worker = loaded(ScriptedEngine(fault=DeviceLostError("It stopped working.")))
    end = end_of(worker, RunRequest(request()))
    assert isinstance(end, Failed)
    assert end.lost
    assert end.sentence.startswith("It stopped working. The model is loaded again")
    assert worker._engine is None
    end_of(worker, Load(ScriptedEngine))
    assert isinstance(end_of(worker, RunRequest(request())), Done)


def test_the_cpu_takes_a_lost_device_s_place(monkeypatch: pytest.MonkeyPatch) -> None:
    devices: list[str | None] = []

    def load(
        model: str, *, backend: str | None, device: str | None, words: object
    ) -> ScriptedEngine:
        assert words == {}
        devices.append(device)
        if device != "cpu":
            raise DeviceLostError("It stopped working.")
        return ScriptedEngine()

    monkeypatch.setattr("lazydiff_core.engine.engine.Engine.load", load)
    engine_loader("bundled", None, None)()
    assert devices == [None, "cpu"]


def niceness() -> int:
    """Of the calling thread."""
    return os.getpriority(os.PRIO_PROCESS, 0) if sys.platform == "linux" else 0


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_a_thread_goes_behind_the_main_thread_once() -> None:
    before = niceness()

    def twice() -> tuple[int, int]:
        run_behind_main_thread()
        first = niceness()
        run_behind_main_thread()
        return first, niceness()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(twice).result() == (min(19, before + NICENESS),) * 2
    assert niceness() == before


def test_the_main_thread_stays_where_it_is() -> None:
    before = niceness()
    run_behind_main_thread()
    assert niceness() == before


def test_a_released_engine_is_gone_until_it_is_used(qapp: object) -> None:
    made: list[ref[ScriptedEngine]] = []

    def load() -> ScriptedEngine:
        engine = ScriptedEngine()
        made.append(ref(engine))
        return engine

    worker = Worker()
    end_of(worker, Load(load))
    assert isinstance(end_of(worker, Release()), Done)
    assert made[0]() is None
    assert isinstance(end_of(worker, RunRequest(request())), Done)
    assert len(made) == 2
