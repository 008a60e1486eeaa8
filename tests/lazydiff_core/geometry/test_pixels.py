"""Questions about arrays of pixels: known answers."""

from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.contract import Box
from lazydiff_core.geometry.pixels import count_changed_outside, cover_of
from tests.lazydiff_core.geometry.driving import holed


def test_count_changed_outside_sees_every_channel_and_only_visible_pixels() -> None:
    before = np.zeros((5, 6, 3), np.uint8)
    mask = holed((5, 6), Box(0, 0, 2, 2))
    after = before.copy()
    after[0, 0] = 9
    assert count_changed_outside(before, after, mask) == 0
    for channel in range(3):
        after[4, channel + 2, channel] = 1
    assert count_changed_outside(before, after, mask) == 3
    with pytest.raises(ValueError, match="sizes differ"):
        count_changed_outside(before, after[:4], mask)


def test_a_sharp_shape_covers_fully_and_a_cover_is_one_already() -> None:
    shape = np.array([[True, False]])
    assert cover_of(shape).tolist() == [[255, 0]]
    assert cover_of(shape).dtype == np.uint8
    soft = np.array([[7, 0]], np.uint8)
    assert cover_of(soft) is soft
