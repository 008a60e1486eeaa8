"""Shapes of the mask tools as small bool arrays: numpy and OpenCV, no widgets.

Points are in canvas coordinates: pixel (i, j) covers i <= x < i + 1, j <= y < j + 1. A pixel
belongs to a shape where its centre does, so that edges are hard and strokes do not depend on how
they were cut into segments.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import cv2
import numpy as np
from PySide6.QtCore import QPointF, QRect

from lazydiff_core.contract import Mask

# What part of the canvas a shape touches, and which of those pixels it covers.
Shape: TypeAlias = tuple[QRect, Mask]

_FRACTION_BITS = 6
_ONE = 1 << _FRACTION_BITS


def capsule(start: QPointF, end: QPointF, diameter: float, canvas: QRect) -> Shape:
    """One segment of a round brush: all pixels within `diameter` / 2 of the line start-end.

    The smallest brush still marks the pixels under the line.
    """
    radius = max(diameter / 2, 0.5)
    rect = _around([start, end], radius).intersected(canvas)
    drawn = np.zeros((rect.height(), rect.width()), np.uint8)
    if rect.isEmpty():
        return rect, drawn.view(np.bool_)
    first, last = (_fixed(point, rect) for point in (start, end))
    if radius <= 1:
        cv2.line(drawn, first, last, 1, round(2 * radius), cv2.LINE_8, _FRACTION_BITS)
        return rect, drawn.view(np.bool_)
    for centre in {first, last}:
        cv2.circle(drawn, centre, round(radius * _ONE), 1, cv2.FILLED, cv2.LINE_8, _FRACTION_BITS)
    if first != last:
        side = _side(start, end, radius)
        corners = [_fixed(point + offset, rect) for point, offset in side]
        cv2.fillConvexPoly(drawn, np.array(corners, np.int32), 1, cv2.LINE_8, _FRACTION_BITS)
    return rect, drawn.view(np.bool_)


def polygon(points: Sequence[QPointF], canvas: QRect) -> Shape:
    """The inside of a closed outline; where it crosses itself, every second area is outside."""
    rect = _around(points, 0.5).intersected(canvas)
    drawn = np.zeros((rect.height(), rect.width()), np.uint8)
    if not rect.isEmpty():
        corners = np.array([_fixed(point, rect) for point in points], np.int32)
        cv2.fillPoly(drawn, [corners], 1, cv2.LINE_8, _FRACTION_BITS)
    return rect, drawn.view(np.bool_)


def rectangle(corner: QPointF, opposite: QPointF, canvas: QRect) -> Shape:
    """All pixels that the rectangle between two points touches."""
    rect = _around([corner, opposite], 0).intersected(canvas)
    return rect, np.ones((rect.height(), rect.width()), np.bool_)


def _around(points: Sequence[QPointF], margin: float) -> QRect:
    left, right = min(p.x() for p in points) - margin, max(p.x() for p in points) + margin
    top, bottom = min(p.y() for p in points) - margin, max(p.y() for p in points) + margin
    x, y = math.floor(left), math.floor(top)
    return QRect(x, y, math.floor(right) + 1 - x, math.floor(bottom) + 1 - y)


def _fixed(point: QPointF, rect: QRect) -> tuple[int, int]:
    """OpenCV's fixed-point coordinates within `rect`; its pixels have their centres on integers."""
    x, y = point.x() - rect.left() - 0.5, point.y() - rect.top() - 0.5
    return round(x * _ONE), round(y * _ONE)


def _side(start: QPointF, end: QPointF, radius: float) -> list[tuple[QPointF, QPointF]]:
    """The corners of the straight part: points of the line and how far off it they lie."""
    along = end - start
    length = math.hypot(along.x(), along.y())
    across = QPointF(-along.y(), along.x()) * (radius / length)
    return [(start, across), (end, across), (end, -across), (start, -across)]
