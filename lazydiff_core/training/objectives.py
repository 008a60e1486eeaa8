"""What a model learns to predict: how tokens are noised, and what an error costs.

Shape legend: B samples (with their draws), N tokens, P numbers a token.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.model.files.config import Objective
from lazydiff_core.model.text.prompt import Prompt, hide_told
from lazydiff_core.sampling.scheduled import BETAS


@dataclass(frozen=True)
class Noised:
    """Clean tokens and their noised state (B,N,P) at times t (B,) in 0..1000."""

    clean: Tensor
    noise: Tensor
    state: Tensor
    t: Tensor


class TrainingObjective(Protocol):
    """One way of noising and of judging predictions; a new one is a line in `objective_for`."""

    def times(self, quantile_B: Tensor) -> Tensor:
        """Timesteps (B,) float32 in 0..1000 from uniform numbers in [0,1]: both ends are allowed,
        since rounding in float32 reaches 1."""
        ...

    def noised(self, clean: Tensor, noise: Tensor, t: Tensor) -> Noised:
        """Tokens at these times."""
        ...

    def errors(self, prediction: Tensor, noised: Noised) -> dict[str, Tensor]:
        """Terms (B,N), each a mean over a token's numbers; training minimises their sum."""
        ...


@dataclass(frozen=True)
class RectifiedFlow:
    """x_t = (1-t) x + t n; the model predicts the velocity n - x (Liu et al. 2022).

    Times are logit-normal (Esser et al. 2024) with location `time_mean` and scale 1.
    """

    time_mean: float = 0.0

    def times(self, quantile_B: Tensor) -> Tensor:
        scores = torch.special.ndtri(quantile_B.clamp(1e-4, 1 - 1e-4))
        return torch.sigmoid(self.time_mean + scores) * 1000

    def noised(self, clean: Tensor, noise: Tensor, t: Tensor) -> Noised:
        return Noised(clean, noise, torch.lerp(clean, noise, t[:, None, None] / 1000), t)

    def errors(self, prediction: Tensor, noised: Noised) -> dict[str, Tensor]:
        return {"velocity": _squares(prediction - (noised.noise - noised.clean))}


@dataclass(frozen=True)
class ImprovedDdpm:
    """Noise and learned variance over T=1000 steps (Nichol and Dhariwal 2021; paper section 3.3).

    The hybrid loss: squared error of the noise + `weight` T L_t, where L_t is one term of the
    variational bound in bits a number, its mean held fixed so that it trains the variance alone.
    """

    weight: float = 1e-3

    def times(self, quantile_B: Tensor) -> Tensor:
        steps = len(schedule().alpha)
        return (quantile_B * steps).floor().clamp(max=steps - 1)

    def noised(self, clean: Tensor, noise: Tensor, t: Tensor) -> Noised:
        alpha = _at(schedule_on(t.device).alpha, t)
        return Noised(clean, noise, alpha.sqrt() * clean + (1 - alpha).sqrt() * noise, t)

    def errors(self, prediction: Tensor, noised: Noised) -> dict[str, Tensor]:
        noise, share = prediction.chunk(2, dim=-1)
        bits = bound_bits(noise.detach(), share, noised)
        steps = len(schedule().alpha)
        return {
            "noise": _squares(noise - noised.noise),
            "variance": self.weight * steps * bits.mean(-1),
        }


def objective_for(name: Objective, time_mean: float, bound_weight: float) -> TrainingObjective:
    """The objective of a model's config."""
    return RectifiedFlow(time_mean) if name == "flow" else ImprovedDdpm(bound_weight)


# --- the variational bound ------------------------------------------------------------------------


@dataclass(frozen=True)
class Schedule:
    """Of each step, (T,): share of signal left, and what the reverse step needs.

    log_low, log_high: the bounds of the reverse variance, of which the lower is the posterior's.
    of_clean, of_state: the posterior mean is of_clean x_0 + of_state x_t.
    """

    alpha: Tensor
    log_low: Tensor
    log_high: Tensor
    of_clean: Tensor
    of_state: Tensor


@lru_cache(maxsize=1)
def schedule() -> Schedule:
    """PixArt's schedule in float64 on the CPU: T=1000, linear betas."""
    steps = BETAS["num_train_timesteps"]
    beta = torch.linspace(BETAS["beta_start"], BETAS["beta_end"], steps, dtype=torch.float64)
    alpha = (1 - beta).cumprod(0)
    before = torch.cat([torch.ones(1, dtype=torch.float64), alpha[:-1]])
    low = beta * (1 - before) / (1 - alpha)
    low[0] = low[1]  # the last step's is 0, whose logarithm nothing can be compared with
    of_clean = before.sqrt() * beta / (1 - alpha)
    of_state = (1 - beta).sqrt() * (1 - before) / (1 - alpha)
    return Schedule(alpha, low.log(), beta.log(), of_clean, of_state)


@lru_cache(maxsize=8)
def schedule_on(device: torch.device) -> Schedule:
    """`schedule` in float32 on a device: Apple's have no float64."""
    whole = schedule()
    return Schedule(*(getattr(whole, row.name).float().to(device) for row in fields(whole)))


def bound_bits(noise: Tensor, share: Tensor, noised: Noised) -> Tensor:
    """One term of the variational bound, (B,N,P) in bits.

    noise: predicted; share: the predicted log variance between its bounds, -1..1.
    For t > 0 it is KL(q(x_t-1 | x_t, x_0) || p); for t = 0 the likelihood of x_0 in a bin of
    1/127.5, as for 8-bit images, but without cutting at +-1, which latents do not keep to.
    """
    t = noised.t
    s = schedule_on(t.device)
    alpha, low, high = (_at(v, t) for v in (s.alpha, s.log_low, s.log_high))
    of_clean, of_state = _at(s.of_clean, t), _at(s.of_state, t)
    clean = (noised.state - (1 - alpha).sqrt() * noise) / alpha.sqrt()
    distance = of_clean * (noised.clean - clean)  # of the means; x_t's part is the same
    log_variance = low + (share + 1) / 2 * (high - low)
    kl = 0.5 * (
        log_variance - low - 1 + (low - log_variance).exp() + distance**2 / log_variance.exp()
    )
    mean = of_clean * clean + of_state * noised.state
    first = -_log_bin(noised.clean - mean, (0.5 * log_variance).exp())
    return torch.where(t[:, None, None] == 0, first, kl) / math.log(2)


def _log_bin(distance: Tensor, deviation: Tensor) -> Tensor:
    """Logarithm of a normal distribution's mass in a bin of 2/255 at this distance."""
    upper = torch.special.ndtr((distance + 1 / 255) / deviation)
    lower = torch.special.ndtr((distance - 1 / 255) / deviation)
    mass: Tensor = (upper - lower).clamp(min=1e-12)
    return mass.log()


def _at(table_T: Tensor, t_B: Tensor) -> Tensor:
    """(B,1,1) entries of a table."""
    return table_T[t_B.long()][:, None, None]


def _squares(error: Tensor) -> Tensor:
    return error.square().mean(-1)


# --- draws ----------------------------------------------------------------------------------------


def stratified(batch: int, draws: int, generator: torch.Generator) -> Tensor:
    """(batch*draws,) uniform numbers in [0,1); the draws of one sample share no part of it."""
    low = torch.arange(draws).repeat(batch)
    drawn = (low + torch.rand(batch * draws, generator=generator)) / draws
    # The sum is rounded, and the last number below 1 becomes the next part's first.
    ends = torch.nextafter((low + 1) / draws, torch.tensor(0.0))
    return torch.minimum(drawn, ends)


def drop_prompts(prompt: Prompt, null: Prompt, dropped_B: Tensor) -> Prompt:
    """Replace some prompts by the learned null prompt (for classifier-free guidance)."""
    length = prompt.states.shape[1]
    states = F.pad(null.states, (0, 0, 0, length - null.states.shape[1]))
    mask = F.pad(null.mask, (0, length - null.mask.shape[1]))
    keep = ~dropped_B
    return Prompt(
        torch.where(keep[:, None, None], prompt.states, states),
        torch.where(keep[:, None], prompt.mask, mask),
        torch.where(keep[:, None], prompt.pooled, null.pooled),
        hide_told(prompt, dropped_B).told,
    )
