"""diffusers' schedulers applied to tokens: the timesteps of one run, and its steps.

Schedulers compute value by value, so a run may hold hole tokens only.
Legend of shapes: B samples, N tokens, P values of a token's latents.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import torch
from torch import Tensor

from lazydiff_core.errors import InputError
from lazydiff_core.sampling.sampler import Callback, Generators

# name -> diffusers' class
SCHEDULERS: Final[dict[str, str]] = {
    "iddpm": "DDPMScheduler",
    "ddim": "DDIMScheduler",
    "dpm++": "DPMSolverMultistepScheduler",
    "lcm": "LCMScheduler",
    "ddpm": "DDPMScheduler",
    "dmd": "DDPMScheduler",
    "euler_discrete": "EulerDiscreteScheduler",
    "euler": "FlowMatchEulerDiscreteScheduler",
}
# Where PixArt's one-step student was trained to begin, with nothing but noise (PixArt-DMD).
_DMD_START: Final = 400
# Config entries that describe the training; schedulers of different classes share them.
_TRAINED = (
    "num_train_timesteps", "beta_start", "beta_end", "beta_schedule", "trained_betas",
)  # fmt: skip
# Options of a class, for a model whose own scheduler has another class. All begin at the last
# trained timestep, where there is nothing but noise: Improved DDPM spaces its steps evenly from
# there to 0 (Nichol and Dhariwal 2021, section 4), DDIM leaves out the end instead, from which
# its last step leads to clean latents (Lin et al. 2023, section 3.3).
_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "iddpm": {
        "variance_type": "learned_range", "clip_sample": False, "timestep_spacing": "linspace",
    },
    "ddim": {"clip_sample": False, "set_alpha_to_one": True, "timestep_spacing": "trailing"},
}  # fmt: skip

# (step, noised tokens (B,N,P)) -> prediction (B,N,P), or (B,N,2P) with a learned variance
Predict: TypeAlias = Callable[[int, Tensor], Tensor]


@dataclass(frozen=True)
class Rates:
    """x_t = alpha * clean + sigma * noise."""

    alpha: float
    sigma: float

    def mix(self, clean: Tensor, noise: Tensor) -> Tensor:
        return self.alpha * clean + self.sigma * noise


def first_step(steps: int, strength: float) -> int:
    """The first step of a run from a sketch: the lower the strength, the later it is."""
    return steps - max(1, round(steps * strength))


def no_noise() -> Tensor:
    """Placeholder for samplers that draw no noise; raises RuntimeError."""
    raise RuntimeError("this sampler draws no noise")


class Schedule:
    """One denoising run: `times` (0-d tensors) and `rates`, one per step.

    name:       key in SCHEDULERS.
    config:     config of the scheduler the model was trained with; its class is "_class_name".
    timetable:  arguments of `set_timesteps`.
    generators: one per sample, for "iddpm".

    Raises InputError if the scheduler cannot make so many steps.
    """

    def __init__(
        self,
        name: str,
        config: dict[str, Any],
        timetable: dict[str, Any],
        generators: Generators = (),
    ) -> None:
        self.name, self.generators = name, list(generators)
        self.scheduler = _make(name, config)
        if name == "dmd":
            timetable = {"timesteps": _dmd_times(timetable["num_inference_steps"])}
        try:
            self.scheduler.set_timesteps(**timetable)
        except ValueError as error:
            reason = " ".join(str(error).split())
            raise InputError(f"The sampler {name} cannot make that many steps: {reason}") from error
        # Spaced by a rounded fraction, diffusers may come to one timestep too many, below 0.
        self.times: list[Tensor] = [t for t in self.scheduler.timesteps if t >= 0]
        self.flow = name == "euler"
        self.rates = [self._rates(step) for step in range(len(self.times))]

    def __len__(self) -> int:
        return len(self.times)

    def _rates(self, step: int) -> Rates:
        if self.flow:
            sigma = float(self.scheduler.sigmas[step])
            return Rates(1 - sigma, sigma)
        if hasattr(self.scheduler, "sigmas"):  # ratio of noise to signal
            ratio = float(self.scheduler.sigmas[step])
            alpha = (ratio**2 + 1) ** -0.5
            return Rates(alpha, ratio * alpha)
        kept = float(self.scheduler.alphas_cumprod[int(self.times[step])])
        return Rates(kept**0.5, (1 - kept) ** 0.5)

    def pure(self, noise: Tensor) -> Tensor:
        """Tokens to begin with where nothing is known: unit noise, scaled as the scheduler has it
        for its pipelines."""
        if self.name != "euler_discrete":
            return noise
        return noise * (float(self.scheduler.init_noise_sigma) * self.rates[0].alpha)

    def run(
        self,
        x_BNP: Tensor,
        predict: Predict,
        callback: Callback,
        start: int = 0,
        draw: Callable[[], Tensor] = no_noise,
    ) -> Tensor:
        """Clean tokens (B,N,P) from tokens at the noise level of step `start`.

        draw: returns new unit noise (B,N,P), for samplers that add some; `callback` may raise to
              stop.
        """
        self.begin(start)
        x, steps = x_BNP, len(self)
        for step in range(start, steps):
            predicted = predict(step, x)
            clean = self.clean(step, x, predicted)
            x = self.step(step, x, predicted, draw)
            callback(step - start + 1, steps - start, clean)
        return x

    def begin(self, step: int) -> None:
        """Tell the scheduler at which step the run starts."""
        if hasattr(self.scheduler, "set_begin_index"):
            self.scheduler.set_begin_index(step)

    def clean(self, step: int, x: Tensor, predicted: Tensor) -> Tensor:
        """The estimate of the clean tokens (B,N,P) that follows from a prediction."""
        rates, mean = self.rates[step], predicted[..., : x.shape[-1]]
        if self.flow:
            return x - rates.sigma * mean
        return (x - rates.sigma * mean) / rates.alpha

    def step(
        self, step: int, x: Tensor, predicted: Tensor, draw: Callable[[], Tensor] = no_noise
    ) -> Tensor:
        """Tokens (B,N,P) at the next timestep."""
        if self.name == "iddpm":
            return self._ancestral(step, x, predicted)
        mean = predicted[..., : x.shape[-1]]
        if self.name == "lcm":
            return self._consistent(step, x, mean, draw)
        if self.name == "dmd":
            clean, last = self.clean(step, x, predicted), step + 1 == len(self)
            return clean if last else self.rates[step + 1].mix(clean, draw())
        if self.name == "ddpm":
            return self._posterior(step, x, predicted, draw)
        if self.name == "euler_discrete":
            return self._along_sigmas(step, x, mean)
        following: Tensor = self.scheduler.step(mean, self.times[step], x, return_dict=False)[0]
        return following

    def _ancestral(self, step: int, x: Tensor, predicted: Tensor) -> Tensor:
        """A step with learned variance; diffusers expects the variance on dimension 1."""
        following: Tensor = self.scheduler.step(
            predicted.mT, self.times[step], x.mT, generator=self.generators, return_dict=False
        )[0]
        return following.mT

    def _consistent(
        self, step: int, x: Tensor, predicted: Tensor, draw: Callable[[], Tensor]
    ) -> Tensor:
        """A step of "lcm" with noise from `draw`.

        The scheduler's own noise would depend on the mask, so it is discarded.
        """
        unused = torch.Generator().manual_seed(0)
        clean: Tensor = self.scheduler.step(
            predicted, self.times[step], x, generator=unused, return_dict=False
        )[1]
        last = step + 1 == len(self)
        return clean if last else self.rates[step + 1].mix(clean, draw())

    def _posterior(
        self, step: int, x: Tensor, predicted: Tensor, draw: Callable[[], Tensor]
    ) -> Tensor:
        """A step of "ddpm": mean and smaller variance of the posterior (Ho et al. 2020, eq. 7).

        The scheduler's own noise would depend on the mask.
        """
        config, clean = self.scheduler.config, self.clean(step, x, predicted)
        if config.clip_sample:
            clean = clean.clamp(-config.clip_sample_range, config.clip_sample_range)
        if step + 1 == len(self):
            return clean
        kept, after = self.rates[step].alpha ** 2, self.rates[step + 1].alpha ** 2
        ratio = kept / after
        of_clean = math.sqrt(after) * (1 - ratio) / (1 - kept)
        of_x = math.sqrt(ratio) * (1 - after) / (1 - kept)
        deviation = math.sqrt((1 - after) / (1 - kept) * (1 - ratio))
        return of_clean * clean + of_x * x + deviation * draw()

    def _along_sigmas(self, step: int, x: Tensor, mean: Tensor) -> Tensor:
        """A step of "euler_discrete", whose samples are clean + sigma * noise."""
        self.scheduler.is_scale_input_called = True  # x is scaled already
        last = step + 1 == len(self)
        following: Tensor = self.scheduler.step(
            mean, self.times[step], x / self.rates[step].alpha, return_dict=False
        )[0]
        return following if last else following * self.rates[step + 1].alpha


def _dmd_times(steps: int) -> list[int]:
    """Timesteps of a one-step student; of several steps, the later ones refine what is there."""
    return [round(_DMD_START * (steps - step) / steps) for step in range(steps)]


def _make(name: str, config: dict[str, Any]) -> Any:
    import diffusers

    kind = getattr(diffusers, SCHEDULERS[name])
    own = config["_class_name"] == SCHEDULERS[name]
    given = config if own else {key: config[key] for key in _TRAINED if key in config}
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)  # diffusers warns of entries that the class does not know
    try:
        return kind.from_config(given, **({} if own else _OPTIONS.get(name, {})))
    finally:
        logging.disable(before)
