"""Shapes of the mask tools as small arrays: numpy and OpenCV, no widgets.

Points are in canvas coordinates: pixel (i, j) covers i <= x < i + 1, j <= y < j + 1. A pixel
belongs to a shape where its centre does, so that edges are hard and strokes do not depend on how
they were cut into segments.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRect

from lazydiff_core.contract import Cover, Mask

# What part of the canvas a shape touches, and which of those pixels it covers.
Shape: TypeAlias = tuple[QRect, Mask]
SoftShape: TypeAlias = tuple[QRect, Cover]

_FRACTION_BITS = 6
_ONE = 1 << _FRACTION_BITS
_ELLIPSE_POINTS = 360
_STEPS_A_FADE = 24
Grid: TypeAlias = npt.NDArray[np.float32]


def capsule(
    start: QPointF,
    end: QPointF,
    diameter: float,
    canvas: QRect,
    end_diameter: float | None = None,
) -> Shape:
    """One segment of a round brush: all pixels within `diameter` / 2 of the line start-end.

    The smallest brush still marks the pixels under the line. `end_diameter`: the brush changes to
    that size along the line.
    """
    radius = max(diameter / 2, 0.5)
    last_radius = radius if end_diameter is None else max(end_diameter / 2, 0.5)
    rect = _around([start, end], max(radius, last_radius)).intersected(canvas)
    drawn = np.zeros((rect.height(), rect.width()), np.uint8)
    if rect.isEmpty():
        return rect, drawn.view(np.bool_)
    first, last = (_fixed(point, rect) for point in (start, end))
    if max(radius, last_radius) <= 1:
        cv2.line(drawn, first, last, 1, round(2 * radius), cv2.LINE_8, _FRACTION_BITS)
        return rect, drawn.view(np.bool_)
    for centre, size in {(first, radius), (last, last_radius)}:
        cv2.circle(drawn, centre, round(size * _ONE), 1, cv2.FILLED, cv2.LINE_8, _FRACTION_BITS)
    if first != last:
        side = _side(start, end, radius, last_radius)
        corners = [_fixed(point + offset, rect) for point, offset in side]
        cv2.fillConvexPoly(drawn, np.array(corners, np.int32), 1, cv2.LINE_8, _FRACTION_BITS)
    return rect, drawn.view(np.bool_)


def soft_capsule(
    start: QPointF,
    end: QPointF,
    diameters: tuple[float, float],
    hardness: float,
    opacity: float,
    canvas: QRect,
) -> SoftShape:
    """One segment of a soft brush: full cover within `hardness` of the radius, then fading out.

    diameters: at the start and at the end. hardness, opacity: 0..1; the most hard edge is one
    pixel wide.
    """
    radius, last_radius = (max(diameter / 2, 0.5) for diameter in diameters)
    rect = _around([start, end], max(radius, last_radius) + 0.5).intersected(canvas)
    if rect.isEmpty():
        return rect, np.zeros((rect.height(), rect.width()), np.uint8)
    step = _coarseness(min(radius, last_radius) * (1 - hardness))
    distance, along = _from_line(start, end, rect, step)
    size = radius + (last_radius - radius) * along
    fade = np.maximum(np.float32(1 - hardness) * size, np.float32(1))
    depth = (size + np.float32(0.5) - distance) * (np.float32(255) / fade)
    np.clip(depth, 0, 255, out=depth)
    cover = _profile(opacity)[depth.astype(np.uint8)]
    if step > 1:
        cover = np.asarray(cv2.resize(cover, None, fx=step, fy=step), np.uint8)
    return rect, cover[: rect.height(), : rect.width()]


def ellipse(corner: QPointF, opposite: QPointF) -> list[QPointF]:
    """Points along the ellipse that fits the rectangle between two points, for `polygon`."""
    middle, half = (corner + opposite) / 2, (opposite - corner) / 2
    turns = (2 * math.pi * k / _ELLIPSE_POINTS for k in range(_ELLIPSE_POINTS))
    return [
        QPointF(middle.x() + half.x() * math.cos(a), middle.y() + half.y() * math.sin(a))
        for a in turns
    ]


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


def _side(
    start: QPointF, end: QPointF, radius: float, last_radius: float
) -> list[tuple[QPointF, QPointF]]:
    """The corners of the straight part: points of the line and how far off it they lie."""
    along = end - start
    across = QPointF(-along.y(), along.x()) / math.hypot(along.x(), along.y())
    first, last = across * radius, across * last_radius
    return [(start, first), (end, last), (end, -last), (start, -first)]


def _coarseness(fade: float) -> int:
    """Every how many pixels a rim that fades over `fade` pixels has to be computed."""
    return next((step for step in (8, 4, 2) if fade >= _STEPS_A_FADE * step), 1)


def _from_line(start: QPointF, end: QPointF, rect: QRect, step: int) -> tuple[Grid, Grid]:
    """(h, w) distance of every `step`th pixel's middle from the line; how far along, 0..1."""
    columns = np.arange(step / 2, rect.width() + step / 2, step)
    rows = np.arange(step / 2, rect.height() + step / 2, step)[:, None]
    x = (columns + (rect.left() - start.x())).astype(np.float32)
    y = (rows + (rect.top() - start.y())).astype(np.float32)
    dx, dy = np.float32(end.x() - start.x()), np.float32(end.y() - start.y())
    square = max(float(dx * dx + dy * dy), 1e-12)
    along = x * (dx / np.float32(square)) + y * (dy / np.float32(square))
    np.clip(along, 0, 1, out=along)
    distance = cv2.magnitude(x - along * dx, y - along * dy)
    return np.asarray(distance, np.float32), along


@cache
def _profile(opacity: float) -> Cover:
    """(256,) cover by how deep within the fading rim a pixel lies: a smooth step."""
    depth = np.linspace(0, 1, 256)
    return np.rint(255 * opacity * depth * depth * (3 - 2 * depth)).astype(np.uint8)
