from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.canvas.pyramid import Pyramid, level_for
from lazydiff_core.contract import Box


def noise(
    width: int, height: int, seed: int = 0
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)


@given(st.integers(1, 70), st.integers(1, 70), st.data())
def test_writing_a_part_is_like_building_anew(width: int, height: int, data: st.DataObject) -> None:
    left, top = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    part_width = data.draw(st.integers(1, width - left))
    part_height = data.draw(st.integers(1, height - top))
    rect = Box(left, top, left + part_width, top + part_height)
    full, part = noise(width, height), noise(part_width, part_height, seed=1)
    pyramid = Pyramid(full)
    pyramid.pixels(3)
    full[top : top + part_height, left : left + part_width] = part
    pyramid.refresh(rect)
    anew = Pyramid(full)
    for level in range(4):
        assert np.array_equal(pyramid.pixels(level), anew.pixels(level))


def test_a_level_is_the_mean_of_four_pixels() -> None:
    full = noise(8, 6)
    halved = Pyramid(full).pixels(1)
    mean = full.reshape(3, 2, 4, 2, 4).mean((1, 3))
    assert np.abs(halved - mean).max() <= 0.5


def test_masks_have_levels_too() -> None:
    mask = np.zeros((5, 6), np.uint8)
    mask[0, :2] = 255
    assert Pyramid(mask).pixels(1).tolist() == [[128, 0, 0], [0, 0, 0], [0, 0, 0]]


def test_the_full_size_is_the_array_itself() -> None:
    full = noise(4, 5)
    assert Pyramid(full).pixels(0) is full


@pytest.mark.parametrize(("scale", "level"), [(64, 0), (1, 0), (0.51, 0), (0.5, 1), (0.02, 5)])
def test_level_for(scale: float, level: int) -> None:
    assert level_for(scale) == level
