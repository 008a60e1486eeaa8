from __future__ import annotations

import re
from collections.abc import Callable

import torch

from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.network.lazy_model import LazyDiffusion

NO_CHOICE = re.compile(r"cross_attention\.(query|key)")


@torch.no_grad()
def test_see_keeps_what_the_decoder_needs(make_lazy: Callable[..., LazyDiffusion]) -> None:
    lazy = make_lazy()
    latents, mask = torch.randn(2, 4, 16, 16), torch.ones(2, 1, 64, 64)
    index, frame = torch.tensor([[0, 9, 33], [1, 2, 3]]), torch.randn(2, 3, 6)
    hole = lazy.encode_context(latents, mask, index, frame)
    assert torch.equal(hole.context, lazy.context_encoder(latents, mask, index))
    assert hole.index is index
    assert hole.frame is frame


def test_the_denoising_loss_trains_every_parameter(
    make_lazy: Callable[..., LazyDiffusion], tiny_config: LazyConfig
) -> None:
    """Encoder and decoder learn jointly, from the decoder's output alone."""
    lazy = make_lazy()
    index = torch.tensor([[0, 9, 33]])
    latents, mask = torch.randn(1, 4, 16, 16), torch.rand(1, 1, 64, 64)
    hole = lazy.encode_context(latents, mask, index, torch.randn(1, 3, 6))
    x, t = torch.randn(1, 3, tiny_config.token_width), torch.tensor([500.0])
    lazy.decoder(x, t, hole, lazy.decoder.null_prompt(1)).square().sum().backward()
    idle = {
        name for name, p in lazy.named_parameters() if not (p.grad is not None and p.grad.any())
    }
    # The null prompt is one token: whatever its key, all attention goes there.
    assert {name for name in idle if not NO_CHOICE.search(name)} == set()
