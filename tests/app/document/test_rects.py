from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect

from app.document.rects import bounds_of, rect_of, slices
from lazydiff_core.contract import Box


def test_a_box_and_its_rect_hold_the_same_pixels() -> None:
    grid = np.arange(20 * 30).reshape(20, 30)
    box = Box(3, 4, 17, 9)
    assert np.array_equal(grid[box.slices], grid[slices(rect_of(box))])


def test_bounds() -> None:
    mask = np.zeros((20, 30), np.bool_)
    assert bounds_of(mask).isEmpty()
    mask[4, 7] = mask[9, 21] = True
    assert bounds_of(mask) == QRect(7, 4, 15, 6)
