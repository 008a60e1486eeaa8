"""The interface of samplers.

Legend of shapes: B samples, N hole tokens, P values of a token's latents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import torch
from torch import Tensor

# (noised tokens (B,N,P), timesteps (B,) in 0..1000) -> prediction (B,N,P or 2P)
Model: TypeAlias = Callable[[Tensor, Tensor], Tensor]
# (step, steps, estimate of the clean tokens (B,N,P)); may raise to stop
Callback: TypeAlias = Callable[[int, int, Tensor], None]
# one generator per sample, so that a sample does not depend on its batch
Generators: TypeAlias = Sequence[torch.Generator]


@dataclass(frozen=True)
class Start:
    """Where sampling starts.

    noise:    (B,N,P) unit Gaussian.
    sketch:   (B,N,P) clean latents, or None. With strength < 1, sampling starts from the noised
              sketch instead of from pure noise (SDEdit; paper section 4.5).
    strength: how far the sketch is noised, 0..1.
    """

    noise: Tensor
    sketch: Tensor | None = None
    strength: float = 1.0

    @property
    def from_sketch(self) -> bool:
        return self.sketch is not None and self.strength < 1.0


class SamplerFunction(Protocol):
    """A sampler; its result depends only on the model, `start`, `steps` and `generators`."""

    def __call__(
        self, model: Model, start: Start, steps: int, generators: Generators, callback: Callback
    ) -> Tensor:
        """Clean tokens (B,N,P); any noise added on the way comes from `generators`."""
        ...
