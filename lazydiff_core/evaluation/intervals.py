"""Estimates with 95% intervals: Wilson for shares, the bootstrap for everything else.

Replicates of two models on the same trials are resampled alike, so differences are paired.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

REPLICATES = 400
Z = 1.959964  # 97.5% quantile of the normal distribution


@dataclass(frozen=True, eq=False)
class Estimate:
    """`value` within [`low`, `high`] at 95%, from `count` trials; `replicates` (REPLICATES,)."""

    value: float
    low: float
    high: float
    count: int
    replicates: Values = field(repr=False)


def wilson(successes: float, count: int) -> tuple[float, float]:
    """95% interval of a share (Wilson 1927); [0, 1] without trials."""
    if count == 0:
        return 0.0, 1.0
    share, square = successes / count, Z * Z
    centre = (share + square / (2 * count)) / (1 + square / count)
    half = Z * np.sqrt(share * (1 - share) / count + square / (4 * count**2)) / (1 + square / count)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def share(hits: npt.ArrayLike) -> Estimate:
    """Share of true values (N,), each of an independent trial."""
    values = np.asarray(hits, np.float64)
    low, high = wilson(float(values.sum()), values.size)
    return Estimate(
        float(values.mean()), low, high, values.size, _replicate(values.size, _mean_of(values))
    )


def mean(values: npt.ArrayLike, groups: npt.ArrayLike | None = None) -> Estimate:
    """Mean of (N,) values; trials of one group, such as one object's, are resampled together."""
    numbers = np.asarray(values, np.float64)
    return bootstrap(numbers.size, _mean_of(numbers), groups)


def bootstrap(
    count: int, statistic: Callable[[Rows], float], groups: npt.ArrayLike | None = None
) -> Estimate:
    """A statistic of row indices, with the percentiles of its replicates as interval."""
    replicates = _replicate(count, statistic, groups)
    low, high = np.percentile(replicates, (2.5, 97.5))
    return Estimate(statistic(np.arange(count)), float(low), float(high), count, replicates)


def spread(count: int, statistic: Callable[[Rows], float]) -> Estimate:
    """Like `bootstrap` for a biased statistic: 1.96 standard deviations of the replicates."""
    replicates = _replicate(count, statistic)
    value, half = statistic(np.arange(count)), Z * float(replicates.std())
    return Estimate(value, value - half, value + half, count, replicates)


def difference(first: Estimate, second: Estimate) -> tuple[float, float, float]:
    """`first` - `second` and its 95% interval; paired if both come from the same trials."""
    value = first.value - second.value
    deviations = first.replicates - second.replicates
    half = Z * float(deviations.std())
    return value, value - half, value + half


def _mean_of(values: Values) -> Callable[[Rows], float]:
    return lambda rows: float(values[rows].mean())


def _replicate(
    count: int, statistic: Callable[[Rows], float], groups: npt.ArrayLike | None = None
) -> Values:
    rng = np.random.default_rng(0)
    labels = np.arange(count) if groups is None else np.asarray(groups)
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    chosen = rng.integers(len(members), size=(REPLICATES, len(members)))
    return np.array([statistic(np.concatenate([members[k] for k in row])) for row in chosen])
