"""The only door to the engine: one object on a thread of its own (app.engine.engine_thread)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Protocol, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from app.engine.preload import load_torch_libraries
from app.engine.priority import give_way
from lazydiff_core.contract import (
    RGB,
    EditRequest,
    EditResult,
    EngineInfo,
    IsCancelled,
    Mask,
    OnProgress,
    Outcome,
    Scope,
)
from lazydiff_core.errors import Cancelled, DeviceLostError, LazyDiffError
from lazydiff_core.model_store import default_taught_words

_log = logging.getLogger(__name__)


class EngineLike(Protocol):
    """What the worker needs of an engine."""

    @property
    def info(self) -> EngineInfo: ...

    def run_all(
        self,
        requests: Sequence[EditRequest],
        on_progress: OnProgress | None = None,
        is_cancelled: Callable[[int], bool] | None = None,
    ) -> Iterator[tuple[int, Outcome]]: ...

    def prepare(
        self, image: RGB, mask: Mask, scope: Scope, is_superseded: IsCancelled | None = None
    ) -> bool: ...

    def time_run(
        self, across: int, is_cancelled: IsCancelled | None = None, *, counting: bool = False
    ) -> EditResult: ...


LoadEngine: TypeAlias = Callable[[], EngineLike]


def engine_loader(model: str, backend: str | None, device: str | None) -> LoadEngine:
    """How to load an engine and teach it this user's words, as they are by then.

    Importing it, and torch with it, is left to the worker's thread.

    A device that is lost stays so until the program ends: the CPU takes its place.
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


@dataclass(frozen=True, eq=False)
class Job:
    """A request and the flag that takes it back."""

    request: EditRequest
    cancelled: Event = field(default_factory=Event)


Batch: TypeAlias = tuple[Job, ...]


@dataclass(frozen=True, eq=False)
class Ahead:
    """A context worth computing before anyone asks, unless it has been superseded."""

    image: RGB
    mask: Mask
    scope: Scope = "auto"
    superseded: Event = field(default_factory=Event)


@dataclass(frozen=True, eq=False)
class Rehearsal:
    """A short run that tells what runs cost, unless something more urgent has come.

    across: tokens of a side of its hole. counting: what memory it takes is counted as well.
    """

    across: int
    counting: bool = False
    superseded: Event = field(default_factory=Event)


@dataclass(frozen=True, eq=False)
class Switch:
    """How to load another engine, and the flag that takes the wish back."""

    load: LoadEngine
    given_up: Event = field(default_factory=Event)


class Reports(QObject):
    """What an engine's thread has to say, wherever it is passed on."""

    loaded = Signal(object)  # EngineInfo
    load_failed = Signal(str)
    switch_failed = Signal(str)  # the engine there was goes on
    progressed = Signal(object)  # Progress
    finished = Signal(object)  # EditResult
    failed = Signal(int, str)
    stopped = Signal(int)
    prepared = Signal(object)  # Ahead, whose context the engine has now
    rehearsed = Signal(object, object)  # Rehearsal, EditResult

    def pass_on_to(self, other: Reports) -> None:
        """Say everything there as well."""
        self.loaded.connect(other.loaded)
        self.load_failed.connect(other.load_failed)
        self.switch_failed.connect(other.switch_failed)
        self.progressed.connect(other.progressed)
        self.finished.connect(other.finished)
        self.failed.connect(other.failed)
        self.stopped.connect(other.stopped)
        self.prepared.connect(other.prepared)
        self.rehearsed.connect(other.rehearsed)


class Worker(Reports):
    """Lives on the engine's thread; nothing raised here gets any further than a signal."""

    def __init__(self, load: LoadEngine) -> None:
        super().__init__()
        self._load = load
        self._engine: EngineLike | None = None

    @Slot()
    def load(self) -> None:
        give_way()
        try:
            self._engine = self._load()
            self.loaded.emit(self._engine.info)
        except Exception as error:
            self.load_failed.emit(_sentence(error))

    @Slot(object)
    def switch(self, wanted: Switch) -> None:
        """Load another engine in the place of the one there is, which stays if that fails."""
        if wanted.given_up.is_set():
            return
        try:
            engine = wanted.load()
        except Exception as error:
            if not wanted.given_up.is_set():
                self.switch_failed.emit(_sentence(error))
            return
        if not wanted.given_up.is_set():
            self._engine, self._load = engine, wanted.load
            self.loaded.emit(engine.info)

    @Slot(object)
    def run(self, batch: Batch) -> None:
        """Run some jobs together; each ends in one of `finished`, `failed` and `stopped`."""
        jobs = {job.request.id: job for job in batch}
        left = [job.request for job in batch if not job.cancelled.is_set()]
        outcomes: dict[int, Outcome] = {}
        if self._engine is not None and left:
            try:
                running = self._engine.run_all(
                    left, self.progressed.emit, lambda number: jobs[number].cancelled.is_set()
                )
                for number, outcome in running:
                    outcomes[number] = outcome
                    self._report(number, outcome)
            except Exception as error:  # of no job in particular: none of them may wait for ever
                for request in left:
                    if request.id not in outcomes:
                        outcomes[request.id] = error
                        self._report(request.id, error)
        for number in jobs.keys() - outcomes.keys():
            self.stopped.emit(number)
        if any(isinstance(outcome, DeviceLostError) for outcome in outcomes.values()):
            self._load_again()

    def _report(self, number: int, outcome: Outcome) -> None:
        if isinstance(outcome, EditResult):
            self.finished.emit(outcome)
        elif isinstance(outcome, Cancelled):
            self.stopped.emit(number)
        elif isinstance(outcome, DeviceLostError):
            sentence = f"{outcome} The model is loaded again; your picture is as it was."
            self.failed.emit(number, sentence)
        else:
            self.failed.emit(number, _sentence(outcome))

    def _load_again(self) -> None:
        self._engine = None  # before the next: there may be room for one only
        self.load()

    @Slot(object)
    def prepare(self, ahead: Ahead) -> None:
        if self._engine is None or ahead.superseded.is_set():
            return
        try:
            self._engine.prepare(ahead.image, ahead.mask, ahead.scope, ahead.superseded.is_set)
            self.prepared.emit(ahead)
        except Exception:  # nobody asked for it yet: the request itself will report the fault
            _log.exception("The context could not be computed ahead")

    @Slot(object)
    def rehearse(self, asked: Rehearsal) -> None:
        if self._engine is None or asked.superseded.is_set():
            return
        try:
            is_cancelled = asked.superseded.is_set
            result = self._engine.time_run(asked.across, is_cancelled, counting=asked.counting)
            self.rehearsed.emit(asked, result)
        except Cancelled:
            _log.debug("Rehearsal given up for something more urgent")
        except Exception:  # nobody asked for it
            _log.exception("What runs cost could not be measured")


def _sentence(error: Exception) -> str:
    if isinstance(error, LazyDiffError):
        return str(error)
    _log.error("Unexpected fault in the engine", exc_info=error)
    return f"The engine met an unexpected fault: {error}. Your picture is unchanged; try again."
