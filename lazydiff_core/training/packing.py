"""Batches of holes of different size: packed in one row without padding, or padded and masked."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any, Final

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from lazydiff_core.model.network.decoder import Hole, LazyDecoder
from lazydiff_core.model.network.segments import Segments, attend_nested
from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.training.recipe import Ragged

_log = logging.getLogger(__name__)
_PLAINLY: Final[dict[str, Any]] = {"use_reentrant": False}


def packs(ragged: Ragged, device: torch.device, size: int) -> bool:
    """Whether tokens of different samples are to lie in one row, for heads of this size.

    "auto": where attention within samples of a row has a kernel, or costs nothing extra (CPU).
    """
    if ragged != "auto":
        return ragged == "packed"
    if device.type != "cuda":
        return device.type == "cpu"
    mixed = torch.is_autocast_enabled("cuda")
    return nested_works(device, size, torch.get_autocast_dtype("cuda") if mixed else torch.float32)


@lru_cache(maxsize=16)
def nested_works(device: torch.device, size: int, dtype: torch.dtype) -> bool:
    """Whether nested attention can be trained here: tried once, also recomputed.

    Where PyTorch has no fused kernel, as on some AMD cards, it falls back to one whose tensors
    cannot be recomputed.
    """
    q, k, v = (
        torch.ones(1, 1, 3, size, device=device, dtype=dtype, requires_grad=True) for _ in range(3)
    )
    try:
        with torch.enable_grad(), torch.autocast(device.type, enabled=False):
            y = checkpoint(attend_nested, q, k, v, Segments((1, 2), (1, 2), device), **_PLAINLY)
            y.sum().backward()
    except RuntimeError as error:
        reason = " ".join(str(error).split())[:200]
        _log.info("Holes are padded, for nested attention does not work on %s: %s", device, reason)
        return False
    return True


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

    prompt: one a sample, or one for each run of equally many samples.
    Returns (B,N,output_width); what it holds beyond a hole's length has no meaning.
    """
    longest = x_BNP.shape[1]
    if min(lengths) == longest:
        prediction: Tensor = decoder(x_BNP, t_B, hole, prompt)
        return prediction
    each = len(x_BNP) // len(prompt.states)
    prompt = prompt.map(lambda part: part.repeat_interleave(each, 0))
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
