"""The only door to the engine: one object on one thread that lives as long as the window."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Protocol, TypeAlias

from PySide6.QtCore import QObject, QThread, Signal, Slot

from lazydiff_core.contract import (
    RGB,
    EditRequest,
    EditResult,
    EngineInfo,
    IsCancelled,
    Mask,
    OnProgress,
    Scope,
)
from lazydiff_core.errors import Cancelled, LazyDiffError

_log = logging.getLogger(__name__)


class EngineLike(Protocol):
    """What the worker needs of an engine."""

    @property
    def info(self) -> EngineInfo: ...

    def run(
        self,
        request: EditRequest,
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> EditResult: ...

    def prepare(
        self, image: RGB, mask: Mask, scope: Scope, is_superseded: IsCancelled | None = None
    ) -> bool: ...


LoadEngine: TypeAlias = Callable[[], EngineLike]


def engine_loader(model: str, backend: str | None, device: str | None) -> LoadEngine:
    """How to load an engine; importing it, and torch with it, is left to the worker's thread."""

    def load() -> EngineLike:
        from lazydiff_core.engine import Engine

        return Engine.load(model, backend=backend, device=device)

    return load


@dataclass(frozen=True, eq=False)
class Job:
    """A request and the flag that takes it back."""

    request: EditRequest
    cancelled: Event = field(default_factory=Event)


@dataclass(frozen=True, eq=False)
class Ahead:
    """A context worth computing before anyone asks, unless it has been superseded."""

    image: RGB
    mask: Mask
    scope: Scope = "auto"
    superseded: Event = field(default_factory=Event)


class Worker(QObject):
    """Lives on the engine's thread; nothing raised here gets any further than a signal."""

    loaded = Signal(object)  # EngineInfo
    load_failed = Signal(str)
    progressed = Signal(object)  # Progress
    finished = Signal(object)  # EditResult
    failed = Signal(int, str)
    stopped = Signal(int)

    def __init__(self, load: LoadEngine) -> None:
        super().__init__()
        self._load = load
        self._engine: EngineLike | None = None

    @Slot()
    def load(self) -> None:
        try:
            self._engine = self._load()
            self.loaded.emit(self._engine.info)
        except Exception as error:
            self.load_failed.emit(_sentence(error))

    @Slot(object)
    def run(self, job: Job) -> None:
        number = job.request.id
        if self._engine is None or job.cancelled.is_set():
            self.stopped.emit(number)
            return
        try:
            result = self._engine.run(job.request, self.progressed.emit, job.cancelled.is_set)
            self.finished.emit(result)
        except Cancelled:
            self.stopped.emit(number)
        except Exception as error:
            self.failed.emit(number, _sentence(error))

    @Slot(object)
    def prepare(self, ahead: Ahead) -> None:
        if self._engine is None or ahead.superseded.is_set():
            return
        try:
            self._engine.prepare(ahead.image, ahead.mask, ahead.scope, ahead.superseded.is_set)
        except Exception:  # nobody asked for it yet: the request itself will report the fault
            _log.exception("The context could not be computed ahead")


class EngineRoom(QObject):
    """Owns the worker and its thread."""

    def __init__(self, load: LoadEngine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = Worker(load)
        self._thread = QThread(self)
        self._stopped = False
        self._thread.setObjectName("engine")
        self.worker.moveToThread(self._thread)
        self._thread.started.connect(self.worker.load)

    def start(self) -> None:
        """Begin to load the engine; nothing once it has been stopped."""
        if not self._stopped:
            self._thread.start()

    def stop(self, seconds: float) -> bool:
        """End the thread; False if its work is still not done after `seconds`."""
        self._stopped = True
        self._thread.quit()
        return self._thread.wait(round(seconds * 1000))


def _sentence(error: Exception) -> str:
    if isinstance(error, LazyDiffError):
        return str(error)
    _log.error("Unexpected fault in the engine", exc_info=error)
    return f"The engine met an unexpected fault: {error}. Your picture is unchanged; try again."
