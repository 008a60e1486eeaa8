"""Computing the context of the mask ahead of time, while the artist types."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QTimer, Signal

from app.document.document import Document
from app.engine.jobs import EncodeContext, Work
from app.engine.requests import guide_of
from app.engine.timetable import Row
from lazydiff_core.contract import Box, Scope
from lazydiff_core.control_files import follows_sketch
from lazydiff_core.geometry.box import EMPTY, bounds_of
from lazydiff_core.geometry.window import visible_to_model

_log = logging.getLogger(__name__)
_PEN_REST_MS = 200


class ContextPrefetcher(QObject):
    """Requests the context once the pen rests; a newer mask makes it obsolete.

    `ready`: the engine has the context of the current mask, so a fill skips the encoder.
    """

    wanted = Signal()
    obsolete = Signal()  # the requested context is no longer useful
    ready_changed = Signal(bool)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._latest: Work | None = None
        self._filled = EMPTY  # box of the fills made with the current context
        self.ready = False
        self.scope: Scope = "auto"
        self._shown = (False, "")  # edit and references of the next fill
        self._control = ""  # and what it follows
        self.native_side = 0
        self._pen_rest = QTimer(self)
        self._pen_rest.setSingleShot(True)
        self._pen_rest.setInterval(_PEN_REST_MS)
        self._pen_rest.timeout.connect(self._ask)
        document.mask_changed.connect(self.wait_for_rest)
        document.region_changed.connect(self._on_region)
        document.sketch_changed.connect(self._on_sketch)
        document.reshaped.connect(self.start_over)

    def set_scope(self, scope: Scope) -> None:
        """Set how much of the canvas the next fill sees."""
        if scope != self.scope:
            self.scope = scope
            self.start_over()

    def set_shown(self, edit: bool, references: str) -> None:
        """Set what else the next fill sees: as in GenerationSettings."""
        if (edit, references) != self._shown:
            self._shown = (edit, references)
            self.start_over()

    def set_control(self, control: str) -> None:
        """Set what the next fill follows: as in GenerationSettings."""
        if control != self._control:
            self._control = control
            self.start_over()

    def wait_for_rest(self) -> None:
        """Request the context once nothing has changed for a moment."""
        self._pen_rest.start()

    def stop(self) -> None:
        self._pen_rest.stop()

    def on_filled(self, box: Box) -> None:
        """Handle a landed fill; if it filled this mask, its context serves the next try."""
        if self._document.filled:
            self._filled = box
            self._set_ready(True)

    def start_over(self) -> None:
        """Forget the context: it does not match what the model would see now."""
        self._latest = None
        self.obsolete.emit()
        self._set_ready(False)
        self._pen_rest.start()  # a stroke keeps restarting it, so no half mask is encoded

    def forget(self) -> None:
        """The engine has no contexts any more; one is asked for when the mask or canvas changes."""
        self._latest, self._filled = None, EMPTY
        self._set_ready(False)

    @property
    def _is_needed(self) -> bool:
        document = self._document
        return document.has_mask and not document.filled and not self.ready

    def _ask(self) -> None:
        if self._is_needed:
            self.wanted.emit()

    def _on_region(self, box: Box) -> None:
        # The model does not see under the mask, so other variants there change nothing.
        if not (self._document.filled and box == self._filled):
            self.start_over()

    def _on_sketch(self) -> None:
        if follows_sketch(self._control):
            self.start_over()

    def _set_ready(self, ready: bool) -> None:
        if ready != self.ready:
            self.ready = ready
            self.ready_changed.emit(ready)

    # --- the client of Generation ----------------------------------------------------------------

    def work(self, row: Row) -> EncodeContext | None:
        """The current mask, with the part of the canvas that the model may see."""
        if not self._is_needed:
            return None
        document, control = self._document, self._control
        sketch = guide_of(document) if follows_sketch(control) else None
        if sketch is None and follows_sketch(control):
            return None  # nothing to follow yet
        hole = bounds_of(document.mask)
        visible = visible_to_model(hole, document.box, self.native_side, self.scope).slices
        if control:  # its picture shows the whole canvas
            visible = document.box.slices
        image, mask = document.pixels[visible].copy(), document.mask[visible].copy()
        work = EncodeContext(image, mask, self.scope, *self._shown, control, sketch)
        self._latest = work
        return work

    def land(self, row: Row, value: None) -> None:
        """Mark the context as ready if nothing has changed since the request."""
        if row.work is self._latest:
            self._filled = EMPTY
            self._set_ready(True)

    def fail(self, row: Row, sentence: str) -> None:
        """Nothing to do: the artist has not asked for it, and a real fill will report the fault."""
        _log.warning("The context could not be computed ahead: %s", sentence)
