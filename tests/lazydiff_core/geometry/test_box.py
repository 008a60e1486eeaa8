"""Boxes: known answers and the rules of their arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from lazydiff_core.contract import Box, Mask
from lazydiff_core.errors import EmptyMaskError
from lazydiff_core.geometry.box import (
    EMPTY,
    bounding_box,
    bounds_of,
    box_mask,
    boxes_of_parts,
    tiles,
)
from tests.lazydiff_core.geometry.driving import holed

SIDE = 12


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    """Not empty, in a square of SIDE pixels or around its corner."""
    left, top = draw(st.integers(-4, SIDE - 1)), draw(st.integers(-4, SIDE - 1))
    return Box(left, top, draw(st.integers(left + 1, SIDE)), draw(st.integers(top + 1, SIDE)))


def pixels_of(box: Box) -> set[tuple[int, int]]:
    return {(x, y) for x in range(box.left, box.right) for y in range(box.top, box.bottom)}


@given(boxes(), boxes())
def test_boxes_are_the_sets_of_their_pixels(first: Box, second: Box) -> None:
    common = pixels_of(first) & pixels_of(second)
    assert pixels_of(first.intersection(second)) == common
    assert first.intersection(second).is_empty is not bool(common)
    assert first.overlaps(second) is bool(common)
    assert first.contains(second) is (pixels_of(second) <= pixels_of(first))
    union = first.union(second)
    assert union == second.union(first)
    assert union.contains(first)
    assert union.contains(second)
    assert {union.left, union.right} <= {first.left, second.left, first.right, second.right}


@given(boxes(), boxes())
def test_clip_is_the_intersection_or_an_error(box: Box, bounds: Box) -> None:
    if box.overlaps(bounds):
        assert box.clip(bounds) == box.intersection(bounds)
    else:
        with pytest.raises(ValueError, match="outside"):
            box.clip(bounds)


@given(boxes())
def test_an_empty_box_adds_nothing(box: Box) -> None:
    for empty in (EMPTY, Box(5, 5, 5, 9), Box(9, 0, 3, 4)):
        assert empty.is_empty
        assert box.union(empty) == empty.union(box) == box
        assert box.intersection(empty) == EMPTY
        assert not box.contains(empty)


@given(boxes(), st.integers(-20, 20), st.integers(-20, 20), boxes())
def test_a_moved_box_keeps_its_shape(box: Box, x: int, y: int, origin: Box) -> None:
    moved = box.shift(x, y)
    assert moved.shape == box.shape == (box.height, box.width)
    assert moved.shift(-x, -y) == box
    assert box.relative_to(origin).shift(origin.left, origin.top) == box
    assert origin.relative_to(origin) == Box.of(origin.shape)


@given(boxes(), st.integers(1, 9), st.integers(1, 9))
def test_centred_leaves_as_much_room_on_both_sides(box: Box, height: int, width: int) -> None:
    inner = box.centred((height, width))
    assert inner.shape == (height, width)
    assert 0 <= (box.right - inner.right) - (inner.left - box.left) <= 1
    assert 0 <= (box.bottom - inner.bottom) - (inner.top - box.top) <= 1


@given(boxes(), st.integers(0, 5))
def test_grown_and_shrunk_again_it_is_the_same(box: Box, by: int) -> None:
    grown = box.grow(by)
    assert grown.contains(box)
    assert grown.shape == (box.height + 2 * by, box.width + 2 * by)
    assert grown.grow(-by) == box


@given(boxes(), st.integers(1, 5), st.integers(1, 5))
def test_scaling_covers_the_box_and_not_a_cell_more(box: Box, times: int, over: int) -> None:
    scaled = box.scale(times, over)
    for first, end, low, high in (
        (box.left, box.right, scaled.left, scaled.right),
        (box.top, box.bottom, scaled.top, scaled.bottom),
    ):
        assert low * over <= first * times < (low + 1) * over
        assert (high - 1) * over < end * times <= high * over


@given(boxes(), st.integers(1, 6))
def test_tiles_are_those_squares_of_the_grid_that_are_touched(box: Box, side: int) -> None:
    found = list(tiles(box, side))
    assert {place for tile in found for place in pixels_of(tile)} >= pixels_of(box)
    assert all(tile.shape == (side, side) and tile.overlaps(box) for tile in found)
    assert all(tile.left % side == tile.top % side == 0 for tile in found)
    assert found == sorted(found, key=lambda tile: (tile.top, tile.left))
    assert not list(tiles(EMPTY, side))


def test_boxes_sort_by_their_columns() -> None:
    assert sorted([Box(4, 0, 8, 4), Box(0, 4, 4, 8), Box(0, 0, 4, 4)]) == [
        Box(0, 0, 4, 4),
        Box(0, 4, 4, 8),
        Box(4, 0, 8, 4),
    ]


@given(boxes())
def test_a_mask_of_a_box_holds_what_of_it_lies_inside(box: Box) -> None:
    rows, columns = np.nonzero(box_mask((6, 9), box))
    inside = {(x, y) for x, y in pixels_of(box) if 0 <= x < 9 and 0 <= y < 6}
    assert set(zip(columns.tolist(), rows.tolist(), strict=True)) == inside


def test_a_box_indexes_its_pixels() -> None:
    array = np.arange(20).reshape(4, 5)
    assert array[Box(1, 2, 4, 4).slices].tolist() == [[11, 12, 13], [16, 17, 18]]
    assert np.array_equal(array[Box.of(array.shape).slices], array)


class TestBounds:
    @pytest.mark.parametrize(
        "box", [Box(0, 0, 1, 1), Box(0, 3, 7, 9), Box(39, 29, 40, 30), Box(0, 0, 40, 30)]
    )
    def test_bounding_box_is_the_painted_box(self, box: Box) -> None:
        assert bounding_box(holed((30, 40), box)) == box
        assert bounds_of(holed((30, 40), box)) == box

    def test_bounding_box_of_several_blobs_holds_all(self) -> None:
        mask = holed((30, 40), Box(2, 3, 4, 5), Box(30, 20, 31, 21))
        assert bounding_box(mask) == Box(2, 3, 31, 21)

    def test_bounding_box_of_nothing_is_a_typed_error(self) -> None:
        with pytest.raises(EmptyMaskError, match="paint"):
            bounding_box(np.zeros((4, 5), bool))
        assert bounds_of(np.zeros((4, 5), bool)) == EMPTY

    @given(st.integers(0, 2**32 - 1), st.sampled_from([0.05, 0.2, 0.5]))
    def test_parts_hang_together_by_corners_and_come_in_row_order(
        self, seed: int, share: float
    ) -> None:
        mask: Mask = np.random.default_rng(seed).random((9, 14)) < share
        labels, _ = ndimage.label(mask, np.ones((3, 3)))
        expected = [
            Box(columns.start, rows.start, columns.stop, rows.stop)
            for rows, columns in ndimage.find_objects(labels)
        ]
        assert boxes_of_parts(mask) == expected
