"""The room in which the engine's worker and its thread are kept.

A thread that hangs is abandoned, never killed: the room gets another, and hears no more of it.
"""

from __future__ import annotations

import faulthandler
import logging
import tempfile

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from app.engine.worker import Ahead, Batch, Job, LoadEngine, Rehearsal, Reports, Switch, Worker

_log = logging.getLogger(__name__)
PATIENCE_SECONDS = 60.0


class EngineRoom(Reports):
    """Owns the worker and its thread, hands it what it is to do and passes on what it reports.

    patience: seconds that a thread with work to do may say nothing before `silent` is emitted.
    """

    silent = Signal()  # the thread seems to hang
    heard_again = Signal()  # it does not
    _submitted = Signal(object)  # Batch
    _wanted = Signal(object)  # Ahead
    _timed = Signal(object)  # Rehearsal
    _another = Signal(object)  # Switch

    def __init__(
        self, load: LoadEngine, parent: QObject | None = None, patience: float = PATIENCE_SECONDS
    ) -> None:
        super().__init__(parent)
        self._load = load
        self._switch: Switch | None = None  # under way
        self._stopped = self._is_silent = False
        self._jobs: dict[int, Job] = {}  # handed over, and nothing heard of their end
        self._abandoned: list[tuple[QThread, Worker]] = []
        self._watchdog = QTimer(self, singleShot=True, interval=round(patience * 1000))
        self._watchdog.timeout.connect(self._on_silence)
        for signal in (self.loaded, self.load_failed, self.switch_failed, self.progressed):
            signal.connect(self._on_news)
        self.loaded.connect(lambda: self._end_switch(done=True))
        self.switch_failed.connect(lambda: self._end_switch(done=False))
        self.finished.connect(lambda result: self._on_end(result.id))
        self.failed.connect(lambda number, _: self._on_end(number))
        self.stopped.connect(self._on_end)
        self._open()

    def _open(self) -> None:
        """A new worker on a new thread."""
        self.worker = Worker(self._load)
        self._thread = QThread(self)
        self._thread.setObjectName("engine")
        self.worker.moveToThread(self._thread)
        self._thread.started.connect(self.worker.load)
        self._submitted.connect(self.worker.run)
        self._wanted.connect(self.worker.prepare)
        self._timed.connect(self.worker.rehearse)
        self._another.connect(self.worker.switch)
        # What a thread has said arrives here first, on ours: hung up, nothing of it gets through.
        self._line = Reports(self)
        self.worker.pass_on_to(self._line)
        self._line.pass_on_to(self)

    def start(self) -> None:
        """Begin to load the engine; nothing once it has been stopped."""
        if not self._stopped:
            self._thread.start()
            self._watchdog.start()

    @Slot(object)
    def run(self, batch: Batch) -> None:
        """Have jobs run after those before them; how each ends is told, unless we stop first."""
        self._jobs.update((job.request.id, job) for job in batch)
        self._watchdog.start()
        self._submitted.emit(batch)

    @Slot(object)
    def prepare(self, ahead: Ahead) -> None:
        """Have a context computed, unless it is superseded before its turn."""
        self._wanted.emit(ahead)

    def switch(self, load: LoadEngine) -> None:
        """Have another engine loaded after the jobs that were handed over before.

        It is told by `loaded`, or by `switch_failed`: then the engine there was goes on.
        """
        self.give_up_switch()
        self._switch = Switch(load)
        self._watchdog.start()
        self._another.emit(self._switch)

    @property
    def load(self) -> LoadEngine:
        """How the engine there is was loaded."""
        return self._load

    def give_up_switch(self) -> None:
        """Stay with the engine there is, unless the other one has come already."""
        if self._switch is not None:
            self._switch.given_up.set()
            self._switch = None

    def _end_switch(self, *, done: bool) -> None:
        if self._switch is not None and done:
            self._load = self._switch.load
        self._switch = None

    @property
    def is_idle(self) -> bool:
        """Nothing that was handed over is still to end."""
        return not self._jobs

    @Slot(object)
    def rehearse(self, asked: Rehearsal) -> None:
        """Have a run timed, unless it is superseded before its turn."""
        self._timed.emit(asked)

    def restart(self) -> None:
        """Give the thread up, whatever it is doing, and load another engine on a new one.

        The jobs it had are reported as failed; what it says from now on is not heard.
        """
        if self._stopped:
            return
        self._hang_up()
        jobs, self._jobs = self._jobs, {}
        self._open()
        self.start()
        for number in jobs:
            self.failed.emit(number, self.tr("The engine was restarted: ask again."))

    def _hang_up(self) -> None:
        self._line.blockSignals(True)
        self._submitted.disconnect(self.worker.run)
        self._wanted.disconnect(self.worker.prepare)
        self._timed.disconnect(self.worker.rehearse)
        self._another.disconnect(self.worker.switch)
        self.give_up_switch()
        for job in self._jobs.values():
            job.cancelled.set()
        self._thread.quit()
        # A thread must not be destroyed while it runs, so it and what lives on it are kept.
        self._thread.setParent(None)
        self._abandoned.append((self._thread, self.worker))
        self._thread.finished.connect(self._sweep)

    @Slot()
    def _sweep(self) -> None:
        """Let go of given up threads that have ended after all, and of their engines."""
        self._abandoned = [pair for pair in self._abandoned if not pair[0].wait(20)]

    def stop(self, seconds: float) -> bool:
        """End the thread; False if its work, or that of one given up, is still not done then."""
        self._stopped = True
        self._watchdog.stop()
        self._thread.quit()
        ended = self._thread.wait(round(seconds * 1000))
        self._sweep()
        return ended and not self._abandoned

    # --- is it alive? ----------------------------------------------------------------------------

    @Slot()
    def _on_silence(self) -> None:
        _log.error("Nothing heard of the engine. What each thread is doing:\n%s", stacks())
        self._is_silent = True
        self.silent.emit()

    def _on_end(self, number: int) -> None:
        self._jobs.pop(number, None)
        self._on_news()

    def _on_news(self, *_: object) -> None:
        if self._jobs or self._switch is not None:
            self._watchdog.start()
        else:
            self._watchdog.stop()
        if self._is_silent:
            self._is_silent = False
            self.heard_again.emit()


def stacks() -> str:
    """Where every thread of the program is now."""
    with tempfile.TemporaryFile() as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        return file.read().decode(errors="replace")
