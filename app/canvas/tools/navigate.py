"""Gestures that change the view instead of the picture: zoom, turn, size of the brush."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF

from app.canvas.tools.gesture import Gesture, Host, Pointer

_DOUBLES_EVERY = 90.0  # view points dragged
_CLICK = 3.0
_SNAP = 15.0


class _ViewGesture:
    """Remembers where it began."""

    def __init__(self, host: Host, at: Pointer) -> None:
        self._host = host
        self._from = at.view

    @property
    def trail(self) -> Sequence[QPointF]:
        return ()

    def end(self) -> None:
        """The view stays as it was dragged."""


class ZoomGesture(_ViewGesture):
    """Right and up enlarges, left and down reduces; a click does so by a step."""

    def __init__(self, host: Host, at: Pointer) -> None:
        super().__init__(host, at)
        self._zoom = host.zoom
        self._out = at.alt
        self._dragged = False

    def move(self, to: Pointer) -> None:
        dragged = to.view - self._from
        self._dragged = self._dragged or dragged.manhattanLength() > _CLICK
        if self._dragged:
            doublings = (dragged.x() - dragged.y()) / _DOUBLES_EVERY
            self._host.zoom_to(self._zoom * 2**doublings, self._from)

    def end(self) -> None:
        if not self._dragged:
            self._host.zoom_to(self._zoom * (0.5 if self._out else 2.0), self._from)

    def cancel(self) -> None:
        self._host.zoom_to(self._zoom, self._from)


class TurnGesture(_ViewGesture):
    """Turns the canvas about the middle of the view; with Shift pressed anew in whole steps."""

    def __init__(self, host: Host, at: Pointer) -> None:
        super().__init__(host, at)
        self._angle = host.angle
        self._middle = host.middle
        self._start = self._bearing(at)
        self._shift_was_up = False

    def move(self, to: Pointer) -> None:
        self._shift_was_up = self._shift_was_up or not to.shift
        angle = self._angle + self._bearing(to) - self._start
        if to.shift and self._shift_was_up:
            angle = round(angle / _SNAP) * _SNAP
        self._host.turn_to(angle, self._middle)

    def cancel(self) -> None:
        self._host.turn_to(self._angle, self._middle)

    def _bearing(self, at: Pointer) -> float:
        off = at.view - self._middle
        return math.degrees(math.atan2(off.y(), off.x()))


class SizeGesture(_ViewGesture):
    """Dragging to the right makes the brush larger, to the left smaller."""

    def __init__(self, host: Host, at: Pointer) -> None:
        super().__init__(host, at)
        self._size = host.brush_size
        self.at = at.view  # where the ring stays

    def move(self, to: Pointer) -> None:
        wider = 2 * (to.view.x() - self._from.x())
        scale = self._host.to_view(QPointF(1, 0)) - self._host.to_view(QPointF(0, 0))
        self._host.set_brush_size(round(self._size + wider / math.hypot(scale.x(), scale.y())))

    def cancel(self) -> None:
        self._host.set_brush_size(self._size)


def zoom(host: Host, at: Pointer) -> Gesture:
    return ZoomGesture(host, at)


def turn(host: Host, at: Pointer) -> Gesture:
    return TurnGesture(host, at)


def size(host: Host, at: Pointer) -> Gesture:
    return SizeGesture(host, at)
