"""Sketch brush, sketch eraser and colour picker."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QPointF

from app.canvas.tools.brush import StrokeGesture, soft_segment
from app.canvas.tools.gesture import Gesture, Host, Pointer
from app.document.brush_colours import RGBColour
from app.document.document import Document
from app.document.sketch_edit import SketchEdit
from app.ui.rects import rect_of
from app.ui.translation import translate
from lazydiff_core.geometry.pixels import painted_over


class SketchGesture(StrokeGesture):
    """A stroke in the current colour, or of the eraser; edges are always smooth."""

    def __init__(self, host: Host, at: Pointer, value: bool) -> None:
        self._colours = host.colours
        edit = SketchEdit(host.document, host.colours.colour)
        text = translate("Tools", "Sketch") if value else translate("Tools", "Erase sketch")
        super().__init__(host, at, edit, value, text)

    def end(self) -> None:
        super().end()
        if self._value:
            self._colours.used()

    def _draw_to(self, place: QPointF, pressure: float) -> None:
        box, shape = soft_segment(self._brush, self._last, (place, pressure), self._canvas)
        self._edit.paint(box, shape, self._value)
        self._last = place, pressure


class PickerGesture:
    """Picks the colour under the pointer while it is dragged."""

    def __init__(self, host: Host, at: Pointer) -> None:
        self._colours = host.colours
        self._document = host.document
        self._before = host.colours.colour
        self.move(at)

    @property
    def trail(self) -> Sequence[QPointF]:
        return ()

    def move(self, to: Pointer) -> None:
        colour = colour_at(self._document, to.canvas)
        if colour is not None:
            self._colours.use(colour)

    def end(self) -> None:
        """Nothing to do: the picked colour stays current."""

    def cancel(self) -> None:
        self._colours.use(self._before)


def colour_at(document: Document, point: QPointF) -> RGBColour | None:
    """The visible colour at a canvas point, sketch over picture; None where there is none."""
    place = QPoint(math.floor(point.x()), math.floor(point.y()))
    if not rect_of(document.box).contains(place):
        return None
    here = np.s_[place.y() : place.y() + 1, place.x() : place.x() + 1]
    seen = document.pixels[here]
    if document.sketch is not None:
        seen = painted_over(seen, document.sketch[here])
    red, green, blue, *alpha = (int(value) for value in seen[0, 0])
    return None if alpha == [0] else (red, green, blue)


def sketch_brush(host: Host, at: Pointer) -> Gesture:
    return SketchGesture(host, at, value=True)


def sketch_eraser(host: Host, at: Pointer) -> Gesture:
    """Erase; paint while Alt is held."""
    return SketchGesture(host, at, value=at.alt)


def picker(host: Host, at: Pointer) -> Gesture:
    return PickerGesture(host, at)
