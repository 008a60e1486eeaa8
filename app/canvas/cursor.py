"""Drawing the brush outline at the pointer, and the outlines of gestures; system cursors."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.canvas.handles import Grip
from app.canvas.tools.gesture import Cursor

_DARK, _LIGHT = QColor(0, 0, 0, 200), QColor(255, 255, 255, 220)
_SMALLEST_RING = 2.5
_ARM = 7.0
_TRAIL_PENS = (
    QPen(Qt.GlobalColor.black, 1),
    QPen(Qt.GlobalColor.white, 1, Qt.PenStyle.DashLine),
)
_SHAPES = {
    "ring": Qt.CursorShape.BlankCursor,
    "cross": Qt.CursorShape.CrossCursor,
    "zoom": Qt.CursorShape.SizeHorCursor,
    "turn": Qt.CursorShape.SizeAllCursor,
    "move": Qt.CursorShape.ArrowCursor,
}


def shape_for(cursor: Cursor, *, grabbing: bool) -> Qt.CursorShape:
    """The system cursor for `cursor`; blank for the ring, which `paint_ring` draws."""
    if cursor == "hand":
        return Qt.CursorShape.ClosedHandCursor if grabbing else Qt.CursorShape.OpenHandCursor
    return _SHAPES[cursor]


def shape_on(grip: Grip | None) -> Qt.CursorShape:
    """The system cursor over a handle of what is transformed, over the thing, and beside it."""
    if grip == "move":
        return Qt.CursorShape.SizeAllCursor
    if grip == "turn":
        return Qt.CursorShape.PointingHandCursor
    return Qt.CursorShape.ArrowCursor if grip is None else Qt.CursorShape.CrossCursor


def cursor_rect(at: QPointF, radius: float) -> QRect:
    """The part of the view, in points, that the ring may touch."""
    reach = max(radius, _ARM) + 3
    corner = at - QPointF(reach, reach)
    return QRectF(corner.x(), corner.y(), 2 * reach, 2 * reach).toAlignedRect()


def paint_ring(painter: QPainter, at: QPointF, radius: float) -> None:
    """A dark ring inside a light one; cross hairs where a ring would be too small to see."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if radius < _SMALLEST_RING:
        _paint_cross(painter, at)
    else:
        painter.setPen(QPen(_LIGHT, 1.0))
        painter.drawEllipse(at, radius + 0.5, radius + 0.5)
        painter.setPen(QPen(_DARK, 1.0))
        painter.drawEllipse(at, radius - 0.5, radius - 0.5)
    painter.restore()


def trail_rect(trail: QPolygonF) -> QRect:
    """The part of the view, in points, that a gesture's outline may touch."""
    if trail.isEmpty():
        return QRect()
    return trail.boundingRect().toAlignedRect().adjusted(-2, -2, 2, 2)


def paint_trail(painter: QPainter, trail: QPolygonF) -> None:
    """Draw the closed outline of a gesture, in view points."""
    if trail.count() < 2:
        return
    outline = trail.toPolygon()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in _TRAIL_PENS:
        painter.setPen(pen)
        painter.drawPolygon(outline)


def _paint_cross(painter: QPainter, at: QPointF) -> None:
    for colour, width in ((_LIGHT, 3.0), (_DARK, 1.0)):
        painter.setPen(QPen(colour, width))
        for quarter in range(4):
            turn = QPointF(math.cos(quarter * math.pi / 2), math.sin(quarter * math.pi / 2))
            painter.drawLine(at + turn * (_SMALLEST_RING + 1), at + turn * _ARM)
