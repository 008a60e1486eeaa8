"""A canvas as the denoising loop sees it: tokens, which of them are hole, and their noise. Ours."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from lazydiff_core.contract import Mask
from lazydiff_core.sampling.schedule import Rates

_VISIBLE_SEED = 2**62


@dataclass(frozen=True, eq=False)
class TokenCanvas:
    """`tokens` (1,N,P) clean latents; `grid` (rows, columns) bool, True = generated.

    conditions: (1,N,C) what the family is told of each token besides, if anything.
    """

    tokens: Tensor
    grid: Mask
    fresh_noise: bool = False
    conditions: Tensor | None = None
    hole_N: Tensor = field(init=False)
    visible_N: Tensor = field(init=False)

    def __post_init__(self) -> None:
        device = self.tokens.device
        for name, mask in (("hole_N", self.grid), ("visible_N", ~self.grid)):
            places = torch.from_numpy(np.flatnonzero(mask)).to(device)
            object.__setattr__(self, name, places)

    @property
    def visible(self) -> Tensor:
        """(1,N_visible,P) clean tokens."""
        return self.tokens[:, self.visible_N]

    @property
    def places(self) -> Tensor:
        """All tokens, the visible first: the order in which the whole canvas is computed."""
        return torch.cat([self.visible_N, self.hole_N])

    def with_conditions(self, x_BNP: Tensor, places: Tensor) -> Tensor:
        """(B,N,P+C): noised tokens with their conditions."""
        if self.conditions is None:
            return x_BNP
        conditions = self.conditions[:, places].expand(len(x_BNP), -1, -1)
        return torch.cat([x_BNP, conditions.to(x_BNP.dtype)], -1)

    def visible_at(self, step: int, rates: Rates) -> Tensor:
        """(1,N_visible,P) noised: with one noise for all steps, so that keys drift smoothly."""
        source = torch.Generator().manual_seed(
            _VISIBLE_SEED + (step + 1 if self.fresh_noise else 0)
        )
        noise = torch.randn(self.tokens.shape[1:], generator=source)
        return rates.mix(self.visible, noise.to(self.tokens)[self.visible_N])
