"""Rectangle, ellipse, lasso and polygon: the inside of a drawn outline changes the mask."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from PySide6.QtCore import QPointF

from app.canvas.stroke import Shape, ellipse, polygon, rectangle
from app.canvas.tools.gesture import Gesture, Host, Pointer
from app.document.mask_edit import MaskEdit, Mode
from app.ui.translation import translate
from lazydiff_core.contract import Box
from lazydiff_core.geometry.box import EMPTY

# Turns the two ends of a drag into a closed outline.
Outline: TypeAlias = Callable[[QPointF, QPointF], Sequence[QPointF]]
# Turns an outline and the canvas box into the selected pixels.
Inside: TypeAlias = Callable[[Sequence[QPointF], Box], Shape]

_CLOSE = 8.0  # view points: a click this near the first corner closes an outline
_ALIKE = 0.5  # canvas pixels: corners nearer than this are one


def mode_at(host: Host, at: Pointer) -> Mode:
    """The mode of an area: Shift adds, Alt subtracts, both intersect; else the options bar's."""
    if at.shift and at.alt:
        return "intersect"
    if at.shift or at.alt:
        return "add" if at.shift else "subtract"
    return host.choices.mode


class AreaGesture:
    """Collects an outline and combines its inside with the mask when it ends."""

    def __init__(self, host: Host, at: Pointer, inside: Inside) -> None:
        self._host = host
        self._mode = mode_at(host, at)
        self._starts_over = not at.shift
        self._inside = inside
        self._points = [at.canvas]

    @property
    def trail(self) -> Sequence[QPointF]:
        return self._points

    @property
    def is_spread(self) -> bool:
        """Whether it was more than a click."""
        return _spread(self.trail)

    def move(self, to: Pointer) -> None:
        self._points.append(to.canvas)

    def end(self) -> None:
        """Apply the area. A click without a drag only acts in replace mode: it clears the mask.

        If the mask is spent, the area starts a new one, unless Shift adds to it.
        """
        edit = MaskEdit(self._host.document, starts_over=self._starts_over)
        canvas = self._host.document.box
        points = self.trail
        if _spread(points):
            edit.combine(*self._inside(points, canvas), self._mode)
        elif self._mode == "replace":
            edit.combine(EMPTY, np.zeros((0, 0), np.bool_), "replace")
        edit.commit(said(self._mode))

    def cancel(self) -> None:
        self._points.clear()


class BoxGesture(AreaGesture):
    """A rectangle or ellipse dragged from corner to corner.

    Keys pressed during the drag: Shift makes both sides equal, Alt drags from the centre.
    """

    def __init__(self, host: Host, at: Pointer, outline: Outline, inside: Inside) -> None:
        super().__init__(host, at, inside)
        self._outline = outline
        self._start = self._corner = self._end = at.canvas
        self._fresh = not at.shift, not at.alt  # keys held from the start choose the mode instead

    @property
    def trail(self) -> Sequence[QPointF]:
        return self._outline(self._corner, self._end) if self._points else ()

    def move(self, to: Pointer) -> None:
        apart = to.canvas - self._start
        self._fresh = self._fresh[0] or not to.shift, self._fresh[1] or not to.alt
        if to.shift and self._fresh[0]:
            side = max(abs(apart.x()), abs(apart.y()))
            apart = QPointF(math.copysign(side, apart.x()), math.copysign(side, apart.y()))
        self._end = self._start + apart
        self._corner = self._start - apart if to.alt and self._fresh[1] else self._start


class PolygonGesture(AreaGesture):
    """A polygon drawn corner by corner, by clicks; a click on the first corner closes it."""

    def __init__(self, host: Host, at: Pointer, inside: Inside) -> None:
        super().__init__(host, at, inside)
        self._next: tuple[QPointF, ...] = ()  # the unfixed corner at the pointer

    @property
    def trail(self) -> Sequence[QPointF]:
        return (*self._points, *self._next)

    def move(self, to: Pointer) -> None:
        self._next = (to.canvas,)

    def press(self, at: Pointer) -> bool:
        if len(self._points) > 2 and closes(self._host, self._points[0], at):
            return True
        self._points.append(at.canvas)
        return False

    def take_back(self) -> bool:
        self._points.pop()
        return bool(self._points)

    def end(self) -> None:
        self._next = ()
        super().end()


def rectangle_tool(host: Host, at: Pointer) -> Gesture:
    return BoxGesture(host, at, sides_of, touched)


def ellipse_tool(host: Host, at: Pointer) -> Gesture:
    return BoxGesture(host, at, ellipse, enclosed)


def lasso_tool(host: Host, at: Pointer) -> Gesture:
    return AreaGesture(host, at, enclosed)


def polygon_tool(host: Host, at: Pointer) -> Gesture:
    return PolygonGesture(host, at, enclosed)


def said(mode: Mode) -> str:
    """The name of the undo step."""
    return {
        "add": translate("Tools", "Add to mask"),
        "subtract": translate("Tools", "Subtract from mask"),
        "intersect": translate("Tools", "Intersect with mask"),
        "replace": translate("Tools", "Replace mask"),
    }[mode]


def sides_of(corner: QPointF, opposite: QPointF) -> Sequence[QPointF]:
    """The corners of the rectangle between two points."""
    return corner, QPointF(opposite.x(), corner.y()), opposite, QPointF(corner.x(), opposite.y())


def touched(points: Sequence[QPointF], canvas: Box) -> Shape:
    """The pixels of the canvas that a rectangle touches."""
    return rectangle(points[0], points[2], canvas)


def closes(host: Host, first: QPointF, at: Pointer) -> bool:
    """Whether a click is on the first corner, so that it closes the outline."""
    return (host.to_view(first) - at.view).manhattanLength() <= _CLOSE


def enclosed(points: Sequence[QPointF], canvas: Box) -> Shape:
    """The pixels of the canvas inside an outline."""
    return polygon(points, canvas)


def _spread(points: Sequence[QPointF]) -> bool:
    """Whether the points are not all in one place."""
    return any((point - points[0]).manhattanLength() > _ALIKE for point in points)
