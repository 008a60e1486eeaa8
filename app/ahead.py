"""The context of the mask, computed while the artist types."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QRect, QTimer, Signal

from app.document import Document
from app.rects import bounds_of, slices
from app.worker import Ahead
from lazydiff_core.contract import HOLE_SHARE, Scope

_PEN_REST_MS = 200


class Foresight(QObject):
    """Asks for the context once the pen rests; a newer mask or a request makes it obsolete."""

    wanted = Signal(object)  # Ahead

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._latest: Ahead | None = None
        self.scope: Scope = "auto"
        self.native_side = 0
        self.enabled = False  # not before there is an engine, nor while it generates
        self._pen_rest = QTimer(self)
        self._pen_rest.setSingleShot(True)
        self._pen_rest.setInterval(_PEN_REST_MS)
        self._pen_rest.timeout.connect(self.prepare)
        document.mask_changed.connect(self._pen_rest.start)

    def set_scope(self, scope: Scope) -> None:
        """How much of the canvas the next fill is to look at."""
        if scope != self.scope:
            self.scope = scope
            self._pen_rest.start()

    def wait_for_rest(self) -> None:
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
        if self.enabled and document.has_mask and not document.filled:
            seen = document.rect
            if self.scope != "whole":
                seen = in_sight(bounds_of(document.mask), seen, self.native_side)
            box = slices(seen)
            image, mask = document.pixels[box].copy(), document.mask[box].copy()
            self._latest = Ahead(image, mask, self.scope)
            self.wanted.emit(self._latest)


def in_sight(hole: QRect, canvas: QRect, native_side: int) -> QRect:
    """The part of the canvas that a model can look at for this hole, and maybe more.

    A large canvas is not copied as a whole after every stroke. The window of ADR 0002, chosen in
    this part alone, lies where it would on the whole canvas: it has at most this side, and where
    the canvas ends, the part does.
    """
    longest = max(hole.width(), hole.height())
    side = max(native_side, math.ceil(longest / HOLE_SHARE[1]))
    return hole.adjusted(-side, -side, side, side).intersected(canvas)
