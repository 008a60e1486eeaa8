"""Solvers on a flow whose exact solution is known: x0 ~ N(MEAN, DEVIATION^2)."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor

from lazydiff_core.sampling import SAMPLERS
from lazydiff_core.sampling.flow import flow_times
from lazydiff_core.sampling.sampler import Start

MEAN, DEVIATION = 0.7, 0.4
NOISE = torch.randn(2, 50, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def velocity(x: Tensor, t_B: Tensor) -> Tensor:
    """E[n - x0 | x_t]: both are linear in x_t, which is Gaussian."""
    t = t_B.double()[:, None, None] / 1000
    variance = (1 - t) ** 2 * DEVIATION**2 + t**2
    around = (x - (1 - t) * MEAN) / variance
    return t * around - (MEAN + (1 - t) * DEVIATION**2 * around)


def nothing(step: int, steps: int, clean: Tensor) -> None: ...


def sample(name: str, steps: int, start: Start | None = None) -> Tensor:
    return SAMPLERS[name].run(velocity, start or Start(NOISE), steps, (), nothing)


def error(name: str, steps: int) -> float:
    """The flow keeps quantiles: noise n ends at MEAN + DEVIATION * n."""
    return float((sample(name, steps) - (MEAN + DEVIATION * NOISE)).abs().max())


@pytest.mark.parametrize(("name", "order"), [("euler", 1), ("heun", 2)])
def test_the_error_falls_with_the_solvers_order(name: str, order: int) -> None:
    errors = [error(name, steps) for steps in (40, 80, 160)]
    for coarse, fine in itertools.pairwise(errors):
        assert coarse / fine == pytest.approx(2**order, rel=0.25)


def test_many_steps_reach_the_solution() -> None:
    assert error("heun", 100) < 2e-3
    assert error("heun", 100) < error("euler", 100) / 10


@pytest.mark.parametrize("name", ["euler", "heun"])
def test_a_straight_flow_takes_one_step(name: str) -> None:
    """One data point: every velocity points at it."""
    target = torch.randn(2, 50, 4, dtype=torch.float64)

    def straight(x: Tensor, t: Tensor) -> Tensor:
        return (x - target) / (t[0].double() / 1000)

    result = SAMPLERS[name].run(straight, Start(NOISE), 1, (), nothing)
    assert torch.allclose(result, target)


@pytest.mark.parametrize("name", ["euler", "heun"])
def test_each_step_is_reported_with_an_estimate(name: str) -> None:
    calls: list[tuple[int, int, Tensor]] = []
    evaluated: list[float] = []

    def model(x: Tensor, t: Tensor) -> Tensor:
        evaluated.append(float(t[0]))
        return velocity(x, t)

    SAMPLERS[name].run(model, Start(NOISE), 5, (), lambda *call: calls.append(call))
    assert [call[:2] for call in calls] == [(k, 5) for k in range(1, 6)]
    spreads = [float((clean - MEAN).std()) for _, _, clean in calls]
    assert spreads == sorted(spreads)  # from the mean of all data to one sample
    assert len(evaluated) == 5 * SAMPLERS[name].evaluations - (name == "heun")
    assert evaluated[0] == 1000
    assert min(evaluated) > 0


@pytest.mark.parametrize("name", ["euler", "heun"])
def test_a_sketch_shortens_the_way(name: str) -> None:
    """SDEdit: from the sketch, noised to t = strength, with that share of the steps."""
    sketch = torch.full_like(NOISE, 3.0)
    seen: list[tuple[float, Tensor]] = []
    counts: list[tuple[int, int]] = []

    def model(x: Tensor, t: Tensor) -> Tensor:
        seen.append((float(t[0]), x))
        return torch.zeros_like(x)

    start = Start(NOISE, sketch, 0.3)
    SAMPLERS[name].run(model, start, 10, (), lambda *call: counts.append(call[:2]))
    assert counts == [(1, 3), (2, 3), (3, 3)]
    assert seen[0][0] == pytest.approx(300)
    assert torch.allclose(seen[0][1], 0.7 * sketch + 0.3 * NOISE)


@pytest.mark.parametrize("name", ["euler", "heun"])
def test_the_ends_of_strength(name: str) -> None:
    sketch = torch.full_like(NOISE, 3.0)
    assert torch.equal(sample(name, 4, Start(NOISE, sketch, 0.0)), sketch)
    assert torch.equal(sample(name, 4, Start(NOISE, sketch, 1.0)), sample(name, 4))
    assert torch.equal(sample(name, 4, Start(NOISE, None, 0.3)), sample(name, 4))


@pytest.mark.parametrize("shift", [1.0, 3.0])
def test_times_fall_from_the_start_to_zero(shift: float) -> None:
    times = flow_times(10, 0.8, shift)
    assert len(times) == 11
    assert times[-1] == 0
    assert (times.diff() < 0).all()
    assert times[0] == pytest.approx(0.8)  # where a sketch is noised to, whatever the shift
    middle = flow_times(10, 1.0, shift)[5]
    assert middle == pytest.approx(0.5 if shift == 1 else 0.75)
