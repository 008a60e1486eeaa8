from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import sqrtm

from lazydiff_core.evaluation.frechet import Moments, frechet_distance, moments


def of(seed: int, shift: float = 0.0, scale: float = 1.0) -> Moments:
    rows = np.random.default_rng(seed).normal(size=(200, 5))
    return moments(rows @ np.diag([1, 2, 0.5, 1, 3]) * scale + shift)


def test_equal_sets_are_not_apart() -> None:
    assert frechet_distance(of(0), of(0)) == pytest.approx(0, abs=1e-9)


def test_it_is_the_textbook_formula() -> None:
    first, second = of(1), of(2, 0.3, 1.4)
    root = sqrtm(first.covariance @ second.covariance).real
    expected = ((first.mean - second.mean) ** 2).sum() + np.trace(
        first.covariance + second.covariance - 2 * root
    )
    assert frechet_distance(first, second) == pytest.approx(expected)
    assert frechet_distance(second, first) == pytest.approx(expected)


def test_a_shift_costs_its_square() -> None:
    first = of(3)
    moved = Moments(first.mean + 2, first.covariance, first.count)
    assert frechet_distance(first, moved) == pytest.approx(5 * 4)


def test_flat_directions_are_no_trouble() -> None:
    rows = np.zeros((10, 3))
    rows[:, 0] = np.arange(10)
    assert frechet_distance(moments(rows), moments(rows)) == pytest.approx(0, abs=1e-9)
