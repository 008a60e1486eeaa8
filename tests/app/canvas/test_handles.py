from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from app.canvas.handles import (
    SIDES,
    Guides,
    grip_at,
    handle_points,
    moved,
    scaled,
    turned,
)
from app.canvas.transform import Transform
from lazydiff_core.contract import Box
from lazydiff_core.geometry.placement import Placement

SHAPE = (40, 60)
VIEW = Transform(1.5, 20, 10, 30, mirrored=True)
placements = st.builds(
    Placement,
    x=st.floats(50, 300),
    y=st.floats(50, 300),
    scale_x=st.sampled_from([-2.0, -0.6, 1.0, 1.5]),
    scale_y=st.sampled_from([-1.0, 0.5, 1.0, 3.0]),
    angle=st.floats(-180, 180),
)
steps = st.builds(QPointF, st.floats(-30, 30), st.floats(-30, 30))


def corner(placement: Placement, side: tuple[int, int]) -> np.ndarray:
    own = np.array([SHAPE[1] * (side[0] + 1) / 2, SHAPE[0] * (side[1] + 1) / 2])
    matrix = placement.matrix(SHAPE)
    return np.asarray(matrix[:, :2] @ own + matrix[:, 2])


@given(placements)
def test_each_handle_is_taken_hold_of_where_it_is(placement: Placement) -> None:
    large = replace(placement, scale_x=placement.scale_x * 3, scale_y=placement.scale_y * 3)
    for grip, point in handle_points(large, SHAPE, VIEW).items():
        assert grip_at(point, large, SHAPE, VIEW) == grip
    assert grip_at(VIEW.to_view(QPointF(large.x, large.y)), large, SHAPE, VIEW) == "move"


def test_beside_it_nothing_is_taken_hold_of() -> None:
    far = VIEW.to_view(QPointF(900, 900))
    assert grip_at(far, Placement(100, 100), SHAPE, VIEW) is None


@given(placements, st.sampled_from(SIDES), steps, st.booleans())
def test_scaling_keeps_the_opposite_handle(
    placement: Placement, side: tuple[int, int], by: QPointF, in_proportion: bool
) -> None:
    found = scaled(placement, SHAPE, side, by, in_proportion=in_proportion)

    opposite = -side[0], -side[1]
    np.testing.assert_allclose(
        corner(found, opposite), corner(placement, opposite), rtol=0, atol=1e-6
    )
    assert found.angle == placement.angle
    if in_proportion:
        ratios = found.scale_x / placement.scale_x, found.scale_y / placement.scale_y
        least = abs(found.scale_x) * 30 < 0.51 or abs(found.scale_y) * 20 < 0.51
        assert least or ratios[0] == pytest.approx(ratios[1])


@given(placements, st.sampled_from([side for side in SIDES if 0 not in side]), steps)
def test_a_corner_follows_the_pointer(
    placement: Placement, side: tuple[int, int], by: QPointF
) -> None:
    found = scaled(placement, SHAPE, side, by, in_proportion=False)

    small = abs(found.scale_x) * 60 < 1.01 or abs(found.scale_y) * 40 < 1.01
    wanted = corner(placement, side) + (by.x(), by.y())  # noqa: RUF005 (an array)
    assert small or np.allclose(corner(found, side), wanted, atol=1e-6)


def test_a_drag_moves_by_whole_pixels() -> None:
    found = moved(Placement(100, 100), SHAPE, QPointF(7.4, -3.6), Guides())
    assert found.placement == Placement(107, 96)


def test_straight_it_moves_one_way_only() -> None:
    found = moved(Placement(100, 100), SHAPE, QPointF(7, -3), Guides(), straight=True)
    assert found.placement == Placement(107, 100)


def test_it_snaps_to_edges_and_middles() -> None:
    guides = Guides.of(Box(0, 0, 512, 400), [Box(300, 50, 340, 90)])
    start = Placement(200, 150)

    edge = moved(start, SHAPE, QPointF(-167, 0), guides, reach=6)
    middle = moved(start, SHAPE, QPointF(53, 47), guides, reach=6)
    other = moved(start, SHAPE, QPointF(68, 9), guides, reach=6)
    free = moved(start, SHAPE, QPointF(53, 47), guides)

    assert edge.placement.x == 30
    assert edge.guides.across == (0,)
    assert (middle.placement.x, middle.placement.y) == (256, 200)
    assert other.placement.x == 270
    assert other.guides.across == (300,)
    assert free.placement == Placement(253, 197)


def test_turning_follows_the_pointer_and_snaps_to_steps() -> None:
    start, first = Placement(100, 100), QPointF(100, 50)
    assert turned(start, first, QPointF(150, 100), in_steps=False).angle == pytest.approx(90)
    assert turned(start, first, QPointF(118, 50), in_steps=True).angle == 15
