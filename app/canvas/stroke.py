"""Shapes of the mask tools as small arrays: numpy and OpenCV, no widgets.

Points are in canvas coordinates: pixel (i, j) covers i <= x < i + 1, j <= y < j + 1. A pixel
belongs to a shape if its centre does, so edges are hard and a stroke does not depend on how it is
cut into segments.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF

from lazydiff_core.contract import Box, Cover, Mask

# The box that a shape touches, and the pixels in it that the shape covers.
Shape: TypeAlias = tuple[Box, Mask]
SoftShape: TypeAlias = tuple[Box, Cover]

_FRACTION_BITS = 6
_ONE = 1 << _FRACTION_BITS
_ELLIPSE_POINTS = 360
_STEPS_A_FADE = 24
Grid: TypeAlias = npt.NDArray[np.float32]


def capsule(
    start: QPointF,
    end: QPointF,
    diameter: float,
    canvas: Box,
    end_diameter: float | None = None,
) -> Shape:
    """One segment of a round brush: all pixels within `diameter` / 2 of the line start-end.

    Even the smallest brush marks the pixels under the line.
    end_diameter: the diameter at the end of the line, reached gradually.
    """
    radius = max(diameter / 2, 0.5)
    last_radius = radius if end_diameter is None else max(end_diameter / 2, 0.5)
    box = _around([start, end], max(radius, last_radius)).intersection(canvas)
    drawn = np.zeros(box.shape, np.uint8)
    if box.is_empty:
        return box, drawn.view(np.bool_)
    first, last = (_fixed(point, box) for point in (start, end))
    if max(radius, last_radius) <= 1:
        cv2.line(drawn, first, last, 1, round(2 * radius), cv2.LINE_8, _FRACTION_BITS)
        return box, drawn.view(np.bool_)
    for centre, size in {(first, radius), (last, last_radius)}:
        cv2.circle(drawn, centre, round(size * _ONE), 1, cv2.FILLED, cv2.LINE_8, _FRACTION_BITS)
    if first != last:
        side = _side(start, end, radius, last_radius)
        corners = [_fixed(point + offset, box) for point, offset in side]
        cv2.fillConvexPoly(drawn, np.array(corners, np.int32), 1, cv2.LINE_8, _FRACTION_BITS)
    return box, drawn.view(np.bool_)


def soft_capsule(
    start: QPointF,
    end: QPointF,
    diameters: tuple[float, float],
    hardness: float,
    opacity: float,
    canvas: Box,
) -> SoftShape:
    """One segment of a soft brush: full cover within `hardness` of the radius, then fading out.

    diameters: at the start and at the end. hardness, opacity: 0..1; the hardest edge is one pixel
    wide.
    """
    radius, last_radius = (max(diameter / 2, 0.5) for diameter in diameters)
    box = _around([start, end], max(radius, last_radius) + 0.5).intersection(canvas)
    if box.is_empty:
        return box, np.zeros(box.shape, np.uint8)
    step = _coarseness(min(radius, last_radius) * (1 - hardness))
    distance, along = _from_line(start, end, box, step)
    size = radius + (last_radius - radius) * along
    fade = np.maximum(np.float32(1 - hardness) * size, np.float32(1))
    depth = (size + np.float32(0.5) - distance) * (np.float32(255) / fade)
    np.clip(depth, 0, 255, out=depth)
    cover = _profile(opacity)[depth.astype(np.uint8)]
    if step > 1:
        cover = np.asarray(cv2.resize(cover, None, fx=step, fy=step), np.uint8)
    return box, cover[: box.height, : box.width]


def ellipse(corner: QPointF, opposite: QPointF) -> list[QPointF]:
    """Points along the ellipse inscribed in the rectangle between two points, for `polygon`."""
    middle, half = (corner + opposite) / 2, (opposite - corner) / 2
    turns = (2 * math.pi * k / _ELLIPSE_POINTS for k in range(_ELLIPSE_POINTS))
    return [
        QPointF(middle.x() + half.x() * math.cos(a), middle.y() + half.y() * math.sin(a))
        for a in turns
    ]


def polygon(points: Sequence[QPointF], canvas: Box) -> Shape:
    """The inside of a closed outline, by the even-odd rule."""
    box = _around(points, 0.5).intersection(canvas)
    drawn = np.zeros(box.shape, np.uint8)
    if not box.is_empty:
        corners = np.array([_fixed(point, box) for point in points], np.int32)
        cv2.fillPoly(drawn, [corners], 1, cv2.LINE_8, _FRACTION_BITS)
    return box, drawn.view(np.bool_)


def rectangle(corner: QPointF, opposite: QPointF, canvas: Box) -> Shape:
    """All pixels that the rectangle between two points touches."""
    box = _around([corner, opposite], 0).intersection(canvas)
    return box, np.ones(box.shape, np.bool_)


def _around(points: Sequence[QPointF], margin: float) -> Box:
    left, right = min(p.x() for p in points) - margin, max(p.x() for p in points) + margin
    top, bottom = min(p.y() for p in points) - margin, max(p.y() for p in points) + margin
    x, y = math.floor(left), math.floor(top)
    return Box(x, y, math.floor(right) + 1, math.floor(bottom) + 1)


def _fixed(point: QPointF, box: Box) -> tuple[int, int]:
    """OpenCV's fixed-point coordinates within `box`; pixel centres are integers there."""
    x, y = point.x() - box.left - 0.5, point.y() - box.top - 0.5
    return round(x * _ONE), round(y * _ONE)


def _side(
    start: QPointF, end: QPointF, radius: float, last_radius: float
) -> list[tuple[QPointF, QPointF]]:
    """The corners of the straight part, from points on the line and their distances to it."""
    along = end - start
    across = QPointF(-along.y(), along.x()) / math.hypot(along.x(), along.y())
    first, last = across * radius, across * last_radius
    return [(start, first), (end, last), (end, -last), (start, -first)]


def _coarseness(fade: float) -> int:
    """The step in pixels at which a rim that fades over `fade` pixels is computed."""
    return next((step for step in (8, 4, 2) if fade >= _STEPS_A_FADE * step), 1)


def _from_line(start: QPointF, end: QPointF, box: Box, step: int) -> tuple[Grid, Grid]:
    """(h, w): distance of every `step`th pixel centre to the line, and its position along, 0..1."""
    columns = np.arange(step / 2, box.width + step / 2, step)
    rows = np.arange(step / 2, box.height + step / 2, step)[:, None]
    x = (columns + (box.left - start.x())).astype(np.float32)
    y = (rows + (box.top - start.y())).astype(np.float32)
    dx, dy = np.float32(end.x() - start.x()), np.float32(end.y() - start.y())
    square = max(float(dx * dx + dy * dy), 1e-12)
    along = x * (dx / np.float32(square)) + y * (dy / np.float32(square))
    np.clip(along, 0, 1, out=along)
    distance = cv2.magnitude(x - along * dx, y - along * dy)
    return np.asarray(distance, np.float32), along


@cache
def _profile(opacity: float) -> Cover:
    """(256,) uint8 cover by depth within the fading rim: a smooth step."""
    depth = np.linspace(0, 1, 256)
    return np.rint(255 * opacity * depth * depth * (3 - 2 * depth)).astype(np.uint8)
