"""What a decoder is told: the states of a prompt, and what is to be painted where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

Change = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Told:
    """What is to be painted, cell by cell of the window, and in which style it is told.

    `cells` (B,C,h,w): latents less those of plain grey, then cover in [0,1]; 0 where nothing is
    told. `styles` (B,S): 1 at one style, or 0 everywhere for what is not told at all.
    """

    cells: Tensor
    styles: Tensor

    @property
    def parts(self) -> tuple[Tensor, Tensor]:
        return self.cells, self.styles

    def map(self, change: Change) -> Told:
        return Told(*map(change, self.parts))


@dataclass(frozen=True)
class Prompt:
    """Encoded prompts.

    states: (B,L,W).
    mask:   (B,L) bool, True = real token, False = padding.
    pooled: (B,W) mean state.
    told:   what is to be painted where, or None.
    """

    states: Tensor
    mask: Tensor
    pooled: Tensor
    told: Told | None = None

    def bias(self, dtype: torch.dtype) -> Tensor:
        """(B,1,1,L) additive attention mask; finite, so that no row can become NaN."""
        return torch.where(self.mask, 0.0, -1e4).to(dtype)[:, None, None, :]

    def map(self, change: Change) -> Prompt:
        """Apply a change, such as of batch or device, to every part."""
        told = None if self.told is None else self.told.map(change)
        return Prompt(change(self.states), change(self.mask), change(self.pooled), told)


def join_prompts(*prompts: Prompt) -> Prompt:
    """Join batches of prompts, padded to the longest; what is told nothing is told so."""
    longest = max(prompt.states.shape[1] for prompt in prompts)
    missing = [longest - prompt.states.shape[1] for prompt in prompts]
    return Prompt(
        torch.cat([F.pad(p.states, (0, 0, 0, n)) for p, n in zip(prompts, missing, strict=True)]),
        torch.cat([F.pad(p.mask, (0, n)) for p, n in zip(prompts, missing, strict=True)]),
        torch.cat([prompt.pooled for prompt in prompts]),
        _join_told(prompts),
    )


def _join_told(prompts: tuple[Prompt, ...]) -> Told | None:
    known = next((prompt.told for prompt in prompts if prompt.told is not None), None)
    if known is None:
        return None

    def nothing(count: int) -> Told:
        return known.map(lambda part: part.new_zeros(count, *part.shape[1:]))

    all_of = [prompt.told or nothing(len(prompt.mask)) for prompt in prompts]
    return Told(*map(torch.cat, zip(*(told.parts for told in all_of), strict=True)))


def hide_told(prompt: Prompt, hidden_B: Tensor) -> Prompt:
    """Some prompts by their text alone, (B,) bool."""
    if prompt.told is None:
        return prompt
    shown = (~hidden_B).to(prompt.told.cells)
    told = Told(prompt.told.cells * shown[:, None, None, None], prompt.told.styles * shown[:, None])
    return Prompt(prompt.states, prompt.mask, prompt.pooled, told)
