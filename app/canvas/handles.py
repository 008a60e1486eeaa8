"""The handles around what is transformed, and what dragging one does: pure arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF

from app.canvas.transform import Transform
from lazydiff_core.contract import Box
from lazydiff_core.geometry.placement import LEAST_SCALE, MOST_SCALE, Placement

Side: TypeAlias = tuple[int, int]  # -1, 0 or 1 across and down, in the thing's own directions
Grip: TypeAlias = Side | Literal["move", "turn"]
Vector: TypeAlias = npt.NDArray[np.float64]

SIDES: tuple[Side, ...] = (
    *((-1, -1), (0, -1), (1, -1), (1, 0)),
    *((1, 1), (0, 1), (-1, 1), (-1, 0)),
)
REACH = 9.0  # view points around a handle that take hold of it
_ARM = 26.0  # view points from the upper edge to the handle that turns
_STEP = 15.0  # degrees, with Shift held
_NEAR = 7.0  # view points: what is nearer to a guide snaps to it


@dataclass(frozen=True)
class Guides:
    """Lines to snap to: x of the upright ones, y of the others, in canvas pixels."""

    across: tuple[float, ...] = ()
    down: tuple[float, ...] = ()

    @classmethod
    def of(cls, canvas: Box, others: Iterable[Box]) -> Guides:
        """Edges and centre of the canvas, and edges and centres of other things."""
        boxes = (canvas, *others)
        across = {x for b in boxes for x in (b.left, (b.left + b.right) / 2, b.right)}
        down = {y for b in boxes for y in (b.top, (b.top + b.bottom) / 2, b.bottom)}
        return cls(tuple(sorted(across)), tuple(sorted(down)))


@dataclass(frozen=True)
class Snapped:
    """A placement, and the guides that it now lies on."""

    placement: Placement
    guides: Guides = Guides()


def handle_points(
    placement: Placement, shape: tuple[int, ...], view: Transform
) -> dict[Grip, QPointF]:
    """The view points of all handles."""
    matrix = placement.matrix(shape)
    found: dict[Grip, QPointF] = {}
    for side in SIDES:
        own = (shape[1] * (side[0] + 1) / 2, shape[0] * (side[1] + 1) / 2)
        x, y = matrix[:, :2] @ np.array(own) + matrix[:, 2]
        found[side] = view.to_view(QPointF(x, y))
    middle, top = view.to_view(QPointF(placement.x, placement.y)), found[(0, -1)]
    along = top - middle
    length = math.hypot(along.x(), along.y())
    away = along / length if length > 0 else QPointF(0, -1)
    found["turn"] = top + away * _ARM
    return found


def grip_at(
    point: QPointF, placement: Placement, shape: tuple[int, ...], view: Transform
) -> Grip | None:
    """What a press at a view point takes hold of; None = nothing."""
    points = handle_points(placement, shape, view)
    near = {grip: _apart(point, at) for grip, at in points.items()}
    nearest = min(near, key=lambda grip: near[grip])
    inside = _holds(placement, shape, view.to_canvas(point))
    # A small thing must still be movable: its handles then take only what lies outside it.
    room = min(_apart(points[(-1, 0)], points[(1, 0)]), _apart(points[(0, -1)], points[(0, 1)]))
    if near[nearest] <= REACH and not (inside and room < 4 * REACH):
        return nearest
    return "move" if inside else None


def moved(
    start: Placement,
    shape: tuple[int, ...],
    by: QPointF,
    guides: Guides,
    *,
    straight: bool = False,
    reach: float = 0.0,
) -> Snapped:
    """Moved by whole pixels, or onto guides nearer than `reach` canvas pixels.

    straight: only across or only down, whichever is more.
    """
    x, y = float(round(by.x())), float(round(by.y()))
    if straight:
        x, y = (x, 0.0) if abs(x) >= abs(y) else (0.0, y)
    placement = start.moved(x, y)
    corners = placement.corners(shape)
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    across = _nearest((left, (left + right) / 2, right), guides.across, reach)
    down = _nearest((top, (top + bottom) / 2, bottom), guides.down, reach)
    if straight:
        across, down = (across, None) if y == 0 else (None, down)
    step = (0.0 if across is None else across[1], 0.0 if down is None else down[1])
    met = Guides(
        () if across is None else (across[0],),
        () if down is None else (down[0],),
    )
    return Snapped(placement.moved(*step), met)


def scaled(
    start: Placement, shape: tuple[int, ...], side: Side, by: QPointF, *, in_proportion: bool
) -> Placement:
    """With one handle dragged by some canvas pixels; the opposite one stays where it is."""
    linear = start.matrix(shape)[:, :2]
    half = np.array([shape[1] / 2, shape[0] / 2])
    sides = np.array(side, np.float64)
    # The way from the opposite handle to this one, in pixels of the thing's own.
    own = 2 * half * sides
    before = linear @ own
    after = before + np.array([by.x(), by.y()])
    ratio = np.ones(2)
    if in_proportion:
        ratio[:] = float(after @ before) / max(float(before @ before), 1e-9)
    else:
        now = np.linalg.solve(linear, after)
        free = sides != 0
        ratio[free] = now[free] / own[free]
    scales = np.array([start.scale_x, start.scale_y]) * ratio
    scales = np.where(scales < 0, -1.0, 1.0) * np.abs(scales).clip(
        np.maximum(LEAST_SCALE, 0.5 / half), MOST_SCALE
    )
    ratio = scales / (start.scale_x, start.scale_y)
    shift = linear @ (own / 2 * ratio) - before / 2
    changed = replace(start, scale_x=float(scales[0]), scale_y=float(scales[1]))
    return changed.moved(float(shift[0]), float(shift[1]))


def turned(start: Placement, first: QPointF, now: QPointF, *, in_steps: bool) -> Placement:
    """Turned about its centre, from where it was taken hold of to where the pointer is."""
    angle = start.angle + _bearing(start, now) - _bearing(start, first)
    if in_steps:
        angle = round(angle / _STEP) * _STEP
    return replace(start, angle=(angle + 180) % 360 - 180)


def reach_of_guides(view: Transform) -> float:
    """How near a guide must be to be snapped to, in canvas pixels."""
    return _NEAR / view.scale


def _bearing(placement: Placement, point: QPointF) -> float:
    return math.degrees(math.atan2(point.y() - placement.y, point.x() - placement.x))


def _nearest(
    places: Iterable[float], lines: tuple[float, ...], reach: float
) -> tuple[float, float] | None:
    """The line nearest to any of these places, and the step onto it; None = none in reach."""
    steps = [(abs(line - place), line, line - place) for place in places for line in lines]
    best = min(steps, default=None)
    return None if best is None or best[0] >= reach else (best[1], best[2])


def _holds(placement: Placement, shape: tuple[int, ...], point: QPointF) -> bool:
    matrix = placement.matrix(shape)
    at = np.array([point.x(), point.y()]) - matrix[:, 2]
    x, y = np.linalg.solve(matrix[:, :2], at)
    return bool(0 <= x <= shape[1] and 0 <= y <= shape[0])


def _apart(one: QPointF, other: QPointF) -> float:
    return math.hypot(one.x() - other.x(), one.y() - other.y())
