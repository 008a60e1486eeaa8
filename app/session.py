"""From what the artist asks for to what lands on the canvas: the newest request wins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.commands import fill_command
from app.document import Document
from app.rects import rect_of
from app.worker import Ahead, EngineRoom, Job
from lazydiff_core.contract import RGB, EditRequest, EditResult, EngineInfo, Mask, Progress

_PEN_REST_MS = 200


@dataclass(frozen=True)
class Wishes:
    """What the panel says about the next fill; None = the model's default."""

    prompt: str = ""
    negative: str = ""
    seed: int = 0
    steps: int | None = None
    guidance: float | None = None
    variants: int = 1


@dataclass(frozen=True, eq=False)
class Fill:
    """A result, and the mask it was made for."""

    result: EditResult
    mask: Mask

    def shown_in(self, pixels: RGB) -> int:
        """Which variant the (H, W, 3) pixels show; -1 for none."""
        hole = self.mask[self.result.box.slices]
        here = pixels[self.result.box.slices][hole]
        same = (np.array_equal(patch[hole], here) for patch in self.result.patches)
        return next((number for number, equal in enumerate(same) if equal), -1)


class Session(QObject):
    """Idle or running one job. What arrives from any other job is dropped."""

    changed = Signal()  # idle or running, engine or none
    engine_ready = Signal(object)  # EngineInfo
    engine_failed = Signal(str)
    progressed = Signal(object)  # Progress of the running job
    previewed = Signal(object, object, object)  # QRect, (h, w, 3) pixels, (h, w) hole
    finished = Signal(object)  # Fill, already on the canvas
    failed = Signal(str)
    _submitted = Signal(object)  # Job
    _wanted_ahead = Signal(object)  # Ahead

    def __init__(self, document: Document, room: EngineRoom, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._room = room
        self._job: Job | None = None
        self._ahead: Ahead | None = None
        self.info: EngineInfo | None = None
        self.fault = ""
        self.fill: Fill | None = None
        self._pen_rest = QTimer(self)
        self._pen_rest.setSingleShot(True)
        self._pen_rest.setInterval(_PEN_REST_MS)
        self._pen_rest.timeout.connect(self._prepare)
        document.replaced.connect(self._forget)
        document.mask_changed.connect(self._pen_rest.start)
        self._connect(room)

    def _connect(self, room: EngineRoom) -> None:
        worker = room.worker
        self._submitted.connect(worker.run)
        self._wanted_ahead.connect(worker.prepare)
        worker.loaded.connect(self._on_loaded)
        worker.load_failed.connect(self._on_load_failed)
        worker.progressed.connect(self._on_progress)
        worker.finished.connect(self._on_finished)
        worker.failed.connect(self._on_failed)
        worker.stopped.connect(self._on_stopped)

    # --- what the artist does --------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        return self._job is not None

    def start(self) -> None:
        """Load the engine, on its own thread."""
        self._room.start()

    def generate(self, wishes: Wishes) -> None:
        """Fill the mask; a request still running gives way."""
        self._drop_job()
        self._supersede()
        request = EditRequest(
            image=self._document.pixels.copy(),
            mask=self._document.mask.copy(),
            prompt=wishes.prompt,
            negative=wishes.negative,
            seed=wishes.seed,
            steps=wishes.steps,
            guidance=wishes.guidance,
            variants=wishes.variants,
        )
        self._job = Job(request)
        self._submitted.emit(self._job)
        self.changed.emit()

    def cancel(self) -> None:
        """Take the running request back at once; the worker follows within a step."""
        if self._drop_job():
            self.changed.emit()

    def flip_to(self, number: int) -> None:
        """Put another variant of the last fill on the canvas."""
        if self.fill is None or not 0 <= number < len(self.fill.result.patches):
            return
        self._apply(self.fill, number, flip=True)

    def stop(self, seconds: float) -> bool:
        """Cancel and end the engine's thread; False if it is still busy after `seconds`."""
        self._pen_rest.stop()
        self._supersede()
        self.cancel()
        return self._room.stop(seconds)

    # --- what the worker reports -----------------------------------------------------------------

    @Slot(object)
    def _on_loaded(self, info: EngineInfo) -> None:
        self.info = info
        self.engine_ready.emit(info)
        self.changed.emit()
        self._pen_rest.start()

    @Slot(str)
    def _on_load_failed(self, sentence: str) -> None:
        self.fault = sentence
        self.engine_failed.emit(sentence)
        self.changed.emit()

    @Slot(object)
    def _on_progress(self, news: Progress) -> None:
        if self._job is None or news.id != self._job.request.id:
            return
        self.progressed.emit(news)
        if news.box is not None and news.preview is not None:
            hole = self._job.request.mask[news.box.slices]
            self.previewed.emit(rect_of(news.box), news.preview, hole)

    @Slot(object)
    def _on_finished(self, result: EditResult) -> None:
        if self._job is None or result.id != self._job.request.id:
            return
        self.fill = Fill(result, self._job.request.mask)
        self._job = None
        self._apply(self.fill, 0, flip=False)
        self.finished.emit(self.fill)
        self.changed.emit()

    @Slot(int, str)
    def _on_failed(self, number: int, sentence: str) -> None:
        if self._is_current(number):
            self._job = None
            self.changed.emit()
            self.failed.emit(sentence)

    @Slot(int)
    def _on_stopped(self, number: int) -> None:
        if self._is_current(number):
            self._job = None
            self.changed.emit()

    # --- inside ----------------------------------------------------------------------------------

    def _is_current(self, number: int) -> bool:
        return self._job is not None and self._job.request.id == number

    def _apply(self, fill: Fill, number: int, *, flip: bool) -> None:
        text = self.tr("Other variant") if flip else self.tr("Fill")
        command = fill_command(self._document, text, fill.result, fill.mask, number, flip=flip)
        self._document.undo_stack.push(command)

    def _drop_job(self) -> bool:
        if self._job is None:
            return False
        self._job.cancelled.set()
        self._job = None
        return True

    def _supersede(self) -> None:
        self._pen_rest.stop()
        if self._ahead is not None:
            self._ahead.superseded.set()

    def _prepare(self) -> None:
        """The pen rests: compute the context while the artist types."""
        self._supersede()
        document = self._document
        if self.info is None or self.is_running or document.filled or not document.has_mask:
            return
        self._ahead = Ahead(document.pixels.copy(), document.mask.copy())
        self._wanted_ahead.emit(self._ahead)

    def _forget(self) -> None:
        self.cancel()
        self._supersede()
        self.fill = None
        self.changed.emit()
