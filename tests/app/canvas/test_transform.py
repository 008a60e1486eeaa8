from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QPolygonF

from app.canvas.transform import LARGEST, SMALLEST, Transform, centred, fitted, next_stop

offsets = st.floats(-5000, 5000)
scales = st.floats(SMALLEST, LARGEST)
angles = st.floats(-180, 180) | st.sampled_from([-180.0, -90.0, 0.0, 90.0, 180.0])
transforms = st.builds(Transform, scales, offsets, offsets, angles, st.booleans())
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
def test_a_part_of_the_canvas_stays_in_view(
    transform: Transform, canvas: QSize, room: QSize
) -> None:
    kept = transform.kept_in_view(canvas, room)
    view = QPolygonF(QRectF(0, 0, room.width(), room.height()))
    shown = kept.outline_of(QRect(0, 0, canvas.width(), canvas.height()))
    common = shown.intersected(view).boundingRect()
    assert max(common.width(), common.height()) > 0


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


@given(transforms, points, st.floats(-720, 720))
def test_turning_keeps_the_point_under_the_anchor(
    transform: Transform, anchor: QPointF, angle: float
) -> None:
    turned = transform.turned_to(angle, anchor)
    assert -180 <= turned.angle <= 180
    assert distance(turned.to_view(transform.to_canvas(anchor)), anchor) < 1e-4


@given(transforms, points, st.floats(-300, 300))
def test_mirroring_changes_left_and_right_of_the_view(
    transform: Transform, anchor: QPointF, aside: float
) -> None:
    there = transform.to_canvas(anchor + QPointF(aside, 17))
    mirrored = transform.flipped(anchor).to_view(there)
    assert distance(mirrored, anchor + QPointF(-aside, 17)) < 1e-4


@given(transforms, points)
def test_mirroring_twice_is_nothing(transform: Transform, anchor: QPointF) -> None:
    again = transform.flipped(anchor).flipped(anchor)
    assert again.angle == transform.angle
    assert distance(again.to_view(QPointF(5, 7)), transform.to_view(QPointF(5, 7))) < 1e-4


@given(sizes, sizes, angles, st.booleans())
def test_what_fits_is_seen_as_a_whole(canvas: QSize, room: QSize, angle: float, flip: bool) -> None:
    found = fitted(canvas, room, 24, Transform(1.0, 0.0, 0.0, angle, flip))
    shown = found.rect_to_view(QRect(0, 0, canvas.width(), canvas.height()))
    assert (found.angle, found.mirrored) == (angle, flip)
    if found.scale > SMALLEST:
        assert shown.width() <= room.width() + 1
        assert shown.height() <= room.height() + 1


def test_quarter_turns_are_exact() -> None:
    assert Transform(2.0, 10.0, 20.0, 90.0).to_view(QPointF(3, 5)) == QPointF(0, 26)
    assert Transform(2.0, 10.0, 20.0, 180.0).to_view(QPointF(3, 5)) == QPointF(4, 10)
    assert Transform(2.0, 10.0, 20.0, 0.0, True).to_view(QPointF(3, 5)) == QPointF(4, 30)
