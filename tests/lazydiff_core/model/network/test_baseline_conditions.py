from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from lazydiff_core.contract import Framing
from lazydiff_core.errors import ModelError
from lazydiff_core.model.files.config import BUNDLED, CROP_SHARE, XL, LazyConfig, baseline
from lazydiff_core.model.network.baseline_conditions import BaselineConditions
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.network.transformer_layers import patchify
from lazydiff_core.model.text.prompt import Prompt

# f8 and 4 latent channels as in the paper, one channel of mask.
PAPER = replace(
    baseline(XL, "regenerate_image"),
    side=64, width=24, heads=2, decoder_blocks=1, text_width=8, base_size=None,
)  # fmt: skip


def seeded(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def box_mask(side: int = 64) -> Tensor:
    mask = torch.zeros(1, 1, side, side)
    mask[..., 16:40, 8:48] = 1
    return mask


def test_the_input_layer_is_one_linear_layer_on_nine_channels(
    randomise: Callable[..., LazyDiffusion],
) -> None:
    """Noised latents, visible latents and mask: a convolution of 4 + 4 + 1 channels, folded."""
    model = randomise(LazyDiffusion(PAPER))
    conditions, decoder = model.context_encoder, model.decoder
    assert isinstance(conditions, BaselineConditions)
    noised, visible, mask = seeded(1, 4, 8, 8), seeded(1, 4, 8, 8, seed=1), box_mask()
    index = torch.arange(16)[None]
    token, context = decoder.join.weight.chunk(2, dim=1)
    positions = decoder.positions
    assert isinstance(positions, Tensor)
    with torch.no_grad():
        hole = model.encode_context(visible, mask, index, torch.zeros(1, 16, 6))
        x = decoder.embed(patchify(noised, 2)) + positions[index]
        joined = decoder.join(torch.cat([x, hole.context], -1))
        # The same as weights of a 2x2 convolution with stride 2.
        noise_part = (token @ decoder.embed.weight).view(24, 2, 2, 4)
        seen_part = (context @ conditions.embed.weight).view(24, 2, 2, 5)
        weight = torch.cat([noise_part, seen_part], -1).permute(0, 3, 1, 2)
        nine = torch.cat([noised, visible, conditions.mask_down(mask)], 1)
        assert nine.shape[1] == weight.shape[1] == 9
        bias = decoder.join(torch.cat([decoder.embed.bias, conditions.embed.bias]))
        folded = torch.nn.functional.conv2d(nine, weight, bias, stride=2).flatten(2).mT
        assert torch.allclose(folded + positions @ token.T, joined, atol=1e-5)


def test_the_mask_starts_as_the_share_of_hole_pixels() -> None:
    conditions = BaselineConditions(PAPER)
    down = conditions.mask_down(box_mask())
    assert down.shape == (1, 1, 8, 8)
    assert torch.allclose(down, torch.nn.functional.avg_pool2d(box_mask(), 8), atol=1e-6)


def test_conditions_of_some_tokens_are_those_of_all() -> None:
    conditions = BaselineConditions(baseline(BUNDLED, "regenerate_image"))
    latents, mask = seeded(2, 16, 32, 32), torch.rand(2, 1, 512, 512).round()
    index = torch.stack([torch.randperm(256)[:7] for _ in range(2)])
    every = conditions(latents, mask, torch.arange(256).expand(2, -1))
    some = conditions(latents, mask, index)
    assert every.shape == (2, 256, 256)
    for k in range(2):
        assert torch.allclose(some[k], every[k, index[k]], atol=1e-5)


def test_a_new_baseline_sees_its_conditions_once_it_learns() -> None:
    """The joining layer starts at zero on the context: the gradient reaches it first."""
    model = LazyDiffusion(PAPER)
    hole = model.encode_context(
        seeded(1, 4, 8, 8), box_mask(), torch.arange(16)[None], torch.zeros(1, 16, 6)
    )
    states = torch.zeros(1, 3, 8)
    prompt = Prompt(states, torch.ones(1, 3, dtype=torch.bool), states[:, 0])
    torch.nn.init.ones_(model.decoder.out.weight)
    model.decoder(seeded(1, 16, 16), torch.tensor([500.0]), hole, prompt).square().sum().backward()
    gradient = model.decoder.join.weight.grad
    assert gradient is not None
    assert gradient[:, 24:].abs().sum() > 0


def test_the_decoder_is_the_lazy_models() -> None:
    lazy = LazyDiffusion(BUNDLED).decoder.state_dict()
    image = LazyDiffusion(baseline(BUNDLED, "regenerate_image")).decoder.state_dict()
    assert {k: v.shape for k, v in lazy.items()} == {k: v.shape for k, v in image.items()}


@pytest.mark.parametrize("config", [BUNDLED, XL])
def test_sizes_of_the_baselines(config: LazyConfig) -> None:
    image, crop = (baseline(config, name) for name in ("regenerate_image", "regenerate_crop"))
    assert (image.side, image.grid) == (config.side, config.grid)
    assert (crop.side, crop.token_pixels) == (config.side // 2, config.token_pixels)
    assert crop.grid**2 * 4 == config.grid**2
    assert (image.framing, crop.framing) == (
        config.framing,
        Framing(CROP_SHARE, CROP_SHARE, config.object_grid),
    )
    assert not config.regenerates
    assert image.regenerates


def test_positions_of_a_crop_are_those_of_a_model_made_for_it() -> None:
    """PixArt's for 512 pixels: 32 tokens a side, not stretched."""
    crop = baseline(XL, "regenerate_crop")
    assert (crop.base_size, crop.interpolation_scale) == (32, 1.0)


def test_an_unknown_architecture() -> None:
    with pytest.raises(ModelError, match="no architecture 'magic'"):
        LazyConfig.from_dict({"architecture": "magic"})
