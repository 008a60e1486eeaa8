from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import torch
from diffusers import (
    DDIMScheduler,
    DDPMScheduler,
    DPMSolverMultistepScheduler,
    EulerDiscreteScheduler,
    FlowMatchEulerDiscreteScheduler,
    LCMScheduler,
)

from lazydiff_core.errors import InputError
from lazydiff_core.sampling.schedule import SCHEDULERS, Schedule

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def config(kind: Any, **changes: Any) -> dict[str, Any]:
    return {**kind(**changes).config, "_class_name": kind.__name__}


DPM = config(DPMSolverMultistepScheduler)
DDIM = config(DDIMScheduler, clip_sample=False)
LCM, FLOW = config(LCMScheduler), config(FlowMatchEulerDiscreteScheduler)
DDPM = config(DDPMScheduler, clip_sample=False)
EULER = config(EulerDiscreteScheduler, timestep_spacing="leading", steps_offset=1)
CASES = [
    ("dpm++", DPM), ("ddim", DPM), ("ddim", DDIM), ("lcm", LCM), ("euler", FLOW),
    ("ddpm", DDPM), ("dmd", DDPM), ("euler_discrete", EULER),
]  # fmt: skip
NOISY = ("lcm", "ddpm", "dmd")


def unused() -> torch.Tensor:
    raise AssertionError("this sampler adds no noise")


@pytest.mark.parametrize(("name", "given"), CASES)
@pytest.mark.parametrize("start", [0, 2])
def test_the_true_noise_leads_back_to_the_clean_tokens(
    name: str, given: dict[str, Any], start: int
) -> None:
    """An oracle that knows what was mixed: every sampler must end where it began."""
    schedule = Schedule(name, given, {"num_inference_steps": 6})
    clean, noise = (
        torch.randn(2, 5, 8, generator=torch.Generator().manual_seed(k)) for k in (1, 2)
    )
    x = schedule.rates[start].mix(clean, noise)
    schedule.begin(start)
    for step in range(start, len(schedule)):
        rates = schedule.rates[step]
        true_noise = (x - rates.alpha * clean) / rates.sigma
        predicted = true_noise - clean if name == "euler" else true_noise
        assert torch.allclose(schedule.clean(step, x, predicted), clean, atol=1e-3)
        x = schedule.step(step, x, predicted, lambda: noise if name in NOISY else unused())
    # DDIM's last step may end at the first trained timestep, whose noise is 1 %.
    assert torch.allclose(x, clean, atol=0.05 if name == "ddim" else 1e-3)


@pytest.mark.parametrize(("name", "given"), CASES)
def test_rates_fall_from_noise_to_signal(name: str, given: dict[str, Any]) -> None:
    rates = Schedule(name, given, {"num_inference_steps": 6}).rates
    assert len(rates) == 6
    assert all(one.sigma > next_.sigma for one, next_ in pairwise(rates))
    # A student begins where it was trained to; an even spacing from 0 on leaves out the end.
    assert rates[0].sigma > {"dmd": 0.8, "ddpm": 0.98, "euler_discrete": 0.98}.get(name, 0.99)
    if name != "euler":
        assert all(abs(r.alpha**2 + r.sigma**2 - 1) < 1e-5 for r in rates)
    else:
        assert all(abs(r.alpha + r.sigma - 1) < 1e-6 for r in rates)


def test_rates_are_what_diffusers_mixes_with() -> None:
    schedule = Schedule("dpm++", DPM, {"num_inference_steps": 5})
    theirs = DPMSolverMultistepScheduler()
    theirs.set_timesteps(5)
    clean, noise = torch.randn(1, 4), torch.randn(1, 4)
    for t, rates in zip(theirs.timesteps, schedule.rates, strict=True):
        assert torch.allclose(rates.mix(clean, noise), theirs.add_noise(clean, noise, t[None]))


def test_a_consistency_step_uses_the_noise_it_is_given() -> None:
    schedule = Schedule("lcm", LCM, {"num_inference_steps": 3})
    x = torch.randn(1, 2, 4)
    one, other = (
        Schedule("lcm", LCM, {"num_inference_steps": 3}).step(
            0, x, x, lambda value=value: torch.full_like(x, value)
        )
        for value in (0.0, 1.0)
    )
    assert torch.allclose(other - one, torch.tensor(schedule.rates[1].sigma))


def test_clipping_is_a_schedulers_own_choice() -> None:
    schedule = Schedule("ddpm", config(DDPMScheduler, clip_sample=True), {"num_inference_steps": 1})
    x = torch.full((1, 1, 4), 9.0)
    assert schedule.step(0, x, torch.zeros(1, 1, 4)).abs().max() == 1


def test_a_student_begins_with_nothing_but_noise_at_its_own_time() -> None:
    """One step from pure noise at t = 400, as in PixArt's demonstration of DMD."""
    schedule = Schedule("dmd", DDPM, {"num_inference_steps": 1})
    theirs = DDPMScheduler.from_config(DDPM)
    theirs.set_timesteps(timesteps=[400])
    noise, predicted = torch.randn(1, 2, 4), torch.randn(1, 2, 4)
    expected = theirs.step(predicted, theirs.timesteps[0], noise).pred_original_sample
    assert torch.allclose(schedule.step(0, schedule.pure(noise), predicted), expected, atol=1e-5)
    assert [int(t) for t in Schedule("dmd", DDPM, {"num_inference_steps": 4}).times] == [
        400, 300, 200, 100,
    ]  # fmt: skip


def test_more_steps_than_a_scheduler_has() -> None:
    with pytest.raises(InputError, match="lcm cannot make that many steps"):
        Schedule("lcm", LCM, {"num_inference_steps": 500})


OURS = {
    "num_train_timesteps": 1000,
    "beta_start": 1e-4,
    "beta_end": 0.02,
    "beta_schedule": "linear",
}
# Each sampler with the scheduler that it stands for, on noise that was trained by DPM's betas.
STANDS_FOR = {
    "iddpm": DDPMScheduler(
        variance_type="learned_range", clip_sample=False, timestep_spacing="linspace", **OURS
    ),
    "ddim": DDIMScheduler(clip_sample=False, timestep_spacing="trailing", **OURS),
    "dpm++": DPMSolverMultistepScheduler(algorithm_type="dpmsolver++", **OURS),
}


GIVEN = {"_class_name": "DPMSolverMultistepScheduler", **OURS}


@pytest.mark.parametrize(
    ("name", "steps", "times"),
    [
        ("iddpm", 4, [999, 666, 333, 0]),
        ("ddim", 4, [999, 749, 499, 249]),
        ("dpm++", 4, [999, 749, 500, 250]),
        ("iddpm", 2, [999, 0]),
        ("ddim", 1, [999]),
    ],
)
def test_a_run_begins_where_there_is_nothing_but_noise(
    name: str, steps: int, times: list[int]
) -> None:
    found = Schedule(name, GIVEN, {"num_inference_steps": steps}).times
    STANDS_FOR[name].set_timesteps(steps)
    assert [int(t) for t in found] == times == STANDS_FOR[name].timesteps.tolist()


@pytest.mark.parametrize("name", ["iddpm", "ddim"])
def test_every_number_of_steps_is_possible(name: str) -> None:
    """diffusers rounds some, such as 61, to one timestep too many."""
    for steps in (61, 103, 244, 500, 998, 1000):
        times = [int(t) for t in Schedule(name, GIVEN, {"num_inference_steps": steps}).times]
        assert (len(times), times[0]) == (steps, 999)
        assert all(0 <= after < before for before, after in pairwise(times))


@pytest.mark.parametrize("name", STANDS_FOR)
@pytest.mark.parametrize("start", [0, 2])
def test_a_run_is_what_diffusers_makes_of_pictures(name: str, start: int) -> None:
    """Step by step on (B,P,N), where diffusers keeps channels; the same noise and predictions."""
    theirs, steps = STANDS_FOR[name], 6
    theirs.set_timesteps(steps)
    if start and hasattr(theirs, "set_begin_index"):
        theirs.set_begin_index(start)
    width = 2 if name == "iddpm" else 1
    noise, weights = (
        torch.randn(shape, generator=torch.Generator().manual_seed(k))
        for k, shape in ((1, (2, 5, 4)), (2, (4, 4 * width)))
    )

    def predict(step: int, x: torch.Tensor) -> torch.Tensor:
        return torch.tanh(x @ weights)

    def generators() -> list[torch.Generator]:
        return [torch.Generator().manual_seed(seed) for seed in (7, 8)]

    x, extra = noise.mT, {"generator": generators()} if name == "iddpm" else {}
    for t in theirs.timesteps[start:]:
        x = theirs.step(predict(0, x.mT).mT, t, x, return_dict=False, **extra)[0]
    schedule = Schedule(name, GIVEN, {"num_inference_steps": steps}, generators())
    told: list[tuple[int, int]] = []
    ours = schedule.run(noise, predict, lambda step, of, clean: told.append((step, of)), start)
    assert torch.allclose(ours, x.mT, atol=1e-6)
    assert told == [(k, steps - start) for k in range(1, steps - start + 1)]


def test_a_flow_run_is_what_diffusers_makes() -> None:
    theirs = FlowMatchEulerDiscreteScheduler()
    theirs.set_timesteps(6)
    x = noise = torch.randn(2, 5, 4)
    for t in theirs.timesteps:
        x = theirs.step(torch.tanh(x), t, x, return_dict=False)[0]
    ours = Schedule("euler", FLOW, {"num_inference_steps": 6}).run(
        noise, lambda step, x: torch.tanh(x), lambda *_: None
    )
    assert torch.equal(ours, x)


def test_every_name_is_a_class_of_diffusers() -> None:
    import diffusers

    assert all(hasattr(diffusers, kind) for kind in SCHEDULERS.values())
