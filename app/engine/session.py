"""From what the artist asks for to what lands on the canvas: queue, engine, document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from PySide6.QtCore import QObject, Signal, Slot

from app.document.commands import EditsCommand, add_edit
from app.document.document import Document
from app.engine.engine_thread import EngineRoom
from app.engine.pending import PendingFills
from app.engine.prefetch import Foresight
from app.engine.replay import Replay
from app.engine.requests import edit_from
from app.engine.worker import Job, LoadEngine
from lazydiff_core.contract import EditRequest, EditResult, EngineInfo, Progress
from lazydiff_core.generation_settings import GenerationSettings

Landing: TypeAlias = Callable[[EditRequest, EditResult, EngineInfo], None]


@dataclass(frozen=True, eq=False)
class Errand:
    """A job, and what becomes of its result."""

    job: Job
    land: Landing
    fill: bool  # a row of the queue; otherwise a step of a replay


class Session(QObject):
    """Idle, or running a batch of fills or a step of a replay. What arrives from any other is
    dropped.

    A replay comes before the fills that wait. Results that come while the hand is down wait until
    it is up.
    """

    changed = Signal()  # idle or running, engine or none
    engine_ready = Signal(object)  # EngineInfo
    engine_failed = Signal(str)
    switch_failed = Signal(str)  # another engine could not be loaded: this one goes on
    engine_silent = Signal()  # it has work to do and says nothing: it may hang
    engine_heard = Signal()  # it does not hang after all
    progressed = Signal(object)  # Progress of a running job
    replaying = Signal(int, int)  # which edit of how many
    previewed = Signal(object, object, object, int)  # Box, (h, w, 3) pixels, (h, w) hole, id
    finished = Signal(object)  # EditResult, already on the canvas
    failed = Signal(str)
    _submitted = Signal(object)  # Batch

    def __init__(self, document: Document, room: EngineRoom, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.room = room
        self._errands: dict[int, Errand] = {}
        self._next_replay: Callable[[], Replay | None] | None = None
        self._hand_is_down = False
        self._arrived: list[EditResult] = []
        self.info: EngineInfo | None = None
        self.fault = ""
        self.is_switching = False  # another engine is being loaded
        self.fills = PendingFills(document, self)
        self.foresight = Foresight(document, self)
        self.fills.changed.connect(self._follow_queue)
        document.replaced.connect(self._forget)
        self._connect(room)

    def _connect(self, room: EngineRoom) -> None:
        self._submitted.connect(room.run)
        self.foresight.wanted.connect(room.prepare)
        room.prepared.connect(self.foresight.on_prepared)
        room.loaded.connect(self._on_loaded)
        room.load_failed.connect(self._on_load_failed)
        room.switch_failed.connect(self._on_switch_failed)
        room.progressed.connect(self._on_progress)
        room.finished.connect(self._on_finished)
        room.failed.connect(self._on_failed)
        room.stopped.connect(self._on_stopped)
        room.silent.connect(self.engine_silent)
        room.heard_again.connect(self.engine_heard)

    # --- what the artist does --------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        return bool(self._errands)

    def start(self) -> None:
        """Load the engine, on its own thread."""
        self.room.start()

    def restart_engine(self) -> None:
        """Load the engine anew on a thread of its own; what is running there is given up."""
        self.foresight.supersede()
        self.info, self.fault, self.is_switching = None, "", False
        self.room.restart()
        self._advance()

    def switch(self, load: LoadEngine) -> None:
        """Load another engine; what is asked for meanwhile is run by it, or by this if it fails."""
        self.foresight.supersede()
        self.is_switching = True
        self.room.switch(load)
        self.changed.emit()

    def reload(self) -> None:
        """Load the engine anew, in the same way, since what it is taught has changed."""
        self.switch(self.room.load)

    def generate(self, settings: GenerationSettings, *, front: bool = False) -> None:
        """Put the mask in the queue, in front of all that wait if asked to; needs an engine."""
        if self.info is not None:
            self.fills.put(settings, self.info, front=front)

    def replay(self, edit_id: UUID, settings: GenerationSettings) -> None:
        """Run an edit again by other settings; later ones that depend on it become stale."""
        self._replay_next(lambda: self._replay_of((edit_id,), settings))

    def replay_stale(self) -> None:
        """Run all stale edits again, in order, by the settings they have."""
        self._replay_next(lambda: self._replay_of(self._stale()))

    def cancel(self) -> None:
        """Take what is running back at once; the worker follows within a step."""
        self._next_replay = None
        self._stay()
        self._drop([number for number, errand in self._errands.items() if not errand.fill])
        self.fills.cancel_running()
        self._advance()

    def cancel_all(self) -> None:
        """The same for all that waits, too."""
        self._next_replay = None
        self._drop(tuple(self._errands))
        self.fills.cancel_all()
        self._advance()

    def hold(self, hand_is_down: bool) -> None:
        """The pen is on the canvas, or has left it: results do not land in between."""
        self._hand_is_down = hand_is_down
        if not hand_is_down:
            arrived, self._arrived = self._arrived, []
            for result in arrived:
                self._on_finished(result)

    def stop(self, seconds: float) -> bool:
        """Cancel and end the engine's thread; False if it is still busy after `seconds`."""
        self.foresight.supersede()
        self.cancel_all()
        self.foresight.supersede()
        return self.room.stop(seconds)

    # --- what the worker reports -----------------------------------------------------------------

    @Slot(object)
    def _on_loaded(self, info: EngineInfo) -> None:
        self.info, self.fault, self.is_switching = info, "", False
        self.engine_ready.emit(info)
        self._advance()
        self.foresight.native_side = info.native_side
        self.foresight.wait_for_rest()

    @Slot(str)
    def _on_load_failed(self, sentence: str) -> None:
        self.fault = sentence
        self.engine_failed.emit(sentence)
        self.changed.emit()

    @Slot(str)
    def _on_switch_failed(self, sentence: str) -> None:
        self.is_switching = False
        self.switch_failed.emit(sentence)
        self.changed.emit()

    @Slot(object)
    def _on_progress(self, news: Progress) -> None:
        errand = self._errands.get(news.id)
        if errand is None:
            return
        self.fills.tell(news)
        self.progressed.emit(news)
        if news.box is not None and news.preview is not None:
            hole = errand.job.request.mask[news.box.slices]
            self.previewed.emit(news.box, news.preview, hole, news.id)

    @Slot(object)
    def _on_finished(self, result: EditResult) -> None:
        if result.id not in self._errands or self.info is None:
            return
        if self._hand_is_down:
            self._arrived.append(result)
            return
        errand = self._errands.pop(result.id)
        errand.land(errand.job.request, result, self.info)
        self._advance()

    @Slot(int, str)
    def _on_failed(self, number: int, sentence: str) -> None:
        if self._errands.pop(number, None) is not None:
            self.fills.cancel(number)
            self._advance()
            self.failed.emit(sentence)

    @Slot(int)
    def _on_stopped(self, number: int) -> None:
        if self._errands.pop(number, None) is not None:
            self.fills.cancel(number)
            self._advance()

    # --- where results land ----------------------------------------------------------------------

    def _land_fill(self, request: EditRequest, result: EditResult, info: EngineInfo) -> None:
        edit = edit_from(request, result, info, self._document.pixels)
        add_edit(self._document, self.tr("Fill"), edit)
        self.fills.land(request.id)
        self.finished.emit(result)

    def _begin(self, replay: Replay, info: EngineInfo) -> None:
        def land(request: EditRequest, result: EditResult, info: EngineInfo) -> None:
            self._go_on(replay.after(request, result, info), result, info)

        self._run([Errand(Job(replay.request(info)), land, fill=False)])
        self.replaying.emit(replay.number, replay.count)

    def _go_on(self, replay: Replay, result: EditResult, info: EngineInfo) -> None:
        """The next edit of a replay; all of them land together as one step."""
        if replay.origin is not self._document.edits:
            self.failed.emit(
                self.tr("The edits were changed meanwhile, so they were not replayed: try again.")
            )
        elif replay.todo:
            self._begin(replay, info)
        else:
            edits = replay.stack.edits
            text = self.tr("Replay")
            self._document.undo_stack.push(EditsCommand(self._document, text, edits))
            self.finished.emit(result)

    def _replay_next(self, prepare: Callable[[], Replay | None]) -> None:
        """One that is running gives way; fills that are running come first."""
        self._next_replay = prepare
        self._drop([number for number, errand in self._errands.items() if not errand.fill])
        self._advance()

    def _replay_of(
        self, ids: tuple[UUID, ...], settings: GenerationSettings | None = None
    ) -> Replay | None:
        """None where an edit is not there any more, or none was meant."""
        stack = self._document.stack()
        if not ids or any(stack.index(edit_id) is None for edit_id in ids):
            return None
        return Replay.of(stack, ids, settings)

    def _stale(self) -> tuple[UUID, ...]:
        return tuple(e.id for e in self._document.edits if e.stale and e.chosen is not None)

    # --- inside ----------------------------------------------------------------------------------

    def _stay(self) -> None:
        """Take back the wish for another engine."""
        self.is_switching = False
        self.room.give_up_switch()

    def _follow_queue(self) -> None:
        """What is not in the queue any more is not to run."""
        ids = self.fills.queue.ids
        self._drop([n for n, errand in self._errands.items() if errand.fill and n not in ids])
        self._advance()

    def _advance(self) -> None:
        """Run what comes next if nothing runs, or be idle."""
        if not self._errands and self.info is not None:
            prepare, self._next_replay = self._next_replay, None
            replay = prepare() if prepare is not None else None
            if replay is not None:
                self._begin(replay, self.info)
            else:
                batch = self.fills.begin(together=False)
                self._run([Errand(Job(row.request), self._land_fill, fill=True) for row in batch])
        self.foresight.enabled = self.info is not None and not self._errands
        self.foresight.wait_for_rest()
        self.changed.emit()

    def _run(self, errands: Sequence[Errand]) -> None:
        """Hand jobs to the worker, all at once; nothing without any."""
        if errands:
            self.foresight.supersede()
            self._errands.update((errand.job.request.id, errand) for errand in errands)
            self._submitted.emit(tuple(errand.job for errand in errands))

    def _drop(self, ids: Iterable[int]) -> None:
        for number in ids:
            self._errands.pop(number).job.cancelled.set()
        self._arrived = [result for result in self._arrived if result.id in self._errands]

    def _forget(self) -> None:
        self.cancel_all()
        self.foresight.supersede()
        self.changed.emit()
