"""diffusers' schedulers over tokens: one run's timesteps, and a step of the hole's tokens alone.

Everything a scheduler does is done value by value, so its state need hold no visible token.
Tokens travel as (B,N,P).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from lazydiff_core.errors import InputError, ModelError

# name -> diffusers' class
SCHEDULERS = {
    "dpm++": "DPMSolverMultistepScheduler",
    "ddim": "DDIMScheduler",
    "lcm": "LCMScheduler",
    "euler": "FlowMatchEulerDiscreteScheduler",
}
_NOISE_PREDICTING = ("dpm++", "ddim")
_TRAINED = (
    "num_train_timesteps", "beta_start", "beta_end", "beta_schedule", "trained_betas",
)  # fmt: skip
_DDIM = {"clip_sample": False, "set_alpha_to_one": False}


def samplers_of(config: dict[str, Any]) -> tuple[str, ...]:
    """Samplers that serve a checkpoint with this scheduler, its own first; ModelError for none."""
    names = {kind: name for name, kind in SCHEDULERS.items()}
    kind = config["_class_name"]
    predicted = config.get("prediction_type", "epsilon")
    if kind not in names or predicted != "epsilon" or config.get("thresholding"):
        raise ModelError(
            f"The scheduler {kind} (predicting {predicted}) cannot drive hole tokens alone; "
            f"use a checkpoint with one of {', '.join(names)}."
        )
    own = names[kind]
    if own not in _NOISE_PREDICTING:
        return (own,)  # few-step and flow models are trained for theirs
    return (own, *(name for name in _NOISE_PREDICTING if name != own))


@dataclass(frozen=True)
class Rates:
    """x_t = alpha * clean + sigma * noise."""

    alpha: float
    sigma: float

    def mix(self, clean: Tensor, noise: Tensor) -> Tensor:
        return self.alpha * clean + self.sigma * noise


class Schedule:
    """One run: `times` and `rates`, one a step. `name` in SCHEDULERS, `config` the folder's.

    Raises InputError where the scheduler cannot make so many steps.
    """

    def __init__(self, name: str, config: dict[str, Any], timetable: dict[str, Any]) -> None:
        self.name = name
        self.scheduler = _make(name, config)
        try:
            self.scheduler.set_timesteps(**timetable)
        except ValueError as error:
            reason = " ".join(str(error).split())
            raise InputError(f"The sampler {name} cannot make that many steps: {reason}") from error
        self.times: list[Tensor] = list(self.scheduler.timesteps)
        self.flow = name == "euler"
        self.rates = [self._rates(step) for step in range(len(self.times))]

    def __len__(self) -> int:
        return len(self.times)

    def _rates(self, step: int) -> Rates:
        if self.flow:
            sigma = float(self.scheduler.sigmas[step])
            return Rates(1 - sigma, sigma)
        if hasattr(self.scheduler, "sigmas"):  # of noise against signal
            ratio = float(self.scheduler.sigmas[step])
            alpha = (ratio**2 + 1) ** -0.5
            return Rates(alpha, ratio * alpha)
        kept = float(self.scheduler.alphas_cumprod[int(self.times[step])])
        return Rates(kept**0.5, (1 - kept) ** 0.5)

    def begin(self, step: int) -> None:
        """Start at a later step than the first."""
        if hasattr(self.scheduler, "set_begin_index"):
            self.scheduler.set_begin_index(step)

    def clean(self, step: int, x: Tensor, predicted: Tensor) -> Tensor:
        """The clean tokens that a prediction stands for."""
        rates = self.rates[step]
        if self.flow:
            return x - rates.sigma * predicted
        return (x - rates.sigma * predicted) / rates.alpha

    def step(self, step: int, x: Tensor, predicted: Tensor, draw: Callable[[], Tensor]) -> Tensor:
        """Tokens at the next timestep; `draw` gives unit noise where the sampler adds any."""
        if self.name == "lcm":
            return self._consistent(step, x, predicted, draw)
        following: Tensor = self.scheduler.step(predicted, self.times[step], x, return_dict=False)[
            0
        ]
        return following

    def _consistent(
        self, step: int, x: Tensor, predicted: Tensor, draw: Callable[[], Tensor]
    ) -> Tensor:
        """The scheduler's own noise is thrown away: a place must keep its noise for any mask."""
        unused = torch.Generator().manual_seed(0)
        clean: Tensor = self.scheduler.step(
            predicted, self.times[step], x, generator=unused, return_dict=False
        )[1]
        last = step + 1 == len(self)
        return clean if last else self.rates[step + 1].mix(clean, draw())


def _make(name: str, config: dict[str, Any]) -> Any:
    import diffusers

    kind = getattr(diffusers, SCHEDULERS[name])
    own = config["_class_name"] == SCHEDULERS[name]
    given = config if own else {key: config[key] for key in _TRAINED if key in config}
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)  # of entries that a class does not know
    try:
        return kind.from_config(given, **(_DDIM if name == "ddim" and not own else {}))
    finally:
        logging.disable(before)
