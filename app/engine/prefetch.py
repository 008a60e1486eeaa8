"""The context of the mask, computed while the artist types."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QTimer, Signal

from app.document.document import Document
from app.engine.jobs import EncodeContext, Work
from app.engine.timetable import Row
from lazydiff_core.contract import Box, Scope
from lazydiff_core.geometry.box import EMPTY, bounds_of
from lazydiff_core.geometry.window import visible_to_model

_log = logging.getLogger(__name__)
_PEN_REST_MS = 200


class ContextPrefetcher(QObject):
    """Asks for the context once the pen rests; a newer mask makes it obsolete.

    `ready` says that the engine has the context of the mask as it is: a fill skips the encoder.
    """

    wanted = Signal()
    obsolete = Signal()  # what was asked for is of no use any more
    ready_changed = Signal(bool)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._latest: Work | None = None
        self._filled = EMPTY  # where fills with the context at hand land
        self.ready = False
        self.scope: Scope = "auto"
        self.native_side = 0
        self._pen_rest = QTimer(self)
        self._pen_rest.setSingleShot(True)
        self._pen_rest.setInterval(_PEN_REST_MS)
        self._pen_rest.timeout.connect(self._ask)
        document.mask_changed.connect(self.wait_for_rest)
        document.region_changed.connect(self._on_region)
        document.replaced.connect(self.start_over)

    def set_scope(self, scope: Scope) -> None:
        """How much of the canvas the next fill is to look at."""
        if scope != self.scope:
            self.scope = scope
            self.start_over()

    def wait_for_rest(self) -> None:
        """Ask once nothing has changed for a moment."""
        self._pen_rest.start()

    def stop(self) -> None:
        self._pen_rest.stop()

    def on_filled(self, box: Box) -> None:
        """A fill has landed; if it was one of this mask, its context serves the next try."""
        if self._document.filled:
            self._filled = box
            self._set_ready(True)

    def start_over(self) -> None:
        """No context that the engine may have fits what the model would see now."""
        self._latest = None
        self.obsolete.emit()
        self._set_ready(False)
        self._pen_rest.start()  # again and again during a stroke: half a mask is not encoded

    @property
    def _is_needed(self) -> bool:
        document = self._document
        return document.has_mask and not document.filled and not self.ready

    def _ask(self) -> None:
        if self._is_needed:
            self.wanted.emit()

    def _on_region(self, box: Box) -> None:
        # What is under the mask is not seen: other variants, or none, change nothing of it.
        if not (self._document.filled and box == self._filled):
            self.start_over()

    def _set_ready(self, ready: bool) -> None:
        if ready != self.ready:
            self.ready = ready
            self.ready_changed.emit(ready)

    # --- what the generation calls ---------------------------------------------------------------

    def work(self, row: Row) -> EncodeContext | None:
        """The mask as it is now, with what of the canvas its model may see."""
        if not self._is_needed:
            return None
        document = self._document
        hole = bounds_of(document.mask)
        visible = visible_to_model(hole, document.box, self.native_side, self.scope).slices
        image, mask = document.pixels[visible].copy(), document.mask[visible].copy()
        work = EncodeContext(image, mask, self.scope)
        self._latest = work
        return work

    def land(self, row: Row, value: None) -> None:
        """It is of use if nothing has changed since it was asked for."""
        assert row.job is not None
        if row.job.work is self._latest:
            self._filled = EMPTY
            self._set_ready(True)

    def fail(self, row: Row, sentence: str) -> None:
        """Nobody asked for it yet: the request itself will report the fault."""
        _log.warning("The context could not be computed ahead: %s", sentence)
