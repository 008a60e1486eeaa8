"""The thread that the engine's worker lives on.

A thread that hangs is abandoned, never killed: a new thread replaces it, and its reports are
ignored.
"""

from __future__ import annotations

import faulthandler
import logging
import tempfile

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from app.engine.jobs import Job, Measuring, Report
from app.engine.worker import Worker
from lazydiff_core.contract import Progress

_log = logging.getLogger(__name__)
PATIENCE_SECONDS = 60.0


class EngineThread(QObject):
    """Hands jobs to the worker in order and passes on its reports.

    patience: seconds without a report after which a busy thread counts as silent.
    """

    reported = Signal(object)  # Report
    silent_changed = Signal(bool)  # whether the thread seems to hang
    _submitted = Signal(object)  # Job

    def __init__(self, parent: QObject | None = None, patience: float = PATIENCE_SECONDS) -> None:
        super().__init__(parent)
        self._jobs: dict[int, Job] = {}  # submitted and not known to have ended
        self._stopped = self._is_silent = False
        self._abandoned: list[tuple[QThread, Worker]] = []
        self._watchdog = QTimer(self, singleShot=True, interval=round(patience * 1000))
        self._watchdog.timeout.connect(self._on_silence)
        self._open()

    def _open(self) -> None:
        """Start a new worker on a new thread."""
        self.worker = Worker()
        self._thread = QThread(self)
        self._thread.setObjectName("engine")
        self.worker.moveToThread(self._thread)
        self._submitted.connect(self.worker.run)
        self.worker.reported.connect(self._on_report)

    @property
    def is_idle(self) -> bool:
        """Whether all submitted jobs have ended."""
        return not self._jobs

    def start(self, job: Job) -> None:
        """Queue a job behind those submitted before; ignored once the thread is stopped."""
        if self._stopped:
            return
        self._jobs[job.id] = job
        self._thread.start()
        self._watchdog.start()
        self._submitted.emit(job)

    def restart(self) -> None:
        """Abandon the thread, whatever it is doing, and start a new one.

        Its jobs are cancelled, and their reports are ignored.
        """
        if self._stopped:
            return
        jobs, self._jobs = self._jobs, {}
        for job in jobs.values():
            job.cancelled.set()
        self._submitted.disconnect(self.worker.run)
        self._thread.quit()
        # A QThread must not be destroyed while it runs, so it and its worker are kept.
        self._thread.setParent(None)
        self._abandoned.append((self._thread, self.worker))
        self._thread.finished.connect(self._sweep)
        self._open()
        self._hear()

    def stop(self, seconds: float) -> bool:
        """End the thread; False if it, or an abandoned one, still works after `seconds`."""
        self._stopped = True
        self._watchdog.stop()
        self._thread.quit()
        ended = self._thread.wait(round(seconds * 1000))
        self._sweep()
        return ended and not self._abandoned

    @Slot()
    def _sweep(self) -> None:
        """Free abandoned threads that have ended by now, and their engines."""
        self._abandoned = [pair for pair in self._abandoned if not pair[0].wait(20)]

    @Slot(object)
    def _on_report(self, report: Report) -> None:
        if report.job not in self._jobs:
            return  # the report of an abandoned thread
        if not isinstance(report.news, (Progress, Measuring)):
            del self._jobs[report.job]
        self._hear()
        self.reported.emit(report)

    # --- silence ---------------------------------------------------------------------------------

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
    """The current stack of every thread of the program."""
    with tempfile.TemporaryFile() as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        return file.read().decode(errors="replace")
