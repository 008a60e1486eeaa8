from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from app.canvas.stroke import Shape, capsule, polygon, rectangle
from lazydiff_core.contract import Box, Mask

CANVAS = Box(0, 0, 96, 64)
places = st.builds(QPointF, st.floats(-20, 116), st.floats(-20, 84))


def on_canvas(shape: Shape) -> Mask:
    drawn = np.zeros(CANVAS.shape, np.bool_)
    rect, mask = shape
    if not rect.is_empty:
        drawn[rect.slices] = mask
    return drawn


def distances(start: QPointF, end: QPointF) -> npt.NDArray[np.float64]:
    """(H, W) distance of each pixel centre from the segment."""
    y, x = np.mgrid[: CANVAS.height, : CANVAS.width] + 0.5
    dx, dy = end.x() - start.x(), end.y() - start.y()
    length = dx * dx + dy * dy
    along = ((x - start.x()) * dx + (y - start.y()) * dy) / length if length else 0 * x
    t = np.clip(along, 0, 1)
    return np.hypot(x - start.x() - t * dx, y - start.y() - t * dy)


@given(places, places, st.floats(3, 60))
def test_a_capsule_is_all_within_half_its_diameter(
    start: QPointF, end: QPointF, diameter: float
) -> None:
    drawn = on_canvas(capsule(start, end, diameter, CANVAS))
    distance = distances(start, end)
    assert drawn[distance < diameter / 2 - 1].all()
    assert not drawn[distance > diameter / 2 + 1].any()


@given(places, places, st.floats(1, 200))
def test_a_capsule_lies_inside_the_canvas(start: QPointF, end: QPointF, diameter: float) -> None:
    rect, mask = capsule(start, end, diameter, CANVAS)
    assert rect.is_empty or CANVAS.contains(rect)
    assert mask.shape == rect.shape


def test_the_smallest_brush_marks_the_pixel_under_it() -> None:
    drawn = on_canvas(capsule(QPointF(7.2, 9.8), QPointF(7.2, 9.8), 1, CANVAS))
    assert drawn[9, 7]
    assert drawn.sum() == 1


def test_a_click_is_a_disc() -> None:
    drawn = on_canvas(capsule(QPointF(40, 30), QPointF(40, 30), 20, CANVAS))
    assert drawn.sum() == pytest.approx(np.pi * 100, rel=0.08)
    rows, columns = np.nonzero(drawn)
    assert rows.mean() == pytest.approx(29.5, abs=0.3)
    assert columns.mean() == pytest.approx(39.5, abs=0.3)


def test_a_rectangle_covers_every_pixel_it_touches() -> None:
    drawn = on_canvas(rectangle(QPointF(20.6, 30.4), QPointF(10.5, 12.1), CANVAS))
    expected = np.zeros_like(drawn)
    expected[12:31, 10:21] = True
    assert np.array_equal(drawn, expected)


def test_a_rectangle_is_cut_off_at_the_canvas() -> None:
    assert on_canvas(rectangle(QPointF(-50, -50), QPointF(500, 500), CANVAS)).all()


def test_a_polygon_fills_its_inside() -> None:
    corners = [QPointF(10, 10), QPointF(50, 10), QPointF(50, 40), QPointF(10, 40)]
    drawn = on_canvas(polygon(corners, CANVAS))
    assert drawn[11:39, 11:49].all()
    assert not drawn[:9].any()
    assert not drawn[:, 52:].any()


def test_a_figure_of_eight_fills_both_loops() -> None:
    corners = [QPointF(10, 10), QPointF(50, 50), QPointF(50, 10), QPointF(10, 50)]
    drawn = on_canvas(polygon(corners, CANVAS))
    assert drawn[30, 13]
    assert drawn[30, 46]
    assert not drawn[13, 30]
