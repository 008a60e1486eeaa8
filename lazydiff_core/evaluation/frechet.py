"""The Frechet distance between two sets of features, each taken as a normal distribution.

d = |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)), as in Heusel et al. 2017 (there with Inception's
features; here with the judge's).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Moments:
    """`mean` (D,) and `covariance` (D,D) of `count` features."""

    mean: Array
    covariance: Array
    count: int


def moments(features: npt.ArrayLike) -> Moments:
    """The moments of (N,D) features, N >= 2."""
    rows = np.asarray(features, np.float64)
    return Moments(rows.mean(0), np.cov(rows, rowvar=False), len(rows))


def frechet_distance(first: Moments, second: Moments) -> float:
    """The distance, >= 0, and 0 for equal moments; it is biased upwards for few features."""
    root = _root(first.covariance)
    # C1 C2 has the eigenvalues of the symmetric matrix root C2 root, whose root is stable.
    values = np.linalg.eigvalsh(root @ second.covariance @ root)
    shared = np.sqrt(np.clip(values, 0, None)).sum()
    apart = float(((first.mean - second.mean) ** 2).sum())
    traces = np.trace(first.covariance) + np.trace(second.covariance)
    return max(0.0, apart + float(traces - 2 * shared))


def _root(matrix: Array) -> Array:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T)
