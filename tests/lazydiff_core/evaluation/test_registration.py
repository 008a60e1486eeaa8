from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.contract import Box
from lazydiff_core.evaluation.registration import register
from lazydiff_core.evaluation.trials import filled
from tests.lazydiff_core.tiny import polygon

HOLE = Box(40, 30, 200, 190)


def scene(square: Box, rendering: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ground and picture."""
    ground = np.full((256, 256, 3), 240, np.uint8)
    mask = np.zeros((256, 256), np.bool_)
    mask[HOLE.slices] = True
    return ground, filled(ground, mask, rendering, square)


@pytest.mark.parametrize("square", [Box(50, 40, 190, 180), Box(60, 36, 184, 160)])
def test_a_rendering_is_found_where_it_lies(square: Box) -> None:
    triangle, disc = polygon((200, 30, 30), 3), polygon((200, 30, 30), 60)
    ground, picture = scene(square, triangle)
    found = register(picture, ground, HOLE, [disc, triangle])
    assert found.difference < 6
    differs = (picture != ground).any(-1)
    assert (found.cover & differs).sum() / (found.cover | differs).sum() > 0.93
    assert np.array_equal(found.picture[:30], ground[:30])


def test_a_mirror_image_is_the_same_thing() -> None:
    leaning = polygon((30, 30, 200), 3).copy()
    leaning[:, :90, 3] = 0
    ground, picture = scene(Box(50, 40, 190, 180), np.ascontiguousarray(leaning[:, ::-1]))
    assert register(picture, ground, HOLE, [leaning]).difference < 8


def test_another_thing_stays_different() -> None:
    ground, picture = scene(Box(50, 40, 190, 180), polygon((200, 30, 30), 60))
    other = register(picture, ground, HOLE, [polygon((30, 30, 200), 3)])
    assert other.difference > 40
