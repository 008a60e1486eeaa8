"""Sketch brush, sketch eraser and colour picker."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPoint, QPointF

from app.canvas.brushes import Brush
from app.canvas.smoothing import Smoother
from app.canvas.stroke import SoftShape, soft_capsule
from app.canvas.tools.gesture import Gesture, Host, Pointer
from app.document import Document
from app.paintbox import RGBColour
from app.sketch_edit import SketchEdit

_LIGHTEST = 0.04  # share of size or opacity that the softest touch of a pen still has


class SketchGesture:
    """A stroke in the colour in use, or of the eraser; edges are smooth, unlike the mask's."""

    def __init__(self, host: Host, at: Pointer, value: bool) -> None:
        self._host = host
        self._edit = SketchEdit(host.document, host.paintbox.colour)
        self._brush = host.brush
        self._value = value
        self._smoother = Smoother(at.canvas, at.pressure, self._brush.smoothing, self._brush.size)
        self._last = at.canvas, at.pressure
        self._target = at
        self._draw_to(at.canvas, at.pressure)

    @property
    def trail(self) -> Sequence[QPointF]:
        return ()

    def move(self, to: Pointer) -> None:
        self._target = to
        self._draw_to(*self._smoother.follow(to.canvas, to.pressure))

    def end(self) -> None:
        if self._last[0] != self._target.canvas:  # the line follows late, but it arrives
            self._draw_to(self._target.canvas, self._last[1])
        self._edit.commit(_tr("Sketch") if self._value else _tr("Erase sketch"))
        if self._value:
            self._host.paintbox.used()

    def cancel(self) -> None:
        self._edit.cancel()

    def _draw_to(self, place: QPointF, pressure: float) -> None:
        shape = _segment(self._brush, self._last, (place, pressure), self._host.document)
        self._edit.paint(*shape, self._value)
        self._last = place, pressure


class PickerGesture:
    """Takes the colour under the pointer for as long as it is dragged about."""

    def __init__(self, host: Host, at: Pointer) -> None:
        self._paintbox = host.paintbox
        self._document = host.document
        self._before = host.paintbox.colour
        self.move(at)

    @property
    def trail(self) -> Sequence[QPointF]:
        return ()

    def move(self, to: Pointer) -> None:
        colour = colour_at(self._document, to.canvas)
        if colour is not None:
            self._paintbox.use(colour)

    def end(self) -> None:
        """The colour stays in use."""

    def cancel(self) -> None:
        self._paintbox.use(self._before)


def colour_at(document: Document, point: QPointF) -> RGBColour | None:
    """What is seen at a canvas point: the sketch over the picture; None beside the canvas."""
    place = QPoint(math.floor(point.x()), math.floor(point.y()))
    if not document.rect.contains(place):
        return None
    red, green, blue = (int(value) for value in document.pixels[place.y(), place.x()])
    sketch = document.sketch
    if sketch is None or document.sketch_used:
        return red, green, blue
    *paint, cover = (int(value) for value in sketch[place.y(), place.x()])
    mixed = (
        round(below + (above - below) * cover / 255)
        for below, above in zip((red, green, blue), paint, strict=True)
    )
    red, green, blue = mixed
    return red, green, blue


def sketch_brush(host: Host, at: Pointer) -> Gesture:
    return SketchGesture(host, at, value=True)


def sketch_eraser(host: Host, at: Pointer) -> Gesture:
    """Erase; paint while Alt is held."""
    return SketchGesture(host, at, value=at.alt)


def picker(host: Host, at: Pointer) -> Gesture:
    return PickerGesture(host, at)


def _segment(
    brush: Brush, start: tuple[QPointF, float], end: tuple[QPointF, float], document: Document
) -> SoftShape:
    """What the brush covers between two places, each with the pen's pressure there."""
    first, last = (brush.size * _share(pressure, brush.pen_size) for _, pressure in (start, end))
    opacity = _share((start[1] + end[1]) / 2, brush.pen_opacity) * brush.opacity / 100
    hardness = brush.hardness / 100
    return soft_capsule(start[0], end[0], (first, last), hardness, opacity, document.rect)


def _share(pressure: float, is_used: int) -> float:
    return max(pressure, _LIGHTEST) if is_used else 1.0


def _tr(text: str) -> str:
    return QCoreApplication.translate("Tools", text)
