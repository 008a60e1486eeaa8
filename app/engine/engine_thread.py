"""The thread that the engine's worker lives on.

A thread that hangs is abandoned, never killed: another one is opened, and the old one is not heard
any more.
"""

from __future__ import annotations

import faulthandler
import logging
import tempfile

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from app.engine.jobs import Job, Report
from app.engine.worker import Worker
from lazydiff_core.contract import Progress

_log = logging.getLogger(__name__)
PATIENCE_SECONDS = 60.0


class EngineThread(QObject):
    """Hands jobs to the worker, in their order, and passes on what it reports.

    patience: seconds that a thread with work to do may say nothing before it counts as silent.
    """

    reported = Signal(object)  # Report
    silent_changed = Signal(bool)  # the thread seems to hang, or does not after all
    _submitted = Signal(object)  # Job

    def __init__(self, parent: QObject | None = None, patience: float = PATIENCE_SECONDS) -> None:
        super().__init__(parent)
        self._jobs: dict[int, Job] = {}  # handed over, and nothing heard of their end
        self._stopped = self._is_silent = False
        self._abandoned: list[tuple[QThread, Worker]] = []
        self._watchdog = QTimer(self, singleShot=True, interval=round(patience * 1000))
        self._watchdog.timeout.connect(self._on_silence)
        self._open()

    def _open(self) -> None:
        """A new worker on a new thread."""
        self.worker = Worker()
        self._thread = QThread(self)
        self._thread.setObjectName("engine")
        self.worker.moveToThread(self._thread)
        self._submitted.connect(self.worker.run)
        self.worker.reported.connect(self._on_report)

    @property
    def is_idle(self) -> bool:
        """Nothing that was handed over is still to end."""
        return not self._jobs

    def start(self, job: Job) -> None:
        """Have a job done after those before it; nothing once the thread has been stopped."""
        if self._stopped:
            return
        self._jobs[job.id] = job
        self._thread.start()
        self._watchdog.start()
        self._submitted.emit(job)

    def restart(self) -> None:
        """Abandon the thread, whatever it is doing, and open a new one.

        The jobs it had are cancelled, and nothing more is heard of them.
        """
        if self._stopped:
            return
        jobs, self._jobs = self._jobs, {}
        for job in jobs.values():
            job.cancelled.set()
        self._submitted.disconnect(self.worker.run)
        self._thread.quit()
        # A thread must not be destroyed while it runs, so it and what lives on it are kept.
        self._thread.setParent(None)
        self._abandoned.append((self._thread, self.worker))
        self._thread.finished.connect(self._sweep)
        self._open()
        self._hear()

    def stop(self, seconds: float) -> bool:
        """End the thread; False if its work, or that of one abandoned, is still not done then."""
        self._stopped = True
        self._watchdog.stop()
        self._thread.quit()
        ended = self._thread.wait(round(seconds * 1000))
        self._sweep()
        return ended and not self._abandoned

    @Slot()
    def _sweep(self) -> None:
        """Let go of abandoned threads that have ended after all, and of their engines."""
        self._abandoned = [pair for pair in self._abandoned if not pair[0].wait(20)]

    @Slot(object)
    def _on_report(self, report: Report) -> None:
        if report.job not in self._jobs:
            return  # of a thread that was abandoned
        if not isinstance(report.news, Progress):
            del self._jobs[report.job]
        self._hear()
        self.reported.emit(report)

    # --- is it alive? ----------------------------------------------------------------------------

    @Slot()
    def _on_silence(self) -> None:
        _log.error("Nothing heard of the engine. What each thread is doing:\n%s", stacks())
        self._is_silent = True
        self.silent_changed.emit(True)

    def _hear(self) -> None:
        if self._jobs:
            self._watchdog.start()
        else:
            self._watchdog.stop()
        if self._is_silent:
            self._is_silent = False
            self.silent_changed.emit(False)


def stacks() -> str:
    """Where every thread of the program is now."""
    with tempfile.TemporaryFile() as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        return file.read().decode(errors="replace")
