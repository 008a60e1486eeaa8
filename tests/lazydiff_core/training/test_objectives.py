"""Objectives on data whose exact denoiser is known: every number is N(MEAN, DEVIATION^2)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.sampling import SAMPLERS
from lazydiff_core.sampling.sampler import Start
from lazydiff_core.training.objectives import (
    ImprovedDdpm,
    Noised,
    RectifiedFlow,
    TrainingObjective,
    bound_bits,
    drop_prompts,
    objective_for,
    schedule,
    schedule_on,
    stratified,
)

MEAN, DEVIATION = 0.7, 0.4


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@dataclass(frozen=True)
class Exact:
    """What the best possible model says; `stride` = training steps in one sampling step."""

    stride: int = 1

    def velocity(self, x: Tensor, t_B: Tensor) -> Tensor:
        t = t_B.double()[:, None, None] / 1000
        around = (x.double() - (1 - t) * MEAN) / ((1 - t) ** 2 * DEVIATION**2 + t**2)
        return (t * around - (MEAN + (1 - t) * DEVIATION**2 * around)).float()

    def noise(self, x: Tensor, t_B: Tensor) -> Tensor:
        alpha = schedule().alpha[t_B.long()][:, None, None]
        variance = alpha * DEVIATION**2 + 1 - alpha
        return ((1 - alpha).sqrt() * (x - alpha.sqrt() * MEAN) / variance).float()

    def variance(self, t: int) -> float:
        """Of x_s given x_t, s a stride before: the posterior's + what x_0 still may vary."""
        alpha = float(schedule().alpha[t])
        before = float(schedule().alpha[t - self.stride]) if t >= self.stride else 1.0
        beta = 1 - alpha / before
        of_clean = DEVIATION**2 * (1 - alpha) / (alpha * DEVIATION**2 + 1 - alpha)
        low = beta * (1 - before) / (1 - alpha)
        return low + (math.sqrt(before) * beta / (1 - alpha)) ** 2 * of_clean

    def share(self, t: int) -> float:
        """Where the logarithm of that variance lies between its bounds, -1..1."""
        alpha = float(schedule().alpha[t])
        before = float(schedule().alpha[t - self.stride]) if t >= self.stride else 1.0
        beta = 1 - alpha / before
        low = beta * (1 - before) / (1 - alpha)
        if low == 0:
            return 1.0
        return 2 * math.log(self.variance(t) / low) / math.log(beta / low) - 1

    def __call__(self, x: Tensor, t_B: Tensor) -> Tensor:
        noise = self.noise(x, t_B)
        return torch.cat([noise, torch.full_like(noise, self.share(int(t_B[0])))], dim=-1)


def data(count: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Clean tokens (count,1,8) and unit noise."""
    clean, noise = torch.randn(2, count, 1, 8, generator=seeded(seed))
    return MEAN + DEVIATION * clean, noise


# --- sampling with the exact denoiser ------------------------------------------------------------


def nothing(step: int, steps: int, clean: Tensor) -> None: ...


# Euler is of first order: evenly spaced it loses 5% of the variance in 50 steps, with its steps
# shifted towards noise (sampling.flow.SHIFT) 9%, half of that in 100.
@pytest.mark.parametrize(("name", "tolerance"), [("iddpm", 0.03), ("euler", 0.1)])
def test_fifty_steps_give_the_datas_mean_and_variance(name: str, tolerance: float) -> None:
    exact = Exact(stride=20)
    model = exact if name == "iddpm" else exact.velocity
    start = Start(torch.randn(2, 2500, 4, generator=seeded(1)))
    samples = SAMPLERS[name].run(model, start, 50, [seeded(2), seeded(3)], nothing)
    assert float(samples.mean()) == pytest.approx(MEAN, abs=0.01)
    assert float(samples.var()) == pytest.approx(DEVIATION**2, rel=tolerance)


# --- losses --------------------------------------------------------------------------------------


def test_the_exact_velocity_has_the_analytic_loss() -> None:
    """Var(n - x_0 | x_t) = s^2 / ((1-t)^2 s^2 + t^2)."""
    flow = RectifiedFlow()
    for t in (100.0, 500.0, 900.0):
        clean, noise = data(20_000)
        noised = flow.noised(clean, noise, torch.full((20_000,), t))
        loss = flow.errors(Exact().velocity(noised.state, noised.t), noised)["velocity"].mean()
        u = t / 1000
        best = DEVIATION**2 / ((1 - u) ** 2 * DEVIATION**2 + u**2)
        assert float(loss) == pytest.approx(best, rel=0.02)


def test_the_exact_noise_has_the_analytic_loss() -> None:
    """Var(n | x_t) = a s^2 / (a s^2 + 1 - a)."""
    objective = ImprovedDdpm()
    for t in (20, 300, 900):
        clean, noise = data(20_000)
        noised = objective.noised(clean, noise, torch.full((20_000,), float(t)))
        predicted = Exact().noise(noised.state, noised.t)
        terms = objective.errors(torch.cat([predicted, predicted], -1), noised)
        signal = float(schedule().alpha[t]) * DEVIATION**2
        best = signal / (signal + 1 - float(schedule().alpha[t]))
        assert float(terms["noise"].mean()) == pytest.approx(best, rel=0.02)


class Linear(nn.Module):
    """For each of a few times a line, and a variance where one is learned: all a model needs."""

    def __init__(self, times: int, learns_variance: bool) -> None:
        super().__init__()
        self.slope, self.offset = (nn.Parameter(torch.zeros(times, 1, 1)) for _ in range(2))
        self.share = nn.Parameter(torch.zeros(times, 1, 1)) if learns_variance else None

    def forward(self, x: Tensor, row: Tensor) -> Tensor:
        y = self.slope[row] * x + self.offset[row]
        return y if self.share is None else torch.cat([y, self.share[row].expand_as(y)], -1)


def train(objective: TrainingObjective, t: Tensor, learns_variance: bool) -> Linear:
    torch.manual_seed(0)
    model = Linear(len(t), learns_variance)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    row = torch.arange(len(t)).repeat_interleave(200)
    for step in range(200):
        optimizer.param_groups[0]["lr"] = 0.05 * (1 - step / 200)
        noised = objective.noised(*data(len(row), seed=step), t[row])
        terms = objective.errors(model(noised.state, row), noised)
        sum(term.mean() for term in terms.values()).backward()
        optimizer.step()
        optimizer.zero_grad()
    return model.requires_grad_(False)


def test_a_trained_flow_reaches_the_optimum() -> None:
    t = torch.tensor([200.0, 500.0, 800.0])
    flow = RectifiedFlow()
    model = train(flow, t, learns_variance=False)
    row = torch.arange(3).repeat_interleave(10_000)
    noised = flow.noised(*data(len(row), seed=999), t[row])
    loss, best = (
        float(flow.errors(prediction, noised)["velocity"].mean())
        for prediction in (model(noised.state, row), Exact().velocity(noised.state, noised.t))
    )
    assert loss == pytest.approx(best, rel=0.01)


def test_the_hybrid_loss_teaches_the_noise_and_the_reverse_variance() -> None:
    """The bound is least where the variance is the exact reverse step's; the mean is not its."""
    t = torch.tensor([5.0, 50.0, 400.0])
    objective = ImprovedDdpm()
    model = train(objective, t, learns_variance=True)
    noised = objective.noised(*data(3 * 10_000, seed=999), t.repeat_interleave(10_000))
    row = torch.arange(3).repeat_interleave(10_000)
    exact = Exact().noise(noised.state, noised.t)
    learned = model(noised.state, row)[..., :8]
    assert float((learned - exact).square().mean()) < 1e-3
    assert model.share is not None
    for k, time in enumerate((5, 50, 400)):
        low, high = (float(v[time]) for v in (schedule().log_low, schedule().log_high))
        variance = math.exp(low + (float(model.share[k]) + 1) / 2 * (high - low))
        assert variance == pytest.approx(Exact().variance(time), rel=0.02)


# --- the variational bound -----------------------------------------------------------------------


def test_the_bound_by_hand() -> None:
    """KL between two normal distributions, and the first step's mass, with plain numbers."""
    betas = [1e-4 + (0.02 - 1e-4) * k / 999 for k in range(1000)]
    alphas = [math.prod(1 - b for b in betas[: k + 1]) for k in range(1000)]
    clean, noise, predicted, share, t = 0.3, -0.8, -0.5, 0.25, 400
    state = math.sqrt(alphas[t]) * clean + math.sqrt(1 - alphas[t]) * noise

    def posterior(x0: float) -> float:
        of_clean = math.sqrt(alphas[t - 1]) * betas[t] / (1 - alphas[t])
        of_state = math.sqrt(1 - betas[t]) * (1 - alphas[t - 1]) / (1 - alphas[t])
        return of_clean * x0 + of_state * state

    low = betas[t] * (1 - alphas[t - 1]) / (1 - alphas[t])
    variance = math.exp((1 + share) / 2 * math.log(betas[t]) + (1 - share) / 2 * math.log(low))
    believed = (state - math.sqrt(1 - alphas[t]) * predicted) / math.sqrt(alphas[t])
    gap = posterior(clean) - posterior(believed)
    kl = math.log(math.sqrt(variance / low)) + (low + gap**2) / (2 * variance) - 0.5
    assert kl / math.log(2) == pytest.approx(bits(clean, noise, predicted, share, t), rel=1e-3)


def test_the_first_step_by_hand() -> None:
    beta, later = 1e-4, 1e-4 + (0.02 - 1e-4) / 999
    alpha = 1 - beta
    clean, noise, predicted, share = 1.6, 0.5, 0.9, -0.5  # latents go beyond 1
    low = later * (1 - alpha) / (1 - alpha * (1 - later))  # the second step's, as the first has 0
    deviation = math.exp(0.5 * ((1 + share) / 2 * math.log(beta) + (1 - share) / 2 * math.log(low)))
    state = math.sqrt(alpha) * clean + math.sqrt(1 - alpha) * noise
    mean = (state - math.sqrt(1 - alpha) * predicted) / math.sqrt(alpha)

    def below(x: float) -> float:
        return 0.5 * (1 + math.erf((x - mean) / deviation / math.sqrt(2)))

    mass = below(clean + 1 / 255) - below(clean - 1 / 255)
    assert bits(clean, noise, predicted, share, 0) == pytest.approx(-math.log2(mass), rel=2e-3)


def bits(clean: float, noise: float, predicted: float, share: float, t: int) -> float:
    def one(value: float) -> Tensor:
        return torch.full((1, 1, 1), value)

    noised = ImprovedDdpm().noised(one(clean), one(noise), torch.tensor([float(t)]))
    return float(bound_bits(one(predicted), one(share), noised))


def test_the_bound_trains_the_variance_alone() -> None:
    objective = ImprovedDdpm(weight=0.002)
    noised = objective.noised(*data(5), torch.tensor([0.0, 1.0, 10.0, 500.0, 999.0]))
    prediction = torch.zeros(5, 1, 16, requires_grad=True)
    terms = objective.errors(prediction, noised)
    whole = bound_bits(torch.zeros(5, 1, 8), torch.zeros(5, 1, 8), noised).mean(-1)
    assert torch.allclose(terms["variance"], 2 * whole)  # 0.002 T
    terms["variance"].sum().backward()
    assert prediction.grad is not None
    assert not prediction.grad[..., :8].any()
    assert prediction.grad[..., 8:].flatten(1).any(1).all()


def test_the_schedule_is_the_samplers() -> None:
    from diffusers import DDPMScheduler

    from lazydiff_core.sampling.scheduled import BETAS

    theirs = DDPMScheduler(variance_type="learned_range", **BETAS)
    assert torch.allclose(schedule().alpha.float(), theirs.alphas_cumprod, rtol=1e-4)


# --- times, prompts ------------------------------------------------------------------------------


def test_the_draws_of_a_sample_spread_over_all_times() -> None:
    quantiles = stratified(2000, 4, seeded(0))
    assert ((quantiles.view(2000, 4) * 4).floor() == torch.arange(4)).all()
    t = RectifiedFlow(0.2).times(quantiles) / 1000
    assert 0 < t.min() < t.max() < 1
    scores = torch.logit(t.double())
    assert float(scores.mean()) == pytest.approx(0.2, abs=0.02)
    assert float(scores.std()) == pytest.approx(1, abs=0.02)


def test_every_step_of_the_schedule_is_drawn_alike() -> None:
    times = ImprovedDdpm().times((torch.arange(3000) + 0.5) / 3000)
    assert torch.equal(times, torch.arange(1000.0).repeat_interleave(3))
    assert ImprovedDdpm().times(torch.tensor([0.0, 1 - 1e-7])).tolist() == [0, 999]


@given(numbers=st.lists(st.floats(0, 1 - 2**-24, width=32), min_size=1), draws=st.integers(1, 9))
@example(numbers=[1 - 2**-24], draws=4)
@settings(deadline=None)
def test_no_draw_reaches_the_end(numbers: list[float], draws: int) -> None:
    """The last numbers below 1 round up: neither a part's end nor step 1000 may come of them."""
    drawn = torch.tensor(numbers).repeat_interleave(draws)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch, "rand", lambda *size, generator: drawn)
        quantiles = stratified(len(numbers), draws, seeded(0)).view(-1, draws).double()
    parts = torch.arange(draws, dtype=torch.float64)
    assert (quantiles >= (parts / draws).float()).all()
    assert (quantiles < ((parts + 1) / draws).float()).all()
    times = ImprovedDdpm().times(quantiles.flatten().float())
    assert (times <= 999).all()
    assert (ImprovedDdpm().noised(torch.zeros(len(times), 1, 1), torch.ones(1), times).t >= 0).all()


@given(quantile=st.floats(0, 1, width=32))
@example(quantile=1.0)
def test_every_number_is_a_time(quantile: float) -> None:
    """Also the closed end, which other ways of drawing may reach."""
    for objective in (ImprovedDdpm(), RectifiedFlow(2.0)):
        t = objective.times(torch.tensor([quantile]))
        assert 0 <= float(t) <= (999 if isinstance(objective, ImprovedDdpm) else 1000)
        assert objective.noised(torch.zeros(1, 1, 1), torch.ones(1, 1, 1), t).state.isfinite().all()


class NoDoubles(TorchDispatchMode):
    """Apple's devices have no float64; "meta" stands for one."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        made = func(*args, **(kwargs or {}))
        for one in made if isinstance(made, tuple | list) else [made]:
            if isinstance(one, Tensor) and one.device.type == "meta":
                assert one.dtype != torch.float64, f"{func} makes float64"
        return made


@pytest.mark.parametrize("objective", [ImprovedDdpm(), RectifiedFlow()])
def test_a_device_without_float64_trains(objective: TrainingObjective) -> None:
    wide = 2 if isinstance(objective, ImprovedDdpm) else 1
    schedule_on.cache_clear()
    with NoDoubles():
        there = torch.device("meta")
        clean, noise = torch.zeros(2, 3, 4, device=there), torch.zeros(2, 3, 4, device=there)
        t = objective.times(torch.zeros(2, device=there))
        prediction = torch.zeros(2, 3, 4 * wide, device=there)
        terms = objective.errors(prediction, objective.noised(clean, noise, t))
    assert all(term.dtype == torch.float32 for term in terms.values())


def test_objectives_by_name() -> None:
    assert objective_for("flow", 0.3, 0.1) == RectifiedFlow(0.3)
    assert objective_for("iddpm", 0.3, 0.1) == ImprovedDdpm(0.1)


def test_noised_states_keep_their_parts() -> None:
    clean, noise = data(2)
    noised = RectifiedFlow().noised(clean, noise, torch.tensor([0.0, 1000.0]))
    assert isinstance(noised, Noised)
    assert torch.equal(noised.state[0], clean[0])
    assert torch.equal(noised.state[1], noise[1])


def test_dropped_prompts_are_the_null_prompt(word_states: TextEncoder) -> None:
    prompt = word_states.encode(["red disc", "square", "disc"])
    states = torch.full((3, 1, 384), 7.0, requires_grad=True)
    null = Prompt(states, torch.ones(3, 1, dtype=torch.bool), states[:, 0])
    dropped = drop_prompts(prompt, null, torch.tensor([False, True, False]))
    assert torch.equal(dropped.states[0], prompt.states[0])
    assert torch.equal(dropped.mask[2], prompt.mask[2])
    assert dropped.mask[1].tolist() == [True, False, False]
    assert (dropped.states[1, 0] == 7).all()
    assert (dropped.pooled[1] == 7).all()
    (dropped.states.sum() + dropped.pooled.sum()).backward()
    assert states.grad is not None
    assert states.grad.flatten(1).any(1).tolist() == [False, True, False]  # it is learned
