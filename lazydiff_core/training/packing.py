"""Batches of holes of different size: packed in one row without padding, or padded and masked."""

from __future__ import annotations

import torch
from torch import Tensor

from lazydiff_core.model.network.decoder import Hole, LazyDecoder
from lazydiff_core.model.network.segments import Segments
from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.training.recipe import Ragged

# Devices on which attention within samples of one row has a kernel, or costs nothing extra.
_PACKING = ("cuda", "cpu")


def packs(ragged: Ragged, device: torch.device) -> bool:
    """Whether tokens of different samples are to lie in one row on this device."""
    return device.type in _PACKING if ragged == "auto" else ragged == "packed"


def decode(
    decoder: LazyDecoder,
    x_BNP: Tensor,
    t_B: Tensor,
    hole: Hole,
    prompt: Prompt,
    lengths: tuple[int, ...],
    *,
    packed: bool,
) -> Tensor:
    """The decoder's prediction for B holes of which only the first `lengths` tokens count.

    Returns (B,N,output_width); what it holds beyond a hole's length has no meaning.
    """
    longest = x_BNP.shape[1]
    if min(lengths) == longest:
        prediction: Tensor = decoder(x_BNP, t_B, hole, prompt)
        return prediction
    real = torch.arange(longest) < torch.tensor(lengths)[:, None]
    if not packed:
        padded: Tensor = decoder(x_BNP, t_B, hole, prompt, _forbid(~real, x_BNP))
        return padded
    places = real.flatten().nonzero()[:, 0].to(x_BNP.device)
    segments = Segments(lengths, lengths, x_BNP.device)
    row = Hole(*(_row(part, places) for part in (hole.context, hole.index, hole.frame)))
    y: Tensor = decoder(_row(x_BNP, places), t_B, row, prompt, segments)[0]
    empty = y.new_zeros(real.numel(), y.shape[-1])
    return empty.index_copy(0, places, y).view(*real.shape, -1)


def _row(x_BNX: Tensor, places_T: Tensor) -> Tensor:
    """(B,N,...) -> (1,T,...)."""
    return x_BNX.flatten(0, 1)[places_T][None]


def _forbid(padding_BN: Tensor, like: Tensor) -> Tensor:
    """(B,1,1,N) additive mask; finite, as the prompts' is."""
    bias = torch.zeros(padding_BN.shape).masked_fill(padding_BN, -1e4)
    return bias.to(like.device, like.dtype)[:, None, None, :]
