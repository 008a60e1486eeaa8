"""Encoded prompts: text states, and the look of the thing that the prompt names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

Change = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Looks:
    """One thing a sample, as it looks in each of S styles.

    `fields` (B,S,C,n,n): latents less those of plain grey, then cover in [0,1], over a square that
    the rendering fills along its longer side; 0 where there is nothing. `extents` (B,S,2): width
    and height over the longer of both; 0 for a style that it is not known in. `turns` (B,S,2,4):
    what turning does to it (poses.Turns).
    """

    fields: Tensor
    extents: Tensor
    turns: Tensor

    @property
    def parts(self) -> tuple[Tensor, Tensor, Tensor]:
        return self.fields, self.extents, self.turns

    def map(self, change: Change) -> Looks:
        return Looks(*map(change, self.parts))


@dataclass(frozen=True)
class Prompt:
    """Encoded prompts.

    states: (B,L,W).
    mask:   (B,L) bool, True = real token, False = padding.
    pooled: (B,W) mean state.
    looks:  looks of the things that the prompts name, or None.
    """

    states: Tensor
    mask: Tensor
    pooled: Tensor
    looks: Looks | None = None

    def bias(self, dtype: torch.dtype) -> Tensor:
        """(B,1,1,L) additive attention mask; finite, so that no row can become NaN."""
        return torch.where(self.mask, 0.0, -1e4).to(dtype)[:, None, None, :]

    def map(self, change: Change) -> Prompt:
        """Apply a change, such as of batch or device, to every part."""
        looks = None if self.looks is None else self.looks.map(change)
        return Prompt(change(self.states), change(self.mask), change(self.pooled), looks)


def join_prompts(*prompts: Prompt) -> Prompt:
    """Join batches of prompts, padded to the longest; missing looks become empty ones."""
    longest = max(prompt.states.shape[1] for prompt in prompts)
    missing = [longest - prompt.states.shape[1] for prompt in prompts]
    return Prompt(
        torch.cat([F.pad(p.states, (0, 0, 0, n)) for p, n in zip(prompts, missing, strict=True)]),
        torch.cat([F.pad(p.mask, (0, n)) for p, n in zip(prompts, missing, strict=True)]),
        torch.cat([prompt.pooled for prompt in prompts]),
        _join_looks(prompts),
    )


def _join_looks(prompts: tuple[Prompt, ...]) -> Looks | None:
    known = next((prompt.looks for prompt in prompts if prompt.looks is not None), None)
    if known is None:
        return None

    def empty(count: int) -> Looks:
        return known.map(lambda part: part.new_zeros(count, *part.shape[1:]))

    all_of = [prompt.looks or empty(len(prompt.mask)) for prompt in prompts]
    return Looks(*map(torch.cat, zip(*(looks.parts for looks in all_of), strict=True)))


def hide_styles(prompt: Prompt, hidden_BS: Tensor) -> Prompt:
    """Without the looks in some styles, (B,S) bool."""
    if prompt.looks is None:
        return prompt
    shown = (~hidden_BS).to(prompt.looks.fields)
    fields = prompt.looks.fields * shown[..., None, None, None]
    looks = Looks(fields, prompt.looks.extents * shown[..., None], prompt.looks.turns)
    return Prompt(prompt.states, prompt.mask, prompt.pooled, looks)
