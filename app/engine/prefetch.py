"""The context of the mask, computed while the artist types."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.document.document import Document
from app.engine.worker import Ahead
from lazydiff_core.contract import Box, Scope
from lazydiff_core.geometry.box import EMPTY, bounds_of
from lazydiff_core.geometry.window import visible_to_model

_PEN_REST_MS = 200


class Foresight(QObject):
    """Asks for the context once the pen rests; a newer mask or a request makes it obsolete.

    `ready` says that the engine has the context of the mask as it is: a fill skips the encoder.
    """

    wanted = Signal(object)  # Ahead
    ready_changed = Signal(bool)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._latest: Ahead | None = None
        self._filled = EMPTY  # where fills with the context at hand land
        self.ready = False
        self.scope: Scope = "auto"
        self.native_side = 0
        self.enabled = False  # not before there is an engine, nor while it generates
        self._pen_rest = QTimer(self)
        self._pen_rest.setSingleShot(True)
        self._pen_rest.setInterval(_PEN_REST_MS)
        self._pen_rest.timeout.connect(self.prepare)
        document.mask_changed.connect(self.wait_for_rest)
        document.region_changed.connect(self._on_region)
        document.replaced.connect(self._start_over)

    def set_scope(self, scope: Scope) -> None:
        """How much of the canvas the next fill is to look at."""
        if scope != self.scope:
            self.scope = scope
            self._start_over()

    def wait_for_rest(self) -> None:
        """Look once nothing has changed for a moment."""
        self._pen_rest.start()

    def supersede(self) -> None:
        """Something more urgent has come."""
        self._pen_rest.stop()
        if self._latest is not None:
            self._latest.superseded.set()

    def prepare(self) -> None:
        """Ask for the context of the mask as it is now, unless nothing is to be filled."""
        self.supersede()
        document = self._document
        if self.enabled and document.has_mask and not document.filled and not self.ready:
            hole = bounds_of(document.mask)
            visible = visible_to_model(hole, document.box, self.native_side, self.scope).slices
            image, mask = document.pixels[visible].copy(), document.mask[visible].copy()
            self._latest = Ahead(image, mask, self.scope)
            self.wanted.emit(self._latest)

    @Slot(object)
    def on_prepared(self, ahead: Ahead) -> None:
        """The engine has a context; it is of use if nothing has changed since it was asked for."""
        if ahead is self._latest and not ahead.superseded.is_set():
            self._filled = EMPTY
            self._set_ready(True)

    def on_filled(self, box: Box) -> None:
        """A fill has landed; if it was one of this mask, its context serves the next try."""
        if self._document.filled:
            self._filled = box
            self._set_ready(True)

    def _on_region(self, box: Box) -> None:
        # What is under the mask is not seen: other variants, or none, change nothing of it.
        if not (self._document.filled and box == self._filled):
            self._start_over()

    def _start_over(self) -> None:
        """No context that the engine may have fits what is seen now."""
        if self._latest is not None:
            self._latest.superseded.set()
        self._set_ready(False)
        self._pen_rest.start()  # again and again during a stroke: half of a mask is not looked at

    def _set_ready(self, ready: bool) -> None:
        if ready != self.ready:
            self.ready = ready
            self.ready_changed.emit(ready)
