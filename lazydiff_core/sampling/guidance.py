"""Classifier-free guidance (Ho and Salimans 2022) around a decoder."""

from __future__ import annotations

import torch
from torch import Tensor

from lazydiff_core.model.network.decoder import Hole, LazyDecoder
from lazydiff_core.model.network.prepared_decoder import PreparedDecoder
from lazydiff_core.model.text.prompt import Prompt, join_prompts
from lazydiff_core.sampling.sampler import Model


def guided(
    decoder: LazyDecoder, hole: Hole, prompt: Prompt, negative: Prompt | None, scale: float
) -> Model:
    """A model whose prediction is pushed from `negative` (None = the null prompt) towards `prompt`.

    Only the mean is guided, never a learned variance (as in PixArt). At scale 1 the negative
    branch is not computed. Predictions are float32 at any precision of the decoder, because
    guidance and samplers take their differences.
    """
    if scale == 1.0:
        towards_only = PreparedDecoder(decoder, hole, prompt)
        return lambda x, t: towards_only(x, t).float()
    batch = prompt.states.shape[0]
    both = join_prompts(prompt, negative or decoder.null_prompt(batch))
    holes = Hole(*(torch.cat([p, p]) for p in (hole.context, hole.index, hole.frame)))
    width = decoder.config.token_width
    prepared = PreparedDecoder(decoder, holes, both)

    def model(x: Tensor, t: Tensor) -> Tensor:
        predicted = prepared(torch.cat([x, x]), torch.cat([t, t])).float()
        towards, other = predicted.chunk(2)
        return extrapolated(towards, other, scale, width)

    return model


def extrapolated(towards: Tensor, other: Tensor, scale: float, width: int) -> Tensor:
    """Push the first `width` values of each token away from `other`; the rest stays as it is."""
    noise = other[..., :width] + scale * (towards[..., :width] - other[..., :width])
    return torch.cat([noise, towards[..., width:]], dim=-1)
