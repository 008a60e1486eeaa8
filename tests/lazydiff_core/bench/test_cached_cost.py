from __future__ import annotations

import time

import numpy as np
import pytest

from lazydiff_core.bench.cached_cost import (
    XL,
    DitSizes,
    count_cached,
    measure_cached,
    square_hole,
)

# diffusers' DPM-Solver hands a tensor to numpy's constructor
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

TINY = DitSizes(grid=8, width=16, heads=2, layers=1)


def test_square_holes() -> None:
    hole = square_hole(32, 0.1)
    assert hole.sum() == 100
    assert np.array_equal(hole, hole.T)
    assert hole[11:21, 11:21].all()
    assert square_hole(8, 0.001).sum() == 1
    assert square_hole(8, 1.0).all()


def test_flops_are_those_of_the_products() -> None:
    """Spelled out for one layer and one branch: linear layers, both attentions."""
    full, refresh, bank = count_cached(TINY, 0.1, steps=20, guidance=1.0)
    n, d, words, hole = 64, 16, 20, full.hole

    def forward(tokens: int, keys: int) -> int:
        linear = 14 * d * d + 16 * d + 32 * d  # blocks, patches in, noise and variance out
        return 2 * tokens * (linear + 2 * keys * d + 2 * words * d)

    assert full.flops == pytest.approx(20 * forward(n, n), rel=1e-6)
    lazy = forward(hole, n)
    assert bank.flops == pytest.approx(20 * lazy, rel=1e-6)
    assert refresh.flops == pytest.approx(forward(n, n) + 19 * lazy, rel=1e-6)
    assert bank.ahead_flops < full.flops
    assert (full.full, refresh.full, bank.full) == (20, 1, 0)


def test_at_paper_scale_a_tenth_of_the_canvas_costs_a_fifth_at_most() -> None:
    full, refresh, bank = count_cached(DitSizes(XL.grid, XL.width, XL.heads, layers=2))
    assert full.flops_to_full == 1
    assert refresh.flops_to_full >= 5
    assert bank.flops_to_full >= refresh.flops_to_full
    assert full.tokens == 4096
    assert 0.1 < full.hole / full.tokens < 0.125


def test_rows_can_be_written_down() -> None:
    rows = measure_cached(TINY, steps=2, times=1)
    assert [row.way for row in rows] == ["full", "refresh", "bank"]
    assert all(row.seconds and row.seconds > 0 for row in rows)
    assert rows[0].seconds_to_full == 1
    assert rows[2].to_dict()["ahead_seconds"] > 0
    assert rows[0].to_dict()["ahead_seconds"] is None


@pytest.mark.slow
def test_the_time_saved_is_a_factor_of_five_too() -> None:
    """Twenty steps, one of them full, a tenth of the canvas, where computing dominates."""

    def fast_enough() -> bool:
        sizes = DitSizes(grid=64, width=128, heads=2, layers=1)
        _, refresh, bank = measure_cached(sizes, times=1, guidance=1.0, clock=time.process_time)
        assert refresh.seconds_to_full is not None
        assert bank.seconds_to_full is not None
        return min(refresh.seconds_to_full, bank.seconds_to_full) >= 5

    assert any(fast_enough() for _ in range(3))  # a busy machine may need another try
