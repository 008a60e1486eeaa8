"""What lies over the picture: brush ring, outline of a gesture, handles; and the cursor."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPolygonF

from app.canvas.cursor import (
    cursor_rect,
    paint_ring,
    paint_trail,
    shape_for,
    shape_on,
    trail_rect,
)
from app.canvas.placing import Placing
from app.canvas.pointing import Pointing
from app.canvas.tools.navigate import SizeGesture
from app.canvas.transform import Transform


class Screen(Protocol):
    """The view that the marks lie over."""

    @property
    def transform(self) -> Transform: ...
    @property
    def brush_size(self) -> int: ...
    def update(self, rect: QRect, /) -> None: ...


class Marks:
    """Repaints no more than where a mark was and where it is now."""

    def __init__(self, screen: Screen, pointing: Pointing, placing: Placing) -> None:
        self._screen, self._pointing, self._placing = screen, pointing, placing
        self._trailed = QRect()
        self.pointer: QPointF | None = None  # in view points; None while it is elsewhere
        self.pen_is_down = False
        self.ringed = QRect()  # where the ring is

    def cursor(self) -> Qt.CursorShape:
        """The system cursor for the active tool."""
        pointing = self._pointing
        if pointing.acting.cursor == "move" and self.pointer is not None:
            return shape_on(self._placing.grip(self.pointer))
        return shape_for(pointing.acting.cursor, grabbing=pointing.gesture is not None)

    def ring(self) -> QPointF | None:
        """The place of the brush outline in view points; None while the pen draws."""
        pointing = self._pointing
        if pointing.acting.cursor != "ring" or (self.pen_is_down and pointing.is_drawing):
            return None
        gesture = pointing.gesture
        return gesture.at if isinstance(gesture, SizeGesture) else self.pointer

    def update_ring(self) -> None:
        """Repaint the ring's old and new places."""
        ring = self.ring()
        was, self.ringed = self.ringed, QRect()
        if ring is not None:
            self.ringed = cursor_rect(ring, self._radius())
        for rect in (was, self.ringed):
            if not rect.isEmpty():
                self._screen.update(rect)

    def update_trail(self) -> None:
        """Repaint the outline's old and new places."""
        was, self._trailed = self._trailed, trail_rect(self._trail())
        if self._trailed != was or not was.isEmpty():
            self._screen.update(was.united(self._trailed))

    def paint(self, painter: QPainter) -> None:
        self._placing.paint(painter)
        paint_trail(painter, self._trail())
        ring = self.ring()
        if ring is not None:
            paint_ring(painter, ring, self._radius())

    def _radius(self) -> float:
        return self._screen.brush_size * self._screen.transform.scale / 2

    def _trail(self) -> QPolygonF:
        gesture = self._pointing.gesture
        trail = gesture.trail if gesture is not None else ()
        return self._screen.transform.matrix().map(QPolygonF(list(trail)))
