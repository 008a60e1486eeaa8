"""Objects found without a model: by a box, by a point, by several of both."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from lazydiff_core.contract import Box
from lazydiff_core.errors import InputError
from lazydiff_core.selection import find_object
from tests.lazydiff_core.selection.scenes import scene

SHAPES, GROUNDS = ("disc", "star", "mushroom"), ("plain", "gradient", "waves", "noise")


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_box_around_it_is_enough(shape: str, ground: str) -> None:
    one = scene(shape, ground)
    found = find_object(one.image, [one.box])
    assert one.agreement(found.mask) >= 0.9
    assert found.by == "grabcut"


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_point_on_it_is_enough(shape: str, ground: str) -> None:
    one = scene(shape, ground)
    found = find_object(one.image, points=[one.point])
    assert one.agreement(found.mask) >= 0.85


def test_a_large_picture_is_cut_as_finely_as_a_small_one() -> None:
    one = scene("star", "waves", (900, 1400))
    found = find_object(one.image, [one.box])
    assert one.agreement(found.mask) >= 0.97


def test_an_object_at_the_edge_of_the_picture() -> None:
    one = scene("disc", "gradient")
    part = type(one)(one.image[:, 150:].copy(), one.truth[:, 150:].copy())
    assert part.truth[:, 0].any()
    assert part.agreement(find_object(part.image, [part.box]).mask) >= 0.9
    assert part.agreement(find_object(part.image, points=[part.point]).mask) >= 0.85


def test_a_box_as_large_as_the_picture() -> None:
    one = scene("disc", "plain")
    assert one.agreement(find_object(one.image, [Box.of(one.image.shape)]).mask) >= 0.85


def test_boxes_and_points_are_added_up_and_a_point_in_a_box_belongs_to_it() -> None:
    left, right = scene("disc", "plain"), scene("star", "plain")
    both = type(left)(np.hstack([left.image, right.image]), np.hstack([left.truth, right.truth]))
    x, y = right.point
    beside = (x + left.image.shape[1], y)
    found = find_object(both.image, [left.box], [left.point, beside])
    assert both.agreement(found.mask) >= 0.9


def test_the_same_arguments_give_the_same_mask() -> None:
    one = scene("mushroom", "noise")
    first, second = (find_object(one.image, points=[one.point]).mask for _ in range(2))
    assert np.array_equal(first, second)


def test_clear_pixels_belong_to_no_object() -> None:
    one = scene("disc", "plain")
    alpha = np.full(one.truth.shape, 255, np.uint8)
    alpha[:, :150] = 0
    found = find_object(np.dstack([one.image, alpha]), [one.box])
    assert found.mask.any()
    assert not found.mask[:, :150].any()


@pytest.mark.parametrize("value", [0, 128])
def test_a_picture_of_one_colour_does_not_fail(value: int) -> None:
    image = np.full((40, 60, 3), value, np.uint8)
    for mask in (
        find_object(image, [Box(5, 5, 30, 30)]).mask,
        find_object(image[:1, :1], points=[(0, 0)]).mask,
        find_object(image[:2, :3], [Box(0, 0, 3, 2)]).mask,
    ):
        assert mask.any()
    with pytest.raises(InputError, match="draw a box"):
        find_object(image, points=[(3, 3)])


@pytest.mark.parametrize(
    ("boxes", "points", "sentence"),
    [
        ((), (), "give a box or a point"),
        ((Box(100, 0, 120, 10),), (), "box lies beyond"),
        ((), ((60, 5),), "point 60,5 lies beyond"),
        ((), ((-1, 5),), "lies beyond"),
    ],
)
def test_what_cannot_be_asked(
    boxes: tuple[Box, ...], points: tuple[tuple[int, int], ...], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        find_object(np.zeros((40, 60, 3), np.uint8), boxes, points)


def test_it_needs_no_torch() -> None:
    code = (
        "import sys, numpy as np; from lazydiff_core.selection import find_object;"
        "find_object(np.zeros((9, 9, 3), np.uint8), points=[(1, 1)]);"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
