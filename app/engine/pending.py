"""The queue of a document: asked for by the artist, emptied by the session, shown by the window."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.document.edits import Edit
from app.engine.queue import MOST_TOGETHER, Pending, Queue
from app.engine.requests import request_for
from lazydiff_core.contract import RGB, EngineInfo, Progress
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.geometry.box import bounds_of
from lazydiff_core.geometry.window import visible_to_model


class PendingFills(QObject):
    """Keeps a Queue true to its document: who sees a change, and whether the mask is asked for.

    What is taken out of the queue is cancelled; the session sees to it.
    """

    changed = Signal()  # other rows, another order, other states
    progressed = Signal(object)  # Progress of a running row

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._taken: tuple[tuple[Edit, ...], RGB] | None = None
        self.queue = Queue()
        self.news: dict[int, Progress] = {}  # the latest of each running row
        self._begun, self._landed = 0.0, 0  # when the batch that runs began, what of it is there
        self._pace: float | None = None  # seconds a fill, of the latest batch
        document.edits_changed.connect(self._compare)
        document.mask_changed.connect(self._tell_mask)
        document.replaced.connect(self._forget)

    # --- what the artist does --------------------------------------------------------------------

    def put(self, settings: GenerationSettings, info: EngineInfo, *, front: bool = False) -> None:
        """Ask for the mask as it is now; a row with the same mask gives way."""
        request = request_for(self._document, settings, self._canvas())
        hole = bounds_of(request.mask)
        canvas, scope = self._document.box, request.settings.scope
        visible = visible_to_model(hole, canvas, info.native_side, scope)
        new = Pending(request, hole, visible)
        self._set(self.queue.put(new, front=front))

    def cancel(self, number: int) -> None:
        """Take one back."""
        self._set(self.queue.without({number}))

    def cancel_running(self) -> None:
        """Take back what the engine is busy with; what waits comes next."""
        self._set(self.queue.without({row.id for row in self.queue.running}))

    def cancel_all(self) -> None:
        self._set(Queue())

    def to_front(self, number: int) -> None:
        """Let a waiting one be the next."""
        self._set(self.queue.to_front(number))

    def refresh(self, number: int) -> None:
        """Let it see the canvas as it is now; a running one begins anew."""
        self._set(self.queue.seen_anew(number, self._canvas()))

    def seconds_left(self, number: int) -> float | None:
        """Until a row will have landed, as far as the pace of the others tells; None = unknown."""
        waiting = [row.id for row in self.queue.waiting]
        if number not in waiting:
            return self._left_of(number)
        known = (self._left_of(row.id) for row in self.queue.running)
        running = [left for left in known if left is not None]
        pace = self._pace
        if running:
            pace = (time.monotonic() - self._begun + max(running)) / len(self.queue.running)
        if pace is None:
            return None
        return max(running, default=0.0) + pace * (waiting.index(number) + 1)

    # --- what the session does -------------------------------------------------------------------

    def begin(self, *, together: bool) -> tuple[Pending, ...]:
        """The rows that run from now on; several only `together`, none while any runs."""
        batch = self.queue.next_batch(MOST_TOGETHER if together else 1)
        if batch:
            self._begun, self._landed = time.monotonic(), 0
            self._set(self.queue.begun({row.id for row in batch}))
        return batch

    def tell(self, news: Progress) -> None:
        """How far a running row has come."""
        if news.id in self.queue.ids:
            self.news[news.id] = news
            self.progressed.emit(news)

    def land(self, number: int) -> None:
        """A row has become a part of the picture."""
        self._landed += 1
        self._pace = (time.monotonic() - self._begun) / self._landed
        self._set(self.queue.landed(number, self._canvas()))

    # --- inside ----------------------------------------------------------------------------------

    def _canvas(self) -> RGB:
        """A copy of the picture as it is, the same one until its edits change."""
        edits = self._document.edits
        if self._taken is None or self._taken[0] is not edits:
            self._taken = edits, self._document.pixels.copy()
        return self._taken[1]

    def _left_of(self, number: int) -> float | None:
        news = self.news.get(number)
        return None if news is None else news.seconds_left

    def _compare(self) -> None:
        if self.queue.rows:
            self._set(self.queue.compared(self._canvas()))

    def _set(self, queue: Queue) -> None:
        if queue == self.queue:
            return
        self.queue = queue
        self.news = {number: news for number, news in self.news.items() if number in queue.ids}
        if not queue.rows:
            self._taken = None
        self._tell_mask()
        self.changed.emit()

    def _tell_mask(self) -> None:
        """A mask that is on its way is not to be added to, but followed by another."""
        document, rows = self._document, self.queue.rows
        cover = document.soft_cover() if rows and document.has_mask else None
        document.set_asked(any(row.fills(document.mask, cover) for row in rows))

    def _forget(self) -> None:
        self._taken = None
        self.cancel_all()
