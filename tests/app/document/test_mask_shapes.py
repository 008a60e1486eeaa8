from __future__ import annotations

import numpy as np
import pytest

from app.document.mask_shapes import Refinement, feathered, grown, moved, shrunk, smoothed
from lazydiff_core.contract import Cover


def square(size: int = 200, left: int = 80, right: int = 120) -> Cover:
    cover = np.zeros((size, size), np.uint8)
    cover[left:right, left:right] = 255
    return cover


def test_growing_adds_a_rim_with_round_corners() -> None:
    bigger = grown(square(), 10)
    assert bigger[100, 70] == 255
    assert bigger[100, 69] == 0
    assert bigger[71, 71] == 0
    assert set(np.unique(bigger)) == {0, 255}


def test_shrinking_takes_the_rim_away_and_small_things_vanish() -> None:
    smaller = shrunk(square(), 10)
    assert (smaller > 0).sum() == 20 * 20
    assert not shrunk(square(), 25).any()


def test_the_canvas_border_is_no_border() -> None:
    cover = np.zeros((100, 100), np.uint8)
    cover[:, :40] = 255
    assert (shrunk(cover, 10)[:, :30] == 255).all()
    assert (feathered(cover, 8)[:, :20] == 255).all()
    assert np.array_equal(grown(np.full_like(cover, 255), 5), np.full_like(cover, 255))


def test_soft_edges_stay_soft() -> None:
    soft = feathered(square(), 6)
    bigger, smaller = grown(soft, 5), shrunk(soft, 5)
    for changed, place in ((bigger, 75), (smaller, 85)):
        assert 0 < changed[100, place] < 255
    assert (smaller <= soft).all()
    assert (soft <= bigger).all()


def test_feathering_fades_over_as_much_inside_as_outside() -> None:
    soft = feathered(square(), 10)[100].astype(int)
    assert soft[100] == 255
    assert soft[79] + soft[80] == pytest.approx(255, abs=6)
    assert (np.diff(soft[60:101]) >= 0).all()
    assert soft[90] > 235
    assert soft[69] < 20


def test_smoothing_rounds_corners_drops_specks_and_keeps_sides() -> None:
    cover = square()
    cover[20:22, 20:22] = 255
    smooth = smoothed(cover, 8)
    assert set(np.unique(smooth)) == {0, 255}
    assert not smooth[:60, :60].any()
    assert smooth[80, 80] == 0
    assert smooth[100, 80] == 255
    assert smooth[100, 79] == 0


def test_a_refinement_does_all_in_order_or_nothing() -> None:
    assert np.array_equal(Refinement().applied(square()), square())
    wanted = feathered(shrunk(smoothed(square(), 4), 6), 3)
    assert np.array_equal(Refinement(smooth=4, grow=-6, feather=3).applied(square()), wanted)
    assert np.array_equal(Refinement(grow=5).applied(square()), grown(square(), 5))


@pytest.mark.parametrize("change", [grown, shrunk, feathered, smoothed])
def test_nothing_comes_from_nothing(change: object) -> None:
    assert callable(change)
    assert not change(np.zeros((30, 40), np.uint8), 5).any()


@pytest.mark.parametrize(("right", "down"), [(10, 0), (-10, 0), (0, 7), (0, -7), (-3, 5)])
def test_moving_shifts_and_loses_only_what_leaves(right: int, down: int) -> None:
    there = moved(square(), right, down)
    assert np.array_equal(moved(there, -right, -down), square())
    assert np.argwhere(there)[0].tolist() == [80 + down, 80 + right]
    assert not moved(square(), 30 * right, 30 * down).any()
    assert np.array_equal(moved(square(), 0, 0), square())
