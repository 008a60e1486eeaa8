"""From what the artist asks for to what lands on the canvas: the newest request wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from PySide6.QtCore import QObject, Signal, Slot

from app.ahead import Foresight
from app.commands import EditsCommand, add_edit
from app.document import Document
from app.edits import Recipe
from app.rects import rect_of
from app.replay import Replay
from app.requests import Wishes, edit_from, request_for
from app.worker import EngineRoom, Job
from lazydiff_core.contract import EditRequest, EditResult, EngineInfo, Progress

Landing: TypeAlias = Callable[[EditRequest, EditResult, EngineInfo], None]


@dataclass(frozen=True, eq=False)
class Errand:
    """A job, and what becomes of its result."""

    job: Job
    land: Landing


class Session(QObject):
    """Idle or running one errand. What arrives from any other is dropped.

    A result that comes while the hand is down waits until it is up.
    """

    changed = Signal()  # idle or running, engine or none
    engine_ready = Signal(object)  # EngineInfo
    engine_failed = Signal(str)
    engine_silent = Signal()  # it has work to do and says nothing: it may hang
    engine_heard = Signal()  # it does not hang after all
    progressed = Signal(object)  # Progress of the running job
    replaying = Signal(int, int)  # which edit of how many
    previewed = Signal(object, object, object)  # QRect, (h, w, 3) pixels, (h, w) hole
    finished = Signal(object)  # EditResult, already on the canvas
    failed = Signal(str)
    _submitted = Signal(object)  # Job

    def __init__(self, document: Document, room: EngineRoom, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.room = room
        self._errand: Errand | None = None
        self._hand_is_down = False
        self._waiting: EditResult | None = None
        self.info: EngineInfo | None = None
        self.fault = ""
        self.foresight = Foresight(document, self)
        document.replaced.connect(self._forget)
        self._connect(room)

    def _connect(self, room: EngineRoom) -> None:
        self._submitted.connect(room.run)
        self.foresight.wanted.connect(room.prepare)
        room.loaded.connect(self._on_loaded)
        room.load_failed.connect(self._on_load_failed)
        room.progressed.connect(self._on_progress)
        room.finished.connect(self._on_finished)
        room.failed.connect(self._on_failed)
        room.stopped.connect(self._on_stopped)
        room.silent.connect(self.engine_silent)
        room.heard_again.connect(self.engine_heard)

    # --- what the artist does --------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        return self._errand is not None

    def start(self) -> None:
        """Load the engine, on its own thread."""
        self.room.start()

    def restart_engine(self) -> None:
        """Load the engine anew on a thread of its own; what is running there is given up."""
        self.foresight.supersede()
        self.info, self.fault = None, ""
        self.room.restart()
        self._settle()

    def generate(self, wishes: Wishes) -> None:
        """Fill the mask; a request still running gives way."""
        self._run(request_for(self._document, wishes), self._land_fill)

    def replay(self, edit_id: UUID, recipe: Recipe) -> None:
        """Run an edit again by another recipe; later ones that depend on it become stale."""
        self._begin(Replay.of(self._document.stack(), (edit_id,), recipe))

    def replay_stale(self) -> None:
        """Run all stale edits again, in order, by the recipes they have."""
        todo = tuple(e.id for e in self._document.edits if e.stale and e.chosen is not None)
        if todo:
            self._begin(Replay.of(self._document.stack(), todo))

    def cancel(self) -> None:
        """Take what is running back at once; the worker follows within a step."""
        if self._drop():
            self._settle()

    def hold(self, hand_is_down: bool) -> None:
        """The pen is on the canvas, or has left it: results do not land in between."""
        self._hand_is_down = hand_is_down
        if not hand_is_down and self._waiting is not None:
            result, self._waiting = self._waiting, None
            self._on_finished(result)

    def stop(self, seconds: float) -> bool:
        """Cancel and end the engine's thread; False if it is still busy after `seconds`."""
        self.foresight.supersede()
        self.cancel()
        self.foresight.supersede()
        return self.room.stop(seconds)

    # --- what the worker reports -----------------------------------------------------------------

    @Slot(object)
    def _on_loaded(self, info: EngineInfo) -> None:
        self.info = info
        self.engine_ready.emit(info)
        self._settle()
        self.foresight.native_side = info.native_side
        self.foresight.wait_for_rest()

    @Slot(str)
    def _on_load_failed(self, sentence: str) -> None:
        self.fault = sentence
        self.engine_failed.emit(sentence)
        self.changed.emit()

    @Slot(object)
    def _on_progress(self, news: Progress) -> None:
        if self._errand is None or not self._is_current(news.id):
            return
        self.progressed.emit(news)
        if news.box is not None and news.preview is not None:
            hole = self._errand.job.request.mask[news.box.slices]
            self.previewed.emit(rect_of(news.box), news.preview, hole)

    @Slot(object)
    def _on_finished(self, result: EditResult) -> None:
        if self._errand is None or self.info is None or not self._is_current(result.id):
            return
        if self._hand_is_down:
            self._waiting = result
            return
        errand, self._errand = self._errand, None
        errand.land(errand.job.request, result, self.info)
        if self._errand is None:
            self._settle()

    @Slot(int, str)
    def _on_failed(self, number: int, sentence: str) -> None:
        if self._is_current(number):
            self._errand = None
            self._settle()
            self.failed.emit(sentence)

    @Slot(int)
    def _on_stopped(self, number: int) -> None:
        if self._is_current(number):
            self._errand = None
            self._settle()

    # --- where results land ----------------------------------------------------------------------

    def _land_fill(self, request: EditRequest, result: EditResult, info: EngineInfo) -> None:
        edit = edit_from(request, result, info, self._document.pixels)
        add_edit(self._document, self.tr("Fill"), edit)
        self.finished.emit(result)

    def _begin(self, replay: Replay) -> None:
        if self.info is None:
            return
        request = replay.request(self.info)

        def land(request: EditRequest, result: EditResult, info: EngineInfo) -> None:
            self._go_on(replay.after(request, result, info), result)

        self._run(request, land)
        self.replaying.emit(replay.number, replay.count)

    def _go_on(self, replay: Replay, result: EditResult) -> None:
        """The next edit of a replay; all of them land together as one step."""
        if replay.origin is not self._document.edits:
            self.failed.emit(
                self.tr("The edits were changed meanwhile, so they were not replayed: try again.")
            )
        elif replay.todo:
            self._begin(replay)
        else:
            edits = replay.stack.edits
            text = self.tr("Replay")
            self._document.undo_stack.push(EditsCommand(self._document, text, edits))
            self.finished.emit(result)

    # --- inside ----------------------------------------------------------------------------------

    def _run(self, request: EditRequest, land: Landing) -> None:
        self._drop()
        self.foresight.supersede()
        self.foresight.enabled = False
        self._errand = Errand(Job(request), land)
        self._submitted.emit(self._errand.job)
        self.changed.emit()

    def _is_current(self, number: int) -> bool:
        return self._errand is not None and self._errand.job.request.id == number

    def _drop(self) -> bool:
        self._waiting = None
        if self._errand is None:
            return False
        self._errand.job.cancelled.set()
        self._errand = None
        return True

    def _settle(self) -> None:
        """Idle again."""
        self.foresight.enabled = self.info is not None
        self.changed.emit()

    def _forget(self) -> None:
        self.cancel()
        self.foresight.supersede()
        self.changed.emit()
