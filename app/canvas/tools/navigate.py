"""Gestures that leave the picture alone: zoom, turn, brush size."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF

from app.canvas.tools.gesture import Gesture, Host, Pointer

_DOUBLES_EVERY = 90.0  # view points of dragging that double the value
_CLICK = 3.0
_SNAP = 15.0


class _ViewGesture:
    """Common base: remembers where the gesture began."""

    def __init__(self, host: Host, at: Pointer) -> None:
        self._host = host
        self._from = at.view

    @property
    def trail(self) -> Sequence[QPointF]:
        return ()

    def end(self) -> None:
        """Nothing to do: the view stays as it is."""


class ZoomGesture(_ViewGesture):
    """Dragging right or up zooms in, left or down zooms out; a click zooms by one step."""

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
    """Turns the canvas about the middle of the view; pressing Shift during it snaps to steps."""

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
    """Dragging right makes the brush larger, left smaller."""

    def __init__(self, host: Host, at: Pointer) -> None:
        super().__init__(host, at)
        self._size = host.brush_size
        self.at = at.view  # the ring stays here

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
