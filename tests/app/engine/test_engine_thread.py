"""The thread of the engine is opened, given up and closed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from app.engine.engine_thread import EngineThread
from app.engine.jobs import Done, Job, Load, LoadEngine, Report, RunRequest
from lazydiff_core.contract import EditRequest, EditResult, IsCancelled, OnProgress, Progress
from tests.app.doubles import PATIENCE_MS, ScriptedEngine, request


def loading(load: LoadEngine, number: int = -1) -> Job:
    return Job(number, Load(load))


def fill() -> Job:
    wanted = request()
    return Job(wanted.id, RunRequest(wanted))


def start(qtbot: QtBot, thread: EngineThread, load: LoadEngine) -> None:
    with qtbot.waitSignal(thread.reported, timeout=PATIENCE_MS):
        thread.start(loading(load))


def ends(thread: EngineThread) -> list[Report]:
    """Everything but progress that the thread will report."""
    heard: list[Report] = []

    def hear(report: Report) -> None:
        if not isinstance(report.news, Progress):
            heard.append(report)

    thread.reported.connect(hear)
    return heard


def test_the_engine_lives_on_a_thread_of_its_own(qtbot: QtBot) -> None:
    threads: list[QThread] = []

    def load() -> ScriptedEngine:
        threads.append(QThread.currentThread())
        return ScriptedEngine()

    thread = EngineThread()
    start(qtbot, thread, load)
    assert threads[0] is not QThread.currentThread()
    assert thread.stop(60)


def test_a_thread_that_was_stopped_does_not_start() -> None:
    thread = EngineThread()
    assert thread.stop(1)
    thread.start(loading(ScriptedEngine))
    thread.restart()
    assert thread.is_idle
    assert thread.stop(0)


def test_stopping_does_not_wait_for_ever(qtbot: QtBot) -> None:
    engine = ScriptedEngine(open_gate=False)
    thread, job = EngineThread(), fill()
    start(qtbot, thread, lambda: engine)
    thread.start(job)
    assert engine.started.wait(60)
    assert not thread.stop(0.1)
    job.cancelled.set()
    assert thread.stop(60)


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


def test_a_thread_that_hangs_is_abandoned_and_not_heard_any_more(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    hanging = Hanging()
    thread = EngineThread(patience=0.2)
    heard = ends(thread)
    start(qtbot, thread, lambda: hanging)
    old, late = thread.worker, fill()
    with qtbot.waitSignal(thread.silent_changed, timeout=PATIENCE_MS) as silent:
        thread.start(late)
    assert silent.args == [True]
    assert "doubles.py" in caplog.text  # where it hangs
    with qtbot.waitSignal(thread.silent_changed, timeout=PATIENCE_MS) as silent:
        thread.restart()
    assert silent.args == [False]
    assert late.cancelled.is_set()
    start(qtbot, thread, ScriptedEngine)
    heard.clear()
    # The new one works, and what the old one says in the end is not passed on.
    job = fill()
    thread.start(job)
    qtbot.waitUntil(lambda: bool(heard), timeout=PATIENCE_MS)
    assert not thread._abandoned[0][0].isFinished()
    said: list[object] = []
    old.reported.connect(said.append)  # on its own thread: no event loop may wait for it
    hanging.gate.set()
    qtbot.waitUntil(lambda: not thread._abandoned, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: len(said) == 1, timeout=PATIENCE_MS)
    assert [report.job for report in heard] == [job.id]
    assert isinstance(heard[0].news, Done)
    assert thread.stop(60)


def test_closing_says_that_an_abandoned_thread_still_runs(qtbot: QtBot) -> None:
    hanging, thread = Hanging(), EngineThread()
    start(qtbot, thread, lambda: hanging)
    thread.start(fill())
    assert hanging.started.wait(60)
    thread.restart()
    start(qtbot, thread, ScriptedEngine)
    assert not thread.stop(60)
    hanging.gate.set()
    qtbot.waitUntil(lambda: thread.stop(60), timeout=PATIENCE_MS)


def test_an_engine_that_only_took_long_is_not_accused_for_ever(qtbot: QtBot) -> None:
    engine = ScriptedEngine(open_gate=False)
    thread = EngineThread(patience=0.2)
    start(qtbot, thread, lambda: engine)
    with qtbot.waitSignal(thread.silent_changed, timeout=PATIENCE_MS):
        thread.start(fill())
    with qtbot.waitSignal(thread.silent_changed, timeout=PATIENCE_MS) as silent:
        engine.gate.set()
    assert silent.args == [False]
    with qtbot.assertNotEmitted(thread.silent_changed, wait=400):
        pass
    assert thread.stop(60)
