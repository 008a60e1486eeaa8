"""The canvas of the denoising loop: its tokens, which of them are hole, and their noise."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from lazydiff_core.contract import Mask
from lazydiff_core.sampling.schedule import Rates

_VISIBLE_SEED = 2**62


@dataclass(frozen=True, eq=False)
class References:
    """Clean tokens of the pictures that a prompt may refer to.

    tokens: (1,R,P).
    places: (R,) int64, behind those of the canvas (`DitShape.places`).
    """

    tokens: Tensor
    places: Tensor

    def __len__(self) -> int:
        return len(self.places)


@dataclass(frozen=True, eq=False)
class TokenCanvas:
    """The tokens of a canvas, split into hole and visible tokens.

    tokens:      (1,N,P) clean latents.
    grid:        (rows, columns) bool, True = generated.
    fresh_noise: draw new noise for the visible tokens at each step.
    conditions:  (1,N,C) the family's extra input for each token, or None.
    references:  tokens that are computed together with the visible ones.
    hole_N, visible_N: int64 row-major places of these tokens.
    """

    tokens: Tensor
    grid: Mask
    fresh_noise: bool = False
    conditions: Tensor | None = None
    references: References | None = None
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
    def kept_places(self) -> Tensor:
        """Places of the visible tokens and behind them the references', whose keys are kept."""
        if self.references is None:
            return self.visible_N
        return torch.cat([self.visible_N, self.references.places])

    @property
    def places(self) -> Tensor:
        """Places of all tokens, the hole's last: their order in a full step."""
        return torch.cat([self.kept_places, self.hole_N])

    def kept_at(self, step: int, rates: Rates) -> Tensor:
        """(1,K,P) tokens at `kept_places` as they are at a step: references are never noised."""
        visible = self.visible_at(step, rates)
        if self.references is None:
            return visible
        return torch.cat([visible, self.references.tokens], 1)

    def with_conditions(self, x_BNP: Tensor, places: Tensor) -> Tensor:
        """(B,N,P+C): noised tokens with their conditions, if there are any."""
        if self.conditions is None:
            return x_BNP
        conditions = self.conditions[:, places].expand(len(x_BNP), -1, -1)
        return torch.cat([x_BNP, conditions.to(x_BNP.dtype)], -1)

    def visible_at(self, step: int, rates: Rates) -> Tensor:
        """(1,N_visible,P) visible tokens noised for a step.

        All steps share one noise (unless `fresh_noise`), so that keys drift smoothly.
        """
        source = torch.Generator().manual_seed(
            _VISIBLE_SEED + (step + 1 if self.fresh_noise else 0)
        )
        noise = torch.randn(self.tokens.shape[1:], generator=source)
        return rates.mix(self.visible, noise.to(self.tokens)[self.visible_N])
