from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRect, QSize

from app.canvas.transform import LARGEST, SMALLEST, Transform, centred, fitted, next_stop

offsets = st.floats(-5000, 5000)
scales = st.floats(SMALLEST, LARGEST)
transforms = st.builds(Transform, scales, offsets, offsets)
points = st.builds(QPointF, offsets, offsets)
sides = st.integers(1, 8192)
sizes = st.builds(QSize, sides, sides)


def distance(first: QPointF, second: QPointF) -> float:
    return (first - second).manhattanLength()


@given(transforms, points)
def test_there_and_back(transform: Transform, point: QPointF) -> None:
    assert distance(transform.to_canvas(transform.to_view(point)), point) < 1e-6


@given(transforms, points, scales)
def test_zooming_keeps_the_point_under_the_cursor(
    transform: Transform, cursor: QPointF, scale: float
) -> None:
    zoomed = transform.scaled_to(scale, cursor)
    under = transform.to_canvas(cursor)
    assert distance(zoomed.to_view(under), cursor) < 1e-4


@given(transforms, st.floats(1e-6, 1e6), points)
def test_zoom_stays_within_limits(transform: Transform, scale: float, anchor: QPointF) -> None:
    assert SMALLEST <= transform.scaled_to(scale, anchor).scale <= LARGEST


@given(transforms, st.integers(-500, 500), st.integers(-500, 500), sides, sides)
def test_rect_to_canvas_covers_all_that_is_shown(
    transform: Transform, left: int, top: int, width: int, height: int
) -> None:
    seen = transform.rect_to_canvas(QRect(left, top, width, height))
    for x, y in ((left, top), (left + width, top + height)):
        point = transform.to_canvas(QPointF(x, y))
        assert seen.left() - 1e-6 <= point.x() <= seen.left() + seen.width() + 1e-6
        assert seen.top() - 1e-6 <= point.y() <= seen.top() + seen.height() + 1e-6


@given(transforms, sizes, st.builds(QSize, st.integers(100, 4000), st.integers(100, 4000)))
def test_a_part_of_the_canvas_stays_in_sight(
    transform: Transform, canvas: QSize, room: QSize
) -> None:
    kept = transform.in_sight(canvas, room)
    corner = kept.to_view(QPointF(0, 0))
    far = kept.to_view(QPointF(canvas.width(), canvas.height()))
    assert corner.x() < room.width()
    assert corner.y() < room.height()
    assert far.x() > 0
    assert far.y() > 0


@given(sizes, st.builds(QSize, st.integers(200, 4000), st.integers(200, 4000)))
def test_fit_shows_the_whole_canvas(canvas: QSize, room: QSize) -> None:
    shown = fitted(canvas, room, 24).rect_to_view(QRect(0, 0, canvas.width(), canvas.height()))
    assert shown.left() >= -1
    assert shown.top() >= -1
    assert shown.right() <= room.width() + 1
    assert shown.bottom() <= room.height() + 1


def test_centred_is_on_whole_points() -> None:
    transform = centred(QSize(511, 301), QSize(1000, 701), 1.0)
    assert (transform.dx, transform.dy) == (244, 200)


@pytest.mark.parametrize(
    ("zoom", "up", "expected"),
    [
        (1.0, True, 1.5),
        (1.0, False, 0.6667),
        (0.9, True, 1.0),
        (64.0, True, 64.0),
        (0.02, False, 0.02),
        (1.0001, False, 0.6667),
    ],
)
def test_next_stop(zoom: float, up: bool, expected: float) -> None:
    assert next_stop(zoom, up) == expected
