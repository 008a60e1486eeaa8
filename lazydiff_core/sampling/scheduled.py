"""Samplers for noise-predicting models, driven by diffusers' schedulers (paper section 3.3).

The model returns the noise, followed by the variance if it is learned.
"""

from __future__ import annotations

from typing import Any, Final

from torch import Tensor

from lazydiff_core.sampling.sampler import Callback, Generators, Model, Start
from lazydiff_core.sampling.schedule import Schedule, first_step

# PixArt-alpha's training schedule.
BETAS: Final[dict[str, Any]] = {
    "num_train_timesteps": 1000,
    "beta_start": 0.0001,
    "beta_end": 0.02,
    "beta_schedule": "linear",
}
NOISE_SCHEDULER: Final = {"_class_name": "DPMSolverMultistepScheduler", **BETAS}


def iddpm(
    model: Model, start: Start, steps: int, generators: Generators, callback: Callback
) -> Tensor:
    """Improved DDPM with learned variance (Nichol and Dhariwal 2021): the paper's sampler."""
    return _run("iddpm", model, start, steps, generators, callback)


def ddim(
    model: Model, start: Start, steps: int, generators: Generators, callback: Callback
) -> Tensor:
    """DDIM (Song et al. 2020), deterministic; the learned variance is not used."""
    return _run("ddim", model, start, steps, generators, callback)


def dpm_solver(
    model: Model, start: Start, steps: int, generators: Generators, callback: Callback
) -> Tensor:
    """DPM-Solver++ 2M (Lu et al. 2022), for few steps; the learned variance is not used."""
    return _run("dpm++", model, start, steps, generators, callback)


def _run(
    name: str,
    model: Model,
    start: Start,
    steps: int,
    generators: Generators,
    callback: Callback,
) -> Tensor:
    timetable: dict[str, Any] = {"num_inference_steps": steps}
    if name == "iddpm" and steps == 1:  # of one step, even spacing knows only the clean end
        timetable = {"timesteps": [BETAS["num_train_timesteps"] - 1]}
    schedule = Schedule(name, NOISE_SCHEDULER, timetable, generators)
    x, first = start.noise, 0
    if start.from_sketch:
        assert start.sketch is not None
        first = first_step(len(schedule), start.strength)
        x = schedule.rates[first].mix(start.sketch, start.noise)

    def predict(step: int, x: Tensor) -> Tensor:
        return model(x, schedule.times[step].to(x.device).expand(len(x)).float())

    return schedule.run(x, predict, callback, first)
