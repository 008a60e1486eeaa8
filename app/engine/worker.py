"""The worker that owns the engine, on a thread of its own (app.engine.engine_thread)."""

from __future__ import annotations

import logging
import os
import sys
import threading
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from app.engine.jobs import (
    CheckLoras,
    Done,
    EncodeContext,
    EngineLike,
    Failed,
    Job,
    LiftedThing,
    LiftThing,
    Load,
    LoadEngine,
    Measuring,
    News,
    Recommend,
    Release,
    Report,
    RunRequest,
    Stopped,
    TimeRun,
)
from app.engine.preload import load_torch_libraries
from lazydiff_core.contract import CONTENT_AWARE, Box, EditRequest, EngineInfo, Pixels, Progress
from lazydiff_core.device_faults import give_device_memory_back
from lazydiff_core.errors import Cancelled, DeviceLostError, LazyDiffError, ModelError
from lazydiff_core.load_progress import hearing_of_measures
from lazydiff_core.model_store import default_registry, default_taught_words
from lazydiff_core.model_store.recommendation import Recommendation
from lazydiff_core.remote import Connection, RemoteEngine, is_server

_log = logging.getLogger(__name__)

NICENESS = 5  # how much nicer the engine's thread is than the app's


def engine_loader(model: str, backend: str | None, device: str | None) -> LoadEngine:
    """A function that loads an engine and teaches it the user's words of that moment.

    The engine, and torch with it, is imported on the worker's thread. A lost device is not used
    again until the program ends; the CPU replaces it.
    device: as for Engine.load, or the URL of a server, whose engine then has the model it has.
    """
    if device is not None and is_server(device):
        return lambda: RemoteEngine(Connection.of(device))

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
    """Runs jobs on the engine's thread; every exception becomes a report."""

    reported = Signal(object)  # Report

    def __init__(self) -> None:
        super().__init__()
        self._engine: EngineLike | None = None
        self._again: LoadEngine | None = None  # loads the engine that was let go of
        self._remover: EngineLike | None = None

    @Slot(object)
    def run(self, job: Job) -> None:
        """Run a job and report how it ended."""
        self.reported.emit(Report(job.id, self._end_of(job)))

    def _end_of(self, job: Job) -> News:
        if job.cancelled.is_set():
            return Stopped()
        try:
            return self._do(job)
        except Cancelled:
            return Stopped()
        except DeviceLostError as error:
            self._engine = self._again = None  # freed first: memory may hold only one engine
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

                return Done(self._engine_for(request).run(request, tell, is_cancelled))
            case EncodeContext() as asked:
                self._loaded().prepare(
                    *(asked.image, asked.mask, asked.scope, is_cancelled),
                    edit=asked.edit,
                    references=asked.references,
                    control=asked.control,
                    sketch=asked.sketch,
                )
                return Done(None)
            case TimeRun(across, counting):
                return Done(self._loaded().time_run(across, is_cancelled, counting=counting))
            case Recommend(device):
                return Done(_recommended(device))
            case LiftThing(request, area, shown):
                return self._lift(request, area, shown, job)
            case Release():
                self._engine = self._remover = None
                give_device_memory_back()
                return Done(None)
            case CheckLoras(paths):
                return Done({path: self._loaded().lora_fault(path) for path in paths})

    def _load(self, load: LoadEngine, job: Job) -> News:
        """Load another engine; the current one stays if that fails or is cancelled."""
        run_behind_main_thread()

        def measuring(done: int, total: int) -> None:
            if job.cancelled.is_set():
                raise Cancelled("The model was not loaded.")
            self.reported.emit(Report(job.id, Measuring(done, total)))

        with hearing_of_measures(measuring):
            engine = load()
        if job.cancelled.is_set():
            return Stopped()
        self._engine, self._again = engine, load
        info: EngineInfo = engine.info
        return Done(info)

    def _lift(self, request: EditRequest, area: Box, shown: Pixels, job: Job) -> News:
        from lazydiff_core.matting import lift

        def tell(progress: Progress) -> None:
            self.reported.emit(Report(job.id, replace(progress, box=None, preview=None)))

        def stop_if_cancelled() -> None:
            if job.cancelled.is_set():
                raise Cancelled("The object was not lifted; the picture is as it was.")

        ground = self._engine_for(request).run(request, tell, job.cancelled.is_set)
        part = area.slices
        bare = np.ascontiguousarray(ground.image[part])
        before = np.ascontiguousarray(request.image[part])
        parts = lift(shown, bare, request.mask[part], before, stop_if_cancelled)
        return Done(LiftedThing(ground, parts))

    def _engine_for(self, request: EditRequest) -> EngineLike:
        """The loaded engine or, for a removal, the one beside it, which is loaded when needed."""
        if request.backend != CONTENT_AWARE:
            return self._loaded()
        if self._remover is None:
            run_behind_main_thread()
            from lazydiff_core.engine.engine import Engine

            self._remover = Engine.load(CONTENT_AWARE)
        return self._remover

    def _loaded(self) -> EngineLike:
        if self._engine is None:
            if self._again is None:
                raise ModelError("No model is loaded: load one and ask again.")
            self._engine = self._again()  # nobody has heard that it was let go of
        return self._engine


def _recommended(device: str) -> tuple[Recommendation, ...]:
    """What fits if the loaded model makes room."""
    load_torch_libraries()
    from lazydiff_core.engine.recommended import recommended

    return recommended(device, default_registry())


def run_behind_main_thread() -> None:
    """Lower the priority of this thread, and of threads it starts, below the main thread's.

    Only Linux has a niceness per thread; Qt's priorities do nothing under its default scheduler.
    """
    thread = threading.get_native_id()
    if sys.platform == "linux" and thread != os.getpid():
        main = os.getpriority(os.PRIO_PROCESS, os.getpid())
        os.setpriority(os.PRIO_PROCESS, thread, min(19, main + NICENESS))
