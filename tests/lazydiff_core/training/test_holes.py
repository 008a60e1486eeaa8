"""Holes as the engine's window shows them: they cover their object, and say where it is."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from lazydiff_core.contract import Framing
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.geometry.window import choose_window
from lazydiff_core.training.holes import HoleRule, draw_hole

RULE = HoleRule(side=256, grid=16, least=0.45)
SEEDS = range(30)


def ellipse(wide: float, high: float) -> npt.NDArray[np.uint8]:
    """Alpha (128,128) of an ellipse, its axes as parts of the side."""
    y, x = (np.mgrid[:128, :128] - 63.5) / 64
    return (((x / wide) ** 2 + (y / high) ** 2 < 1) * 255).astype(np.uint8)


@pytest.mark.parametrize(("length", "extent"), [(1, 32), (40, 32), (47, 32), (49, 64), (100, 96)])
def test_extents_are_even_numbers_of_tokens(length: float, extent: int) -> None:
    assert RULE.extent(length) == extent


def test_without_a_grid_any_extent_will_do() -> None:
    assert [HoleRule(256).extent(v) for v in (0.2, 17.4, 99.6)] == [1, 17, 100]


@pytest.mark.parametrize("stretch", [1.0, 1.7])
@pytest.mark.parametrize("alpha", [ellipse(0.95, 0.95), ellipse(0.95, 0.4)], ids=["disc", "long"])
def test_the_object_lies_in_its_hole_and_in_the_hole_s_middle(
    alpha: npt.NDArray[np.uint8], stretch: float
) -> None:
    centred = []
    for seed in SEEDS:
        mask, (top, left) = draw_hole(alpha, 96, RULE, np.random.default_rng(seed), stretch)
        assert mask.shape == (256, 256)
        assert top % 16 == left % 16 == 0
        rows = np.arange(96) * 128 // 96
        around = np.pad(mask, 96)  # clear parts of the square may lie outside
        there = around[top + 96 : top + 192, left + 96 : left + 192]
        assert there[alpha[np.ix_(rows, rows)] > 0].all()
        box = bounding_box(mask)
        off = (box.left + box.right) / 2 - (left + 48), (box.top + box.bottom) / 2 - (top + 48)
        centred.append(max(map(abs, off)) <= 16 * 0.15)
    assert np.mean(centred) > 0.9


def test_a_hole_is_one_that_the_engine_s_window_shows() -> None:
    """It is neither magnified nor moved any more: the model sees it so."""
    shown = []
    for seed in SEEDS:
        mask, _ = draw_hole(ellipse(0.9, 0.9), 96, RULE, np.random.default_rng(seed))
        box = bounding_box(mask)
        window = choose_window(box, mask.shape, 256, Framing(0.45 * 0.95, grid=16)).box
        shown.append(window.width == 256 and max(abs(window.left), abs(window.top)) <= 3)
    assert np.mean(shown) > 0.9


def test_a_hole_asks_for_the_largest_object_with_room_in_it() -> None:
    for extent in (96, 128):
        for seed in SEEDS:
            mask, _ = draw_hole(ellipse(1, 1), extent, RULE, np.random.default_rng(seed))
            box = bounding_box(mask)
            assert min(box.width, box.height) < 1.06 * (extent + 32)


def test_stretched_holes_are_longer_along_either_axis() -> None:
    ratios = []
    for seed in SEEDS:
        mask, _ = draw_hole(ellipse(0.9, 0.9), 64, RULE, np.random.default_rng(seed), 2.0)
        box = bounding_box(mask)
        ratios.append(math.log(box.width / box.height))
    assert min(ratios) < -0.4
    assert max(ratios) > 0.4
    assert np.mean(np.abs(ratios)) > 0.5


def test_what_a_hole_must_be_to_tell() -> None:
    hole = np.zeros((256, 256), np.bool_)
    hole[68:188, 68:188] = True
    entity = bounding_box(np.pad(np.ones((96, 96), np.bool_), 80))
    assert RULE.tells(hole, entity, 96)
    assert not RULE.tells(np.roll(hole, 5, 1), entity, 96)  # off the middle
    small = np.zeros_like(hole)
    small[78:178, 78:178] = True
    assert not RULE.tells(small, entity, 96)  # would be magnified
    wide = np.zeros_like(hole)
    wide[48:208, 48:208] = True
    assert not RULE.tells(wide, entity, 96)  # asks for more
    assert HoleRule(256).tells(np.roll(wide, 20, 0), entity, 96)  # objects may lie anywhere
