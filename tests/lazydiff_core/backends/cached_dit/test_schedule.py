from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import torch
from diffusers import (
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    FlowMatchEulerDiscreteScheduler,
    LCMScheduler,
)

from lazydiff_core.backends.cached_dit.schedule import Schedule, samplers_of
from lazydiff_core.errors import InputError, ModelError

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def config(kind: Any, **changes: Any) -> dict[str, Any]:
    return {**kind(**changes).config, "_class_name": kind.__name__}


DPM = config(DPMSolverMultistepScheduler)
DDIM = config(DDIMScheduler, clip_sample=False)
LCM, FLOW = config(LCMScheduler), config(FlowMatchEulerDiscreteScheduler)
CASES = [("dpm++", DPM), ("ddim", DPM), ("ddim", DDIM), ("lcm", LCM), ("euler", FLOW)]


def unused() -> torch.Tensor:
    raise AssertionError("this sampler adds no noise")


def test_which_samplers_serve_a_checkpoint() -> None:
    assert samplers_of(DPM) == ("dpm++", "ddim")
    assert samplers_of(DDIM) == ("ddim", "dpm++")
    assert samplers_of(LCM) == ("lcm",)
    assert samplers_of(FLOW) == ("euler",)


@pytest.mark.parametrize(
    "wrong",
    [
        {"_class_name": "PNDMScheduler"},
        DPM | {"prediction_type": "v_prediction"},
        DPM | {"thresholding": True},
    ],
)
def test_schedulers_that_cannot(wrong: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="cannot drive hole tokens alone"):
        samplers_of(wrong)


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
        x = schedule.step(step, x, predicted, lambda: noise if name == "lcm" else unused())
    # DDIM's last step goes to the first trained timestep, whose noise is 1 %.
    assert torch.allclose(x, clean, atol=0.05 if name == "ddim" else 1e-3)


@pytest.mark.parametrize(("name", "given"), CASES)
def test_rates_fall_from_noise_to_signal(name: str, given: dict[str, Any]) -> None:
    rates = Schedule(name, given, {"num_inference_steps": 6}).rates
    assert len(rates) == 6
    assert all(one.sigma > next_.sigma for one, next_ in pairwise(rates))
    assert rates[0].sigma > 0.99
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


def test_more_steps_than_a_scheduler_has() -> None:
    with pytest.raises(InputError, match="lcm cannot make that many steps"):
        Schedule("lcm", LCM, {"num_inference_steps": 500})
