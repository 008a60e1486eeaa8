"""Noise-predicting samplers on data whose denoiser is known: N(MEAN, DEVIATION^2)."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from torch import Tensor

from lazydiff_core.sampling import SAMPLERS, samplers_for
from lazydiff_core.sampling.sampler import Start
from lazydiff_core.sampling.schedule import Schedule
from lazydiff_core.sampling.scheduled import BETAS, NOISE_SCHEDULER

# diffusers' DPM-Solver does not know NumPy 2's `copy` yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

MEAN, DEVIATION, STEPS = 0.7, 0.4, 50
NAMES = samplers_for("iddpm")
ALPHAS = (1 - torch.linspace(BETAS["beta_start"], BETAS["beta_end"], 1000)).cumprod(0)


class Denoiser:
    """Predicts noise exactly, and the variance that the exact reverse step has.

    The variance channels say where it lies between its bounds (log scale, -1..1; Nichol and
    Dhariwal 2021, equation 15): it is the lower bound plus what x0 itself may still vary.
    """

    def __init__(self, name: str, steps: int) -> None:
        visited = Schedule(name, NOISE_SCHEDULER, {"num_inference_steps": steps}).times
        self.before = {int(t): int(after) for t, after in pairwise(visited)}
        self.times: list[int] = []

    def __call__(self, x: Tensor, t_B: Tensor) -> Tensor:
        t = int(t_B[0])
        self.times.append(t)
        alpha = ALPHAS[t]
        variance = alpha * DEVIATION**2 + 1 - alpha
        noise = (1 - alpha).sqrt() * (x - alpha.sqrt() * MEAN) / variance
        before = ALPHAS[self.before[t]] if t in self.before else torch.tensor(1.0)
        beta = 1 - alpha / before
        low = beta * (1 - before) / (1 - alpha)
        of_clean = DEVIATION**2 * (1 - alpha) / variance
        exact = low + (before.sqrt() * beta / (1 - alpha)) ** 2 * of_clean
        share = (exact / low).log() / (beta / low).log() if low > 0 else torch.tensor(0.0)
        assert -1e-4 <= share <= 1 + 1e-4
        return torch.cat([noise, torch.full_like(noise, 2 * float(share) - 1)], dim=-1)


def generators(count: int, seed: int = 0) -> list[torch.Generator]:
    return [torch.Generator().manual_seed(seed + k) for k in range(count)]


def nothing(step: int, steps: int, clean: Tensor) -> None: ...


def noise(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(7))


@pytest.mark.parametrize(("name", "steps"), [("iddpm", 10), ("ddim", 100), ("dpm++", 50)])
def test_samples_have_the_datas_mean_and_spread(name: str, steps: int) -> None:
    start = Start(noise(2, 2000, 4))
    samples = SAMPLERS[name].run(Denoiser(name, steps), start, steps, generators(2), nothing)
    assert samples.shape == (2, 2000, 4)
    assert float(samples.mean()) == pytest.approx(MEAN, abs=0.02)
    assert float(samples.std()) == pytest.approx(DEVIATION, rel=0.05)


def test_the_learned_variance_is_used() -> None:
    """A few large steps keep the spread right only with the variance that was learned."""
    start, steps = Start(noise(1, 4000, 4)), 10
    exact = Denoiser("iddpm", steps)

    def least(x: Tensor, t: Tensor) -> Tensor:
        predicted = exact(x, t)
        return torch.cat([predicted[..., :4], torch.full_like(x, -1.0)], dim=-1)

    run = SAMPLERS["iddpm"].run
    spreads = [
        float(run(model, start, steps, generators(1), nothing).std()) for model in (exact, least)
    ]
    assert spreads[0] == pytest.approx(DEVIATION, rel=0.05)
    assert spreads[1] < spreads[0] * 0.97


@pytest.mark.parametrize("name", ["ddim", "dpm++"])
def test_deterministic_samplers_keep_quantiles(name: str) -> None:
    start = Start(noise(1, 500, 4))
    samples = SAMPLERS[name].run(Denoiser(name, 100), start, 100, (), nothing)
    assert torch.allclose(samples, MEAN + DEVIATION * start.noise, atol=0.06)


def test_fresh_noise_comes_from_each_samples_generator() -> None:
    start = Start(noise(1, 50, 4).expand(2, -1, -1))
    run = SAMPLERS["iddpm"].run
    both = run(Denoiser("iddpm", STEPS), start, STEPS, generators(2), nothing)
    again = run(Denoiser("iddpm", STEPS), start, STEPS, generators(2), nothing)
    single = Start(start.noise[:1])
    second = run(Denoiser("iddpm", STEPS), single, STEPS, generators(1, seed=1), nothing)
    assert torch.equal(both, again)
    assert not torch.allclose(both[0], both[1], atol=1e-2)
    assert torch.allclose(both[1:], second, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_each_step_is_reported_with_an_estimate(name: str) -> None:
    model, calls = Denoiser(name, 5), list[tuple[int, int, Tensor]]()
    start = Start(noise(1, 100, 4))
    result = SAMPLERS[name].run(model, start, 5, generators(1), lambda *call: calls.append(call))
    assert [call[:2] for call in calls] == [(k, 5) for k in range(1, 6)]
    assert len(model.times) == 5
    assert model.times == sorted(model.times, reverse=True)
    assert float((calls[0][2] - MEAN).std()) < 0.05  # at first, the mean of all data
    assert torch.allclose(calls[-1][2], result, atol=0.1)


@pytest.mark.parametrize("name", NAMES)
def test_one_step_begins_at_the_top_too(name: str) -> None:
    model = Denoiser(name, 1)
    result = SAMPLERS[name].run(model, Start(noise(1, 50, 4)), 1, generators(1), nothing)
    assert model.times == [999]
    assert float((result - MEAN).abs().max()) < 0.05  # the mean of all data, not the noise


@pytest.mark.parametrize("name", NAMES)
def test_a_sketch_shortens_the_way(name: str) -> None:
    """SDEdit: from the sketch, noised as far as the last `strength` of the steps reach."""
    start = Start(noise(1, 100, 4), torch.full((1, 100, 4), 3.0), 0.3)
    times, first, steps = [], [], []

    def model(x: Tensor, t: Tensor) -> Tensor:
        times.append(int(t[0]))
        first.append(x)
        return torch.cat([torch.zeros_like(x)] * 2, dim=-1)

    run = SAMPLERS[name].run
    run(model, start, 20, generators(1), lambda step, of, clean: steps.append((step, of)))
    assert steps == [(k, 6) for k in range(1, 7)]
    assert times[0] == pytest.approx(300, abs=60)
    alpha = ALPHAS[times[0]]
    expected = alpha.sqrt() * 3 + (1 - alpha).sqrt() * start.noise
    assert torch.allclose(first[0], expected, atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_a_faint_strength_keeps_the_sketch(name: str) -> None:
    sketch = MEAN + DEVIATION * noise(1, 100, 4)
    for strength in (0.0, 0.01):
        start = Start(noise(1, 100, 4), sketch, strength)
        kept = SAMPLERS[name].run(Denoiser(name, STEPS), start, STEPS, generators(1), nothing)
        assert float((kept - sketch).abs().mean()) < 0.1
