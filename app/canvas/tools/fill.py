"""Bucket and gradient: each makes a painted layer of its own, without a model."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QPointF

from app.canvas.flood import alike
from app.canvas.tools.gesture import Gesture, Host, Pointer
from app.document.fillers import Filler, Gradient, Plain, pour
from app.ui.rects import rect_of
from app.ui.translation import translate
from lazydiff_core.contract import Box, Cover, Mask

_LEAST = 3.0  # view points: a shorter drag is no gradient
_STEP = math.pi / 4


class BucketGesture:
    """Fills what is alike where the pointer goes down, once it goes up."""

    def __init__(self, host: Host, at: Pointer) -> None:
        self._host, self._at = host, at

    @property
    def trail(self) -> Sequence[QPointF]:
        return ()

    def move(self, to: Pointer) -> None:
        """Nothing to do: only the place of the press counts."""

    def end(self) -> None:
        document, choices = self._host.document, self._host.choices
        place = QPoint(math.floor(self._at.canvas.x()), math.floor(self._at.canvas.y()))
        if rect_of(document.box).contains(place):
            box, shape = alike(
                document.pixels, place, choices.tolerance, contiguous=choices.contiguous
            )
            fill = Plain(self._host.colours.colour)
            _pour(self._host, translate("Tools", "Bucket fill"), box, shape, fill)

    def cancel(self) -> None:
        """Nothing to undo: nothing has been filled yet."""


class GradientGesture:
    """A line from the first colour to the second one; Shift turns it in steps of 45°."""

    def __init__(self, host: Host, at: Pointer) -> None:
        self._host, self._start, self._end = host, at.canvas, at.canvas

    @property
    def trail(self) -> Sequence[QPointF]:
        return () if self._start == self._end else (self._start, self._end)

    def move(self, to: Pointer) -> None:
        self._end = _in_steps(self._start, to.canvas) if to.shift else to.canvas

    def end(self) -> None:
        host, choices, colours = self._host, self._host.choices, self._host.colours
        start, end = self._start, self._end
        if (host.to_view(end) - host.to_view(start)).manhattanLength() < _LEAST:
            return
        fill = Gradient(
            start.toTuple(),
            end.toTuple(),
            colours.colour,
            None if choices.fades else colours.other,
            choices.gradient,
        )
        box = host.document.box
        everything = np.full(box.shape, 255, np.uint8)
        _pour(host, translate("Tools", "Gradient"), box, everything, fill)

    def cancel(self) -> None:
        self._end = self._start


def bucket(host: Host, at: Pointer) -> Gesture:
    return BucketGesture(host, at)


def gradient(host: Host, at: Pointer) -> Gesture:
    return GradientGesture(host, at)


def _pour(host: Host, text: str, box: Box, area: Mask | Cover, fill: Filler) -> None:
    if pour(host.document, text, box, area, fill):
        host.colours.used()
    else:
        host.told.emit(
            translate("Tools", "The mask confines paint: clear it (Mask menu) to fill elsewhere.")
        )


def _in_steps(start: QPointF, end: QPointF) -> QPointF:
    """The end of the line of the same length at the nearest multiple of 45°."""
    apart = end - start
    angle = round(math.atan2(apart.y(), apart.x()) / _STEP) * _STEP
    length = math.hypot(apart.x(), apart.y())
    return start + QPointF(math.cos(angle), math.sin(angle)) * length
