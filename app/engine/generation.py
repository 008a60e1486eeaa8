"""Runs everything the artist asks of the engine, in order, and lands the results."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeGuard
from uuid import UUID

from PySide6.QtCore import QObject, Signal, Slot

from app.document.document import Document
from app.engine.client import Client
from app.engine.engine_thread import EngineThread
from app.engine.fills import Fills
from app.engine.generation_state import GenerationState
from app.engine.jobs import Done, Failed, Job, LoadEngine, Measuring, Report, RunRequest
from app.engine.loader import EngineLoader
from app.engine.pace import Pace
from app.engine.prefetch import ContextPrefetcher
from app.engine.replay import Replays
from app.engine.timetable import ON_CANVAS, FillRow, Kind, Row, Timetable
from lazydiff_core.contract import EditRequest, EditResult, EngineInfo, Progress, is_removal
from lazydiff_core.generation_settings import GenerationSettings


class Generation(QObject):
    """The only access to the engine for the whole app.

    All engine work is a row of the timetable. Each change of the timetable is one transition, after
    which the next row starts and `state_changed` is emitted if the state differs. Results that
    arrive while the pen is down wait until it is up. Reports of rows that have left the timetable
    are dropped.
    """

    state_changed = Signal(object)  # GenerationState
    progressed = Signal(object)  # Progress of a fill or a replay
    previewed = Signal(object, object, object, int)  # Box, (h, w, 3) pixels, (h, w) hole, id
    landed = Signal(object)  # EditResult, already on the canvas
    failed = Signal(str)

    def __init__(
        self,
        document: Document,
        load: LoadEngine,
        parent: QObject | None = None,
        thread: EngineThread | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self.engine_thread = thread or EngineThread(self)
        self.loader = EngineLoader(load, self)
        self.prefetcher = ContextPrefetcher(document, self)
        self.replays = Replays(document, self)
        self._fills = Fills(document)
        self._pace = Pace()
        self._clients: dict[Kind, Client] = {
            Kind.LOAD: self.loader,
            Kind.RELEASE: self.loader,
            Kind.REPLAY: self.replays,
            Kind.FILL: self._fills,
            Kind.CONTEXT: self.prefetcher,
        }
        self._table = Timetable()
        self._silent = self._hand_is_down = False
        self._arrived: list[tuple[int, Done]] = []
        self._depth = 0  # of nested changes
        self._is_telling = False
        self.state = GenerationState()
        document.edits_changed.connect(self._on_edits)
        document.mask_changed.connect(lambda: self._fills.mark_mask(self._table))
        document.reshaped.connect(self._on_replaced)
        self.prefetcher.wanted.connect(lambda: self.ask(Kind.CONTEXT))
        self.prefetcher.obsolete.connect(lambda: self.drop(Kind.CONTEXT))
        self.prefetcher.ready_changed.connect(lambda: self._settle())
        self.replays.wanted.connect(lambda: self.ask(Kind.REPLAY))
        self.loader.loaded.connect(self._on_loaded)
        self.loader.released.connect(self.prefetcher.forget)
        self.loader.next_wanted.connect(lambda: self.ask(Kind.LOAD))
        self.engine_thread.reported.connect(self._on_report)
        self.engine_thread.silent_changed.connect(self._on_silent)

    # --- commands of the artist ------------------------------------------------------------------

    @property
    def info(self) -> EngineInfo | None:
        return self.loader.info

    @property
    def is_running(self) -> bool:
        """Whether a fill or a replay is running."""
        return self._table.runs(*ON_CANVAS)

    def start(self) -> None:
        """Load the engine."""
        self.ask(Kind.LOAD)

    def restart(self) -> None:
        """Load the engine again on a new thread; work on the old thread is abandoned."""
        with self._change():
            running = self._table.running
            self.engine_thread.restart()
            self.loader.begin_anew()
            self._table = self._table.put(Row(Kind.LOAD))
            if running is not None and running.kind in ON_CANVAS:
                self._end(running, Failed(self.tr("The engine was restarted: ask again.")))
            elif running is not None and running.kind is not Kind.LOAD:
                self._table = self._table.put(running.anew())

    def switch(self, load: LoadEngine) -> None:
        """Load another engine; later requests run on it, or on the current one if it fails."""
        self.loader.switch(load)
        self.ask(Kind.LOAD)

    def reload(self) -> None:
        """Load the same engine again, because the taught words have changed."""
        self.switch(self.loader.load)

    def release(self) -> None:
        """Let go of the engine's memory once nothing runs; whatever needs it next loads it."""
        if not self._table.has(Kind.RELEASE):
            self.ask(Kind.RELEASE)

    def fill(self, settings: GenerationSettings, *, front: bool = False) -> None:
        """Queue a fill of the mask, or put it in front; anything but a removal needs an engine."""
        if self.info is not None or is_removal(settings):
            with self._change():
                row = self._fills.row(settings)
                self._table = self._table.put_fill(row, front=front)

    def fill_as_asked(self, request: EditRequest, name: str) -> None:
        """Queue a request that is not for the mask; its edit gets the name. Needs an engine."""
        with self._change():
            self._table = self._table.put_fill(self._fills.row_of(request, name))

    def try_again(self, settings: GenerationSettings) -> int:
        """Queue another try of the edit that fills the mask; returns its seed.

        With unchanged settings, its results join the variants of that edit. Needs an engine.
        """
        assert self.info is not None
        with self._change():
            row = self._fills.row_again(settings)
            self._table = self._table.put_fill(row)
        return row.request.settings.seed

    def replay(self, edit_id: UUID, settings: GenerationSettings) -> None:
        """Run an edit again with other settings; later edits that depend on it become stale."""
        self.replays.ask(edit_id, settings)

    def replay_stale(self) -> None:
        """Run all stale edits again, in order, with their own settings."""
        self.replays.ask_stale()

    def cancel(self) -> None:
        """Cancel the running work at once; the thread stops within a step."""
        with self._change():
            if self.loader.is_released:  # what waits would load it again
                self._table = self._table.without_kinds(*ON_CANVAS)
            if self.info is not None:
                self.loader.stay()
                self._table = self._table.without_kinds(Kind.LOAD)
            self.replays.drop()
            self._table = self._table.without_kinds(Kind.REPLAY, Kind.LIFT)
            self._table = self._table.without({r.id for r in self._table.fills if r.running})

    def cancel_all(self) -> None:
        """Cancel the running work and everything that waits."""
        self.replays.drop()
        self.drop(*ON_CANVAS)

    def cancel_fills(self) -> None:
        """Empty the queue."""
        self.drop(Kind.FILL)

    def cancel_fill(self, number: int) -> None:
        """Cancel one fill."""
        with self._change():
            self._table = self._table.without({number})

    def to_front(self, number: int) -> None:
        """Make a waiting fill the next one."""
        with self._change():
            self._table = self._table.to_front(number)

    def refresh(self, number: int) -> None:
        """Give a fill the current canvas; a running fill starts over."""
        with self._change():
            self._table = self._table.on(number, self._fills.canvas())

    def hold(self, hand_is_down: bool) -> None:
        """Hold back results while the pen is on the canvas; land them once it is off."""
        self._hand_is_down = hand_is_down
        if not hand_is_down:
            arrived, self._arrived = self._arrived, []
            for number, done in arrived:
                self._on_report(Report(number, done))

    def stop(self, seconds: float) -> bool:
        """Cancel all work and end the engine's thread; False if it is busy after `seconds`."""
        self.prefetcher.stop()
        self.drop(*Kind)
        self.prefetcher.stop()
        return self.engine_thread.stop(seconds)

    # --- progress --------------------------------------------------------------------------------

    def news_of(self, number: int) -> Progress | None:
        """The progress of a fill; None while it waits."""
        return self._pace.news_of(number)

    def seconds_left(self, number: int) -> float | None:
        """Estimated seconds until a fill lands; None = unknown."""
        return self._pace.seconds_left(self._table, number)

    # --- clients ---------------------------------------------------------------------------------

    def serve(self, kind: Kind, client: Client) -> None:
        """Make `client` responsible for rows of this kind."""
        self._clients[kind] = client

    def ask(self, kind: Kind) -> None:
        """Queue work of a client; it replaces an earlier request of the same kind."""
        with self._change():
            self._table = self._table.put(Row(kind))

    def drop(self, *kinds: Kind) -> None:
        """Cancel the requests of these kinds."""
        if self._table.has(*kinds):
            with self._change():
                self._table = self._table.without_kinds(*kinds)

    # --- reports of the thread -------------------------------------------------------------------

    @Slot(object)
    def _on_report(self, report: Report) -> None:
        row = self._table.row(report.job)
        if row is None or row.job is None:
            return
        news = report.news
        if isinstance(news, Progress):
            self._tell(row, row.job, news)
        elif isinstance(news, Measuring):
            self.loader.measuring.emit(news.done, news.total)
        elif self._hand_is_down and row.kind in ON_CANVAS and self._can_wait(news):
            self._arrived.append((row.id, news))
        else:
            with self._change():
                self._end(row, news)

    @staticmethod
    def _can_wait(news: object) -> TypeGuard[Done]:
        """Whether it is a fill; for a thing that is lifted the hand waits."""
        return isinstance(news, Done) and isinstance(news.value, EditResult)

    def _tell(self, row: Row, job: Job, news: Progress) -> None:
        if row.kind not in ON_CANVAS:
            return
        self._pace.tell(news)
        self.progressed.emit(news)
        if news.box is not None and news.preview is not None:
            assert isinstance(job.work, RunRequest)
            hole = job.work.request.mask[news.box.slices]
            self.previewed.emit(news.box, news.preview, hole, row.id)

    def _end(self, row: Row, news: object) -> None:
        """Remove a row that has ended from the timetable, and pass its result to its client."""
        self._table = self._table.without({row.id})
        client = self._clients[row.kind]
        if row.kind is Kind.REPLAY and self.replays.is_void:
            news = Failed(
                self.tr("The edits were changed meanwhile, so they were not replayed: try again.")
            )
        if isinstance(news, Done):
            client.land(row, news.value)
            if row.kind in ON_CANVAS:
                self._after_landing(row, news.value)
        elif isinstance(news, Failed):
            client.fail(row, news.sentence)
            if row.kind in ON_CANVAS:
                self.failed.emit(news.sentence)
            if news.lost:
                self.loader.begin_anew()
                self._table = self._table.put(Row(Kind.LOAD))

    def _after_landing(self, row: Row, value: object) -> None:
        if isinstance(row, FillRow):
            self._pace.land()
            self._table = self._fills.landed(self._table, row)
        if row.kind is Kind.LIFT:
            return
        if self.replays.step is None or row.kind is Kind.FILL:
            self.landed.emit(value)

    def _on_loaded(self, info: EngineInfo) -> None:
        self._fills.info = self.replays.info = info
        self.prefetcher.native_side = info.native_side
        self.prefetcher.wait_for_rest()

    @Slot(bool)
    def _on_silent(self, silent: bool) -> None:
        with self._change():
            self._silent = silent

    # --- document signals ------------------------------------------------------------------------

    def _on_edits(self) -> None:
        with self._change():
            self._table = self._fills.compared(self._table)

    def _on_replaced(self) -> None:
        self.replays.drop()
        self.drop(*ON_CANVAS, Kind.LIVE, Kind.CONTEXT)

    # --- transitions -----------------------------------------------------------------------------

    @contextmanager
    def _change(self) -> Iterator[None]:
        """A transition of the timetable; nested changes belong to the outermost one."""
        before = self._table
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
        kept = {row.id for row in self._table.rows}
        for row in before.rows:
            if row.job is not None and row.id not in kept:
                row.job.cancelled.set()
        self._settle()

    def _settle(self) -> None:
        """Start the next row and emit the new state, once per transition."""
        if self._depth:
            return
        self._begin_next()
        kept = {row.id for row in self._table.rows}
        self._arrived = [pair for pair in self._arrived if pair[0] in kept]
        if self._table.fills != self.state.table.fills:
            self._fills.mark_mask(self._table)
        if self._is_telling:
            return
        self._is_telling = True
        try:
            while (state := self._now()) != self.state:
                was_running, self.state = self.state.is_running, state
                if was_running and not state.is_running:
                    self.prefetcher.wait_for_rest()
                self.state_changed.emit(state)
        finally:
            self._is_telling = False

    def _now(self) -> GenerationState:
        return GenerationState(
            self.info,
            self.loader.fault,
            self._table,
            self._silent,
            self.prefetcher.ready,
            self.replays.step,
            self.loader.is_released,
        )

    def _begin_next(self) -> None:
        if self.loader.is_released and self._table.wakes() and not self._table.has(Kind.LOAD):
            self._table = self._table.put(Row(Kind.LOAD))
        while (row := self._table.next(has_engine=self.loader.has_engine)) is not None:
            work = self._clients[row.kind].work(row)
            if work is None:
                self._table = self._table.without({row.id})
                continue
            running = self._table.running
            if running is not None and running.job is not None:
                running.job.cancelled.set()
            job = Job(row.id, work)
            self._table = self._table.begun(row, job)
            if row.kind is Kind.FILL:
                self._pace.begin(row.id)
            self.engine_thread.start(job)
