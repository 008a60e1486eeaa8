"""The denoising loop over hole tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from lazydiff_core.backends.cached_dit.family import Family, Text
from lazydiff_core.backends.cached_dit.token_canvas import TokenCanvas
from lazydiff_core.sampling.noise import noise_source
from lazydiff_core.sampling.sampler import Callback
from lazydiff_core.sampling.schedule import Schedule


class Predictor(Protocol):
    """Predicts hole tokens: a KVCache or a RefreshRun."""

    def predict(self, step: int, x_BNP: Tensor, text: Text) -> Tensor: ...


@dataclass(frozen=True, eq=False)
class Guidance:
    """The text of all samples, for classifier-free guidance.

    text:  a batch of `branches` x samples, the negative branch first.
    scale: guidance scale; 1 = one branch, no guidance.
    """

    text: Text
    scale: float = 1.0

    @property
    def branches(self) -> int:
        return 1 if self.scale == 1.0 else 2


def make_guidance(
    family: Family, prompt: Text, negative: Text, scale: float, samples: int
) -> Guidance:
    """Classifier-free guidance as in diffusers' pipelines: off at scales up to 1."""
    if scale <= 1.0 or not family.defaults.guidable:
        return Guidance(family.batch([prompt] * samples))
    return Guidance(family.batch([negative] * samples + [prompt] * samples), scale)


class HoleNoise:
    """Unit noise at the hole tokens, taken from noise of the whole canvas.

    So a place has the same noise for any mask. It is drawn as in diffusers' pipelines: on the CPU,
    with one generator per sample.
    """

    def __init__(self, family: Family, canvas: TokenCanvas, seeds: Sequence[int]) -> None:
        self.family, self.canvas = family, canvas
        self.generators = [noise_source(seed) for seed in seeds]
        codec, side = family.codec, family.shape.side
        self.shape = (codec.channels, side // codec.scale, side // codec.scale)

    def draw(self) -> Tensor:
        """(B,N_hole,P) float32."""
        noise = torch.stack([torch.randn(self.shape, generator=g) for g in self.generators])
        return self.family.tokens_of(noise).to(self.canvas.tokens.device)[:, self.canvas.hole_N]


def denoise(
    predictor: Predictor,
    schedule: Schedule,
    x_BNP: Tensor,
    guidance: Guidance,
    noise: HoleNoise,
    on_step: Callback,
    start: int = 0,
) -> Tensor:
    """Clean hole tokens (B,N_hole,P) float32, from noised ones at step `start`."""

    def predict(step: int, x: Tensor) -> Tensor:
        predicted = predictor.predict(step, x.repeat(guidance.branches, 1, 1), guidance.text)
        if guidance.branches == 1:
            return predicted
        negative, positive = predicted.chunk(2)
        return noise.family.guided(positive, negative, guidance.scale, schedule.times[step])

    return schedule.run(x_BNP, predict, on_step, start, noise.draw)
