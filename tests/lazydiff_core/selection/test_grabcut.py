"""Borders that are moved to edges nearby."""

from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.contract import Box, Mask
from lazydiff_core.geometry.box import box_mask
from lazydiff_core.selection import snapped


@pytest.mark.parametrize("side", [200, 800])
def test_a_careless_border_moves_to_the_edge_nearby(side: int) -> None:
    """Also where the picture is reduced before it is looked at."""
    thing = Box(side // 4, side // 4, 3 * side // 4, 3 * side // 4)
    image = np.full((side, side, 3), 170, np.uint8)
    image[thing.slices] = (30, 60, 200)
    wanted = box_mask((side, side), thing)
    for off in (side // 60, -side // 60):
        found = snapped(image, box_mask((side, side), thing.grow(off)))
        assert likeness(found, wanted) > 0.985


def test_nothing_stays_nothing_and_everything_everything() -> None:
    image = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
    for mask in (np.zeros((60, 80), np.bool_), np.ones((60, 80), np.bool_)):
        assert np.array_equal(snapped(image, mask), mask)


def likeness(found: Mask, wanted: Mask) -> float:
    return float((found & wanted).sum() / (found | wanted).sum())
