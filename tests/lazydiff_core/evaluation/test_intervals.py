from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.evaluation.intervals import bootstrap, difference, mean, share, spread, wilson


@pytest.mark.parametrize(
    ("successes", "count", "low", "high"),
    [  # values of Newcombe 1998, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_agrees_with_published_intervals(
    successes: int, count: int, low: float, high: float
) -> None:
    assert wilson(successes, count) == pytest.approx((low, high), abs=1e-4)


def test_nothing_tried_tells_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_mean_of_normal_values_lies_in_its_interval_as_often_as_it_should() -> None:
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(60):
        estimate = mean(rng.normal(3, 1, 40))
        hits += estimate.low <= 3 <= estimate.high
    assert hits >= 51


def test_trials_of_one_group_count_as_one() -> None:
    values = np.repeat(np.random.default_rng(1).normal(size=20), 10)
    alone = mean(values)
    together = mean(values, np.repeat(np.arange(20), 10))
    assert together.value == alone.value
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_a_share_has_its_wilson_interval() -> None:
    estimate = share([True] * 81 + [False] * 182)
    assert (estimate.low, estimate.high) == wilson(81, 263)
    assert estimate.count == 263


def test_equal_trials_have_no_difference_and_paired_ones_a_narrow_interval() -> None:
    values = np.random.default_rng(2).normal(0, 5, 50)
    assert difference(mean(values), mean(values)) == (0, 0, 0)
    value, low, high = difference(mean(values + 1), mean(values))
    assert value == pytest.approx(1)
    assert high - low < 1e-6


def test_a_biased_statistic_gets_an_interval_around_its_value() -> None:
    values = np.random.default_rng(3).normal(size=60)
    estimate = spread(60, lambda rows: float(len(np.unique(rows))))
    assert estimate.value == 60
    assert estimate.low < 60 < estimate.high
    biased = bootstrap(60, lambda rows: float(len(np.unique(rows))))
    assert biased.high < 60
    assert mean(values).replicates.shape == estimate.replicates.shape
