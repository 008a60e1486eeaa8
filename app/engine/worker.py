"""The only door to the engine: one object on a thread of its own (app.engine.engine_thread)."""

from __future__ import annotations

import logging
import os
import sys
import threading

from PySide6.QtCore import QObject, Signal, Slot

from app.engine.jobs import (
    Done,
    EncodeContext,
    EngineLike,
    Failed,
    Job,
    Load,
    LoadEngine,
    News,
    Report,
    RunRequest,
    Stopped,
    TimeRun,
)
from app.engine.preload import load_torch_libraries
from lazydiff_core.contract import EngineInfo, Progress
from lazydiff_core.errors import Cancelled, DeviceLostError, LazyDiffError, ModelError
from lazydiff_core.model_store import default_taught_words

_log = logging.getLogger(__name__)

NICENESS = 5  # steps between the app's thread and the engine's


def engine_loader(model: str, backend: str | None, device: str | None) -> LoadEngine:
    """How to load an engine and teach it this user's words, as they are by then.

    Importing it, and torch with it, is left to the worker's thread. A device that is lost stays
    lost until the program ends: the CPU takes its place.
    """

    def load() -> EngineLike:
        load_torch_libraries()
        from lazydiff_core.engine.engine import Engine

        words = default_taught_words().pictures()
        try:
            return Engine.load(model, backend=backend, device=device, words=words)
        except DeviceLostError:
            _log.exception("Loading for the CPU instead")
        return Engine.load(model, backend=backend, device="cpu", words=words)

    return load


class Worker(QObject):
    """Lives on the engine's thread; nothing raised here gets any further than a report."""

    reported = Signal(object)  # Report

    def __init__(self) -> None:
        super().__init__()
        self._engine: EngineLike | None = None

    @Slot(object)
    def run(self, job: Job) -> None:
        """Do a job and report how it ended."""
        self.reported.emit(Report(job.id, self._end_of(job)))

    def _end_of(self, job: Job) -> News:
        if job.cancelled.is_set():
            return Stopped()
        try:
            return self._do(job)
        except Cancelled:
            return Stopped()
        except DeviceLostError as error:
            self._engine = None  # before the next one is loaded: there may be room for one only
            sentence = f"{error} The model is loaded again; your picture is as it was."
            return Failed(sentence, lost=not isinstance(job.work, Load))
        except LazyDiffError as error:
            return Failed(str(error))
        except Exception as error:
            _log.exception("Unexpected fault in the engine")
            return Failed(
                f"The engine met an unexpected fault: {error}. "
                "Your picture is unchanged; try again."
            )

    def _do(self, job: Job) -> News:
        is_cancelled = job.cancelled.is_set
        match job.work:
            case Load(load):
                return self._load(load, job)
            case RunRequest(request):

                def tell(progress: Progress) -> None:
                    self.reported.emit(Report(job.id, progress))

                return Done(self._loaded().run(request, tell, is_cancelled))
            case EncodeContext(image, mask, scope):
                self._loaded().prepare(image, mask, scope, is_cancelled)
                return Done(None)
            case TimeRun(across, counting):
                return Done(self._loaded().time_run(across, is_cancelled, counting=counting))

    def _load(self, load: LoadEngine, job: Job) -> News:
        """The engine there is goes on where the other one fails or is not wanted any more."""
        run_behind_main_thread()
        engine = load()
        if job.cancelled.is_set():
            return Stopped()
        self._engine = engine
        info: EngineInfo = engine.info
        return Done(info)

    def _loaded(self) -> EngineLike:
        if self._engine is None:
            raise ModelError("No model is loaded: load one and ask again.")
        return self._engine


def run_behind_main_thread() -> None:
    """Put this thread, and what it starts, behind the main thread; that one stays as it is.

    Only Linux has a priority for each thread; Qt's own do nothing under its usual scheduler.
    """
    thread = threading.get_native_id()
    if sys.platform == "linux" and thread != os.getpid():
        main = os.getpriority(os.PRIO_PROCESS, os.getpid())
        os.setpriority(os.PRIO_PROCESS, thread, min(19, main + NICENESS))
