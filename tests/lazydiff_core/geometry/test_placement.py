from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lazydiff_core.contract import RGBA, Box
from lazydiff_core.geometry.placement import Placement, place
from lazydiff_core.geometry.reshape import Reshape

CANVAS = Box(0, 0, 64, 48)
SHAPE = (10, 14)
placements = st.builds(
    Placement,
    x=st.floats(10, 50),
    y=st.floats(10, 40),
    scale_x=st.sampled_from([-2.0, -0.5, 0.3, 1.0, 1.7]),
    scale_y=st.sampled_from([-1.3, 0.4, 1.0, 2.2]),
    angle=st.floats(-180, 180),
)


def thing(seed: int = 1) -> RGBA:
    random = np.random.default_rng(seed)
    picture = random.integers(0, 256, (*SHAPE, 4), np.uint8)
    picture[..., :3] *= picture[..., 3:] > 0
    return picture


def smooth(shape: tuple[int, int] = (40, 40)) -> RGBA:
    """An opaque gradient."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    levels = (60 + 2 * rows, 200 - 3 * columns, 100 + rows + columns, 255 + 0 * rows)
    return np.stack(levels, axis=2).astype(np.uint8)


def test_in_its_place_it_is_as_it_was() -> None:
    where = Box(20, 10, 34, 20)

    box, shown = place(thing(), Placement.on(where), CANVAS)

    assert box == where
    np.testing.assert_array_equal(shown, thing())


@pytest.mark.parametrize("angle", [0.0, 90.0, 180.0, -90.0, 270.0])
@pytest.mark.parametrize("mirrored", [False, True])
def test_whole_pixels_keep_their_values(angle: float, mirrored: bool) -> None:
    placement = Placement(30, 20, -1.0 if mirrored else 1.0, 1.0, angle)

    box, shown = place(thing(), placement, CANVAS)

    own = thing()[:, ::-1] if mirrored else thing()
    expected = np.rot90(own, -round(angle / 90))
    assert box.shape == expected.shape[:2]
    np.testing.assert_array_equal(shown, expected)


@given(placements)
def test_what_follows_keeps_its_place_in_what_goes(now: Placement) -> None:
    was, shape = Placement.on(Box(10, 6, 30, 26)), (20, 20)
    part = Placement.on(Box(14, 10, 20, 14))

    corners = part.followed(was, now).corners((4, 6))

    own = np.array([(4, 4, 1), (10, 4, 1), (10, 8, 1), (4, 8, 1)])
    np.testing.assert_allclose(corners, own @ now.matrix(shape).T, atol=1e-9)


def test_what_lies_beyond_the_canvas_is_left_away() -> None:
    box, shown = place(thing(), Placement.on(Box(-4, 43, 10, 53)), CANVAS)

    assert box == Box(0, 43, 10, 48)
    np.testing.assert_array_equal(shown, thing()[:5, 4:])


def test_beyond_the_canvas_there_is_nothing() -> None:
    box, shown = place(thing(), Placement(200, 20), CANVAS)

    assert box.is_empty
    assert shown.size == 0


def test_enlarged_its_edges_stay_sharp() -> None:
    box, shown = place(smooth((6, 6)), Placement(20, 20, 4, 4), CANVAS)

    assert box == Box(8, 8, 32, 32)
    assert shown[..., 3].min() == 255


def test_reduced_it_is_the_mean_of_its_pixels() -> None:
    picture = np.zeros((8, 8, 4), np.uint8)
    picture[::2, :, 3] = picture[::2, :, 0] = 255

    _, shown = place(picture, Placement(4, 4, 0.5, 0.5), CANVAS)

    np.testing.assert_array_equal(shown[..., 3], 128)
    np.testing.assert_array_equal(shown[..., 0], 255)


@given(placements)
@settings(deadline=None)
def test_the_canvas_points_of_a_picture_go_back_to_it(placement: Placement) -> None:
    matrix = placement.matrix(SHAPE)
    points = np.array([[0.0, 0.0], [14.0, 10.0], [7.0, 5.0], [3.0, 9.0]])
    there = points @ matrix[:, :2].T + matrix[:, 2]

    back = np.linalg.solve(matrix[:, :2], (there - matrix[:, 2]).T).T

    np.testing.assert_allclose(back, points, atol=1e-9)
    np.testing.assert_allclose(there[2], (placement.x, placement.y), atol=1e-9)


@given(placements)
@settings(deadline=None)
def test_mirrored_twice_it_lies_as_before(placement: Placement) -> None:
    for upside_down in (False, True):
        again = placement.mirrored(upside_down=upside_down).mirrored(upside_down=upside_down)
        assert again == placement


@given(placements)
@settings(deadline=None)
def test_mirrored_its_corners_are_mirrored(placement: Placement) -> None:
    corners, mirrored = placement.corners(SHAPE), placement.mirrored().corners(SHAPE)

    np.testing.assert_allclose(mirrored[:, 0], 2 * placement.x - corners[:, 0], atol=1e-9)
    np.testing.assert_allclose(mirrored[:, 1], corners[:, 1], atol=1e-9)


@given(
    placements,
    st.builds(
        Reshape,
        st.just(Box(-5, 3, 60, 50)),
        turns=st.integers(0, 3),
        mirrored=st.booleans(),
    ),
)
@settings(deadline=None, max_examples=25)
def test_on_another_canvas_it_shows_what_that_shows(placement: Placement, how: Reshape) -> None:
    whole = Box(-100, -100, 150, 150)
    box, shown = place(thing(), placement, whole)
    there = placement.reshaped(how)

    after, again = place(thing(), there, whole)

    inner = Reshape(Box.of(shown.shape), how.turns, how.mirrored)
    assert abs(after.width * after.height - box.width * box.height) <= 2 * sum(box.shape)
    if after.shape == inner.shape:  # an edge on half a pixel may round to another one
        apart = np.abs(again.astype(int) - inner.array(shown))[..., 3]
        assert np.count_nonzero(apart > 2) <= 0.1 * apart.size


@given(placements)
@settings(deadline=None, max_examples=40)
def test_it_shows_the_colours_of_its_points(placement: Placement) -> None:
    picture = smooth()
    box, shown = place(picture, placement, Box(-200, -200, 300, 300))
    matrix = placement.matrix(picture.shape)

    own = np.array([20.0, 14.0])
    x, y = np.floor(matrix[:, :2] @ own + matrix[:, 2]).astype(int)
    found = shown[y - box.top, x - box.left].astype(int)

    expected = [60 + 2 * own[1], 200 - 3 * own[0], 100 + own.sum(), 255]
    reach = 4 * max(1, 1 / abs(placement.scale_x), 1 / abs(placement.scale_y))
    assert np.abs(found - expected).max() <= 4 * reach
