"""One engine on a thread of its own, and the queue of work that waits for it."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeAlias

from lazydiff_core.contract import EngineInfo, IsCancelled, OnProgress, Progress
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import Cancelled, DeviceLostError, LazyDiffError

_log = logging.getLogger(__name__)

MAX_WAITING = 64
Work: TypeAlias = Callable[[Engine, OnProgress, IsCancelled], Any]


class BusyError(LazyDiffError):
    """Too many requests wait already."""


class Ticket:
    """Work that was asked for. It belongs to the event loop it was made in.

    Of several reports of progress that were not fetched in time, only the last one is kept.
    """

    def __init__(self, work: Work) -> None:
        self.work = work
        self.cancelled = threading.Event()
        self.progress: Progress | None = None
        self.outcome: Any = None  # a result, or the LazyDiffError that ended the work
        self.is_done = False
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()

    async def reports(self, every: float) -> AsyncIterator[Progress | None]:
        """Reports of progress until the work is done; None after `every` seconds without one."""
        while not self.is_done:
            try:
                await asyncio.wait_for(self._news.wait(), every)
            except TimeoutError:
                yield None
                continue
            self._news.clear()
            if not self.is_done:
                yield self.progress

    def result(self) -> Any:
        """The result of work that is done; raises the error that ended it."""
        if isinstance(self.outcome, LazyDiffError):
            raise self.outcome
        return self.outcome

    # --- on the engine's thread ------------------------------------------------------------------

    def tell(self, progress: Progress) -> None:
        self._call(self._set_progress, progress)

    def finish(self, outcome: Any) -> None:
        self._call(self._set_outcome, outcome)

    def _call(self, function: Callable[[Any], None], value: Any) -> None:
        if not self._loop.is_closed():  # the server may have been stopped meanwhile
            self._loop.call_soon_threadsafe(function, value)

    def _set_progress(self, progress: Progress) -> None:
        self.progress = progress
        self._news.set()

    def _set_outcome(self, outcome: Any) -> None:
        self.outcome, self.is_done = outcome, True
        self._news.set()


class EngineQueue:
    """Loads an engine on a thread and lets it do one ticket after the other, first come first."""

    def __init__(self, load: Callable[[], Engine], most_waiting: int = MAX_WAITING) -> None:
        self._load = load
        self._waiting: queue.Queue[Ticket | None] = queue.Queue(most_waiting)
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._loaded = threading.Event()
        self._fault: BaseException | None = None
        self._engine: Engine | None = None
        self.current: Ticket | None = None

    def start(self) -> None:
        """Load the engine; returns when it is loaded and raises what loading raised."""
        self._thread.start()
        self._loaded.wait()
        if self._fault is not None:
            raise self._fault

    def close(self) -> None:
        """Cancel what runs and waits, and end the thread."""
        current = self.current
        if current is not None:
            current.cancelled.set()
        while True:
            try:
                ticket = self._waiting.get_nowait()
            except queue.Empty:
                break
            if ticket is not None:
                ticket.finish(Cancelled("The server is being stopped."))
        self._waiting.put(None)
        self._thread.join(timeout=10)

    @property
    def waiting(self) -> int:
        """How many tickets wait, besides the current one."""
        return self._waiting.qsize()

    def submit(self, work: Work) -> Ticket:
        """Put work into the queue; call it in an event loop. Raises BusyError where it is full."""
        ticket = Ticket(work)
        try:
            self._waiting.put_nowait(ticket)
        except queue.Full:
            raise BusyError("Too many requests wait: ask again later.") from None
        return ticket

    async def info(self) -> EngineInfo:
        """The properties of the loaded engine, in its turn."""

        def work(engine: Engine, _tell: OnProgress, _stop: IsCancelled) -> EngineInfo:
            return engine.info

        ticket = self.submit(work)
        async for _ in ticket.reports(1):
            pass
        info: EngineInfo = ticket.result()
        return info

    def _run(self) -> None:
        try:
            self._engine = self._load()
        except BaseException as error:
            self._fault = error
            return
        finally:
            self._loaded.set()
        while (ticket := self._waiting.get()) is not None:
            self.current = ticket
            ticket.finish(self._outcome(ticket))
            self.current = None
        self._engine = None

    def _outcome(self, ticket: Ticket) -> Any:
        if ticket.cancelled.is_set():
            return Cancelled("Stopped.")
        try:
            if self._engine is None:
                self._engine = self._load()
            return ticket.work(self._engine, ticket.tell, ticket.cancelled.is_set)
        except DeviceLostError as error:
            self._engine = None  # the next ticket loads it again
            return error
        except LazyDiffError as error:
            return error
        except Exception:
            _log.exception("Unexpected fault in the engine")
            return LazyDiffError("The engine met an unexpected fault; the server's log has it.")
