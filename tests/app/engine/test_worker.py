from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.engine.worker import Ahead, Job, Worker, engine_loader
from lazydiff_core.contract import Outcome
from lazydiff_core.errors import DeviceLostError, ModelError, OutOfMemoryError
from tests.app.doubles import ScriptedEngine, request


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
