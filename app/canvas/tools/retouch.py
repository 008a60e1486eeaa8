"""Clone stamp and smudge: strokes that paint with the picture itself, into a layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF

from app.canvas.tools.brush import StrokeGesture, Touch, soft_segment
from app.canvas.tools.gesture import Gesture, Host, Pointer
from app.canvas.tools.paint import say_if_confined
from app.document.retouch_edit import CloneEdit, SmudgeEdit
from app.ui.translation import translate
from lazydiff_core.contract import Box, Cover

_CORNERS = 32  # of the ring around what is cloned
_SPACING = 1 / 12  # of the diameter: between two presses of a finger
_REACH = 1 / 8  # of the diameter: the way on which it leaves what its strength says


class SourceGesture:
    """Where the pointer goes up, the clone stamp takes its pixels from."""

    def __init__(self, host: Host, at: Pointer) -> None:
        self._host, self._at = host, at.canvas

    @property
    def trail(self) -> Sequence[QPointF]:
        return _ring(self._at, self._host.brush_size / 2)

    def move(self, to: Pointer) -> None:
        self._at = to.canvas

    def end(self) -> None:
        stamp = self._host.stamp
        stamp.source, stamp.by = self._at, None

    def cancel(self) -> None:
        """Nothing to undo: the source is as it was."""


class RetouchGesture(StrokeGesture):
    """A stroke that a mask confines."""

    _host: Host

    def end(self) -> None:
        before = self._host.document.undo_stack.index()
        super().end()
        say_if_confined(self._host, before)


class CloneGesture(RetouchGesture):
    """A stroke of what lies elsewhere; further strokes go on at the same distance."""

    def __init__(self, host: Host, at: Pointer) -> None:
        self._host, stamp = host, host.stamp
        if stamp.by is None:
            assert stamp.source is not None, "without a source nothing is cloned"
            apart = stamp.source - at.canvas
            stamp.by = round(apart.x()), round(apart.y())
        self._by = QPointF(*stamp.by)
        edit = CloneEdit(host.document, stamp.by, host.chosen_layer())
        self._cloned = edit
        super().__init__(host, at, edit, True, translate("Tools", "Clone"))

    @property
    def trail(self) -> Sequence[QPointF]:
        return _ring(self._last[0] + self._by, self._brush.size / 2)

    def _draw_to(self, place: QPointF, pressure: float) -> None:
        box, shape = soft_segment(self._brush, self._last, (place, pressure), self._canvas)
        self._cloned.paint(box, shape, True)
        self._last = place, pressure


class SmudgeGesture(RetouchGesture):
    """Presses a finger on the picture again and again, along the line."""

    def __init__(self, host: Host, at: Pointer) -> None:
        self._host = host
        self._smeared = edit = SmudgeEdit(host.document, host.chosen_layer())
        self._rest = 0.0  # way since the last press
        self._shapes: dict[tuple[int, float], Cover] = {}
        super().__init__(host, at, edit, True, translate("Tools", "Smudge"))
        self._press((at.canvas, at.pressure))

    def _draw_to(self, place: QPointF, pressure: float) -> None:
        start, before = self._last
        way, step = place - start, max(1.0, _SPACING * self._brush.size)
        length = math.hypot(way.x(), way.y())
        at = step - self._rest
        while at <= length:
            share = at / length
            self._press((start + way * share, before + (pressure - before) * share))
            at += step
        self._rest = length - (at - step)
        self._last = place, pressure

    def _press(self, touch: Touch) -> None:
        """The finger is of one size and lies on whole pixels: it carries them unblurred."""
        radius = math.ceil(self._brush.size / 2) + 1
        x, y = math.floor(touch[0].x()), math.floor(touch[0].y())
        box = Box(x - radius, y - radius, x + radius + 1, y + radius + 1)
        strength = self._brush.opacity / 100
        if self._brush.pen_opacity:
            strength *= touch[1]
        strength **= _SPACING / _REACH
        key = radius, round(touch[1], 2)
        if key not in self._shapes:
            self._shapes[key] = self._finger(*key)
        self._smeared.drag(box, self._shapes[key], strength)

    def _finger(self, radius: int, pressure: float) -> Cover:
        """(h, w) uint8 of a box with this radius."""
        side = 2 * radius + 1
        brush = replace(self._brush, opacity=100, pen_opacity=0)
        middle = QPointF(radius + 0.5, radius + 0.5), pressure
        room = Box(0, 0, side, side)
        box, shape = soft_segment(brush, middle, middle, room)
        whole = np.zeros((side, side), np.uint8)
        whole[box.slices] = shape
        return whole


def clone_stamp(host: Host, at: Pointer) -> Gesture:
    """Clone; with Alt, or as long as nothing is chosen, say from where."""
    if not at.alt and host.stamp.source is not None:
        return CloneGesture(host, at)
    host.told.emit(
        translate("Tools", "The stamp copies from here now: paint elsewhere, or Alt+click again.")
    )
    return SourceGesture(host, at)


def smudge(host: Host, at: Pointer) -> Gesture:
    return SmudgeGesture(host, at)


def _ring(middle: QPointF, radius: float) -> list[QPointF]:
    turns = (2 * math.pi * k / _CORNERS for k in range(_CORNERS))
    return [middle + QPointF(math.cos(t), math.sin(t)) * radius for t in turns]
