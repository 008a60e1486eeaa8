"""Samplers for noise-predicting models, driven by diffusers' schedulers (paper section 3.3).

The model returns noise and, where it learns the variance, twice the channels. diffusers keeps
channels on dimension 1, so tokens (B,N,P) travel through a scheduler as (B,P,N).
"""

from __future__ import annotations

from typing import Any

from torch import Tensor

from lazydiff_core.sampling.sampler import Callback, Generators, Model, Start

# PixArt-alpha's training schedule.
BETAS: dict[str, Any] = {
    "num_train_timesteps": 1000,
    "beta_start": 0.0001,
    "beta_end": 0.02,
    "beta_schedule": "linear",
}


def iddpm(
    model: Model, start: Start, steps: int, generators: Generators, callback: Callback
) -> Tensor:
    """Improved DDPM with learned variance (Nichol and Dhariwal 2021): the paper's sampler."""
    from diffusers import DDPMScheduler

    scheduler = DDPMScheduler(variance_type="learned_range", clip_sample=False, **BETAS)
    return _run(model, scheduler, start, steps, generators, callback, keep_variance=True)


def ddim(
    model: Model, start: Start, steps: int, generators: Generators, callback: Callback
) -> Tensor:
    """DDIM (Song et al. 2020), deterministic; the learned variance is not used."""
    from diffusers import DDIMScheduler

    scheduler = DDIMScheduler(clip_sample=False, set_alpha_to_one=False, **BETAS)
    return _run(model, scheduler, start, steps, generators, callback, keep_variance=False)


def dpm_solver(
    model: Model, start: Start, steps: int, generators: Generators, callback: Callback
) -> Tensor:
    """DPM-Solver++ 2M (Lu et al. 2022), for few steps; the learned variance is not used."""
    from diffusers import DPMSolverMultistepScheduler

    scheduler = DPMSolverMultistepScheduler(algorithm_type="dpmsolver++", **BETAS)
    return _run(model, scheduler, start, steps, generators, callback, keep_variance=False)


def _run(
    model: Model,
    scheduler: Any,
    start: Start,
    steps: int,
    generators: Generators,
    callback: Callback,
    *,
    keep_variance: bool,
) -> Tensor:
    scheduler.set_timesteps(steps, device=start.noise.device)
    times = scheduler.timesteps
    x = start.noise.mT * scheduler.init_noise_sigma
    if start.from_sketch:
        assert start.sketch is not None
        times = times[len(times) - max(1, round(len(times) * start.strength)) :]
        if hasattr(scheduler, "set_begin_index"):
            scheduler.set_begin_index(len(scheduler.timesteps) - len(times))
        x = scheduler.add_noise(start.sketch.mT, start.noise.mT, times[:1])
    width = start.noise.shape[-1]
    # DDIM at eta 0 and DPM-Solver++ take no randomness in; passing a generator is an error to some.
    extra = {"generator": list(generators)} if keep_variance else {}
    for step, t in enumerate(times, start=1):
        predicted = model(x.mT, t.expand(x.shape[0]).float()).mT
        taken = predicted if keep_variance else predicted[:, :width]
        clean = _clean(scheduler, x, predicted[:, :width], t)
        x = scheduler.step(taken, t, x, return_dict=False, **extra)[0]
        callback(step, len(times), clean.mT)
    clean_tokens: Tensor = x.mT
    return clean_tokens


def _clean(scheduler: Any, x: Tensor, noise: Tensor, t: Tensor) -> Tensor:
    """The clean latents a noise prediction stands for."""
    alpha = scheduler.alphas_cumprod[int(t)].to(x.device, x.dtype)
    clean: Tensor = (x - (1 - alpha).sqrt() * noise) / alpha.sqrt()
    return clean
