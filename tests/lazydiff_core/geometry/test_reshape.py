"""Canvases cropped, widened, turned and mirrored: known answers and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazydiff_core.geometry.box import EMPTY, Box
from lazydiff_core.geometry.reshape import Reshape, content_box

GRID = np.arange(12, dtype=np.uint8).reshape(3, 4)
WHOLE = Box.of(GRID.shape)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (Reshape(WHOLE, 1), np.rot90(GRID, -1)),
        (Reshape(WHOLE, 2), GRID[::-1, ::-1]),
        (Reshape(WHOLE, 3), np.rot90(GRID)),
        (Reshape(WHOLE, mirrored=True), GRID[:, ::-1]),
        (Reshape(WHOLE, 2, mirrored=True), GRID[::-1]),
        (Reshape(Box(1, 0, 3, 2)), GRID[:2, 1:3]),
        (Reshape(Box(-1, -2, 5, 3)), np.pad(GRID, ((2, 0), (1, 1)), constant_values=7)),
        (Reshape(Box(10, 10, 12, 11)), np.full((1, 2), 7, np.uint8)),
    ],
)
def test_known_answers(how: Reshape, expected: np.ndarray) -> None:
    new = how.array(GRID, 7)
    assert np.array_equal(new, expected)
    assert new.shape == how.shape
    assert new.flags.c_contiguous
    assert not np.shares_memory(new, GRID)


@given(
    st.integers(0, 3),
    st.booleans(),
    st.tuples(st.integers(-3, 4), st.integers(-3, 4), st.integers(5, 9), st.integers(5, 9)),
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(4, 6), st.integers(4, 6)),
)
def test_a_part_lands_where_its_box_does(
    turns: int, mirrored: bool, window: tuple[int, ...], part: tuple[int, ...]
) -> None:
    canvas = np.arange(6 * 7, dtype=np.uint8).reshape(6, 7)
    how = Reshape(Box(*window), turns, mirrored)
    place = Box(*part).intersection(how.window).intersection(Box.of(canvas.shape))
    if place.is_empty:
        return
    whole = how.array(canvas, 255)
    moved = how.array(canvas[place.slices], place=place)
    assert np.array_equal(whole[how.box(place).slices], moved)


def test_what_a_border_surrounds() -> None:
    pixels = np.full((20, 30, 3), 90, np.uint8)
    assert content_box(pixels) == EMPTY
    pixels[5:8, 10:12] = 91
    assert content_box(pixels) == Box(10, 5, 12, 8)
    clear = np.dstack([pixels, np.zeros((20, 30), np.uint8)])
    assert content_box(clear) == EMPTY
    clear[2, 3, 3] = 1
    assert content_box(clear) == Box(3, 2, 4, 3)
