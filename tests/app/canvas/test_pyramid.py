from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from app.canvas.pyramid import Pyramid, level_for

FORMAT = QImage.Format.Format_RGB32


def noise(
    width: int, height: int, seed: int = 0
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)


@given(st.integers(1, 70), st.integers(1, 70), st.data())
def test_writing_a_part_is_like_building_anew(width: int, height: int, data: st.DataObject) -> None:
    left, top = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    part_width = data.draw(st.integers(1, width - left))
    part_height = data.draw(st.integers(1, height - top))
    rect = QRect(left, top, part_width, part_height)
    start, part = noise(width, height), noise(part_width, part_height, seed=1)
    pyramid = Pyramid(start.copy(), FORMAT)
    pyramid.pixels(3)
    pyramid.write(rect, part)
    start[top : top + part_height, left : left + part_width] = part
    anew = Pyramid(start, FORMAT)
    for level in range(4):
        assert np.array_equal(pyramid.pixels(level), anew.pixels(level))


def test_a_level_is_the_mean_of_four_pixels() -> None:
    full = noise(8, 6)
    halved = Pyramid(full, FORMAT).pixels(1)
    mean = full.reshape(3, 2, 4, 2, 4).mean((1, 3))
    assert np.abs(halved - mean).max() <= 0.5


def test_an_image_shares_the_memory() -> None:
    pyramid = Pyramid(np.zeros((4, 5, 4), np.uint8), FORMAT)
    image = pyramid.image(0)
    pyramid.write(QRect(2, 1, 1, 1), np.full((1, 1, 4), 255, np.uint8))
    assert image.pixelColor(2, 1).getRgb()[:3] == (255, 255, 255)


@pytest.mark.parametrize(("scale", "level"), [(64, 0), (1, 0), (0.51, 0), (0.5, 1), (0.02, 5)])
def test_level_for(scale: float, level: int) -> None:
    assert level_for(scale) == level
