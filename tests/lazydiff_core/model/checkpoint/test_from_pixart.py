"""The decoder initialised from a PixArt folder against diffusers' PixArt: the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import PixArtTransformer2DModel
from torch import Tensor

from lazydiff_core.model.checkpoint.from_pixart import config_for_pixart, initialise_from_pixart
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.network.decoder import Hole, LazyDecoder
from lazydiff_core.model.network.transformer_layers import patchify, unpatchify
from lazydiff_core.model.text.prompt import Prompt

C, P, GRID, WIDTH = 4, 2, 6, 36
SOME = torch.tensor([0, 1, 7, 8, 20, 35])


@pytest.fixture(scope="module", params=[(1, False), (2, False), (2, True)])
def pixart(request: pytest.FixtureRequest, randomise: Callable[[Any], Any]) -> Any:
    interpolation, micro = request.param
    model = PixArtTransformer2DModel(
        num_attention_heads=3,
        attention_head_dim=WIDTH // 3,
        in_channels=C,
        out_channels=2 * C,
        num_layers=2,
        cross_attention_dim=WIDTH,
        sample_size=GRID * P,
        patch_size=P,
        caption_channels=24,
        use_additional_conditions=micro,
        interpolation_scale=interpolation,
    )
    return randomise(model)


@pytest.fixture(scope="module")
def folder(pixart: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pixart")
    pixart.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def decoder(folder: Path) -> LazyDecoder:
    return initialise_from_pixart(str(folder), config_for_pixart(folder)).decoder.eval()


@pytest.fixture
def latents() -> Tensor:
    return torch.randn(2, C, GRID * P, GRID * P)


@pytest.fixture
def prompt() -> Prompt:
    mask = torch.tensor([[True, True, True], [True, False, False]])
    return Prompt(torch.randn(2, 3, 24), mask, torch.zeros(2, 24))


TIMES = torch.tensor([17, 940])


def hole_of(index: Tensor) -> Hole:
    count = len(index)
    context = torch.randn(2, count, WIDTH)  # without effect on an untrained joining layer
    return Hole(context, index.expand(2, -1), torch.zeros(2, count, 6))


@torch.no_grad()
def reference(pixart: Any, latents: Tensor, prompt: Prompt, seen: Tensor | None = None) -> Tensor:
    side = float(latents.shape[-1] * 8)
    predicted: Tensor = pixart(
        latents,
        encoder_hidden_states=prompt.states,
        timestep=TIMES,
        added_cond_kwargs={
            "resolution": torch.full((2, 2), side),
            "aspect_ratio": torch.ones(2, 1),
        },
        attention_mask=seen,
        encoder_attention_mask=prompt.mask,
    ).sample
    return predicted


@torch.no_grad()
def predict_all(decoder: LazyDecoder, latents: Tensor, prompt: Prompt) -> Tensor:
    grid = latents.shape[-1] // P
    hole = hole_of(torch.arange(grid**2))
    predicted = decoder(patchify(latents, P), TIMES.float(), hole, prompt)
    halves = [unpatchify(half, P, grid, grid) for half in predicted.chunk(2, -1)]
    return torch.cat(halves, 1)


def test_all_tokens(decoder: LazyDecoder, pixart: Any, latents: Tensor, prompt: Prompt) -> None:
    expected = reference(pixart, latents, prompt)
    assert expected.std() > 0.1
    assert torch.allclose(predict_all(decoder, latents, prompt), expected, atol=1e-5)


@torch.no_grad()
def test_a_hole_is_attention_masked_to_it(
    decoder: LazyDecoder, pixart: Any, latents: Tensor, prompt: Prompt
) -> None:
    tokens = patchify(latents, P)[:, SOME]
    predicted = decoder(tokens, TIMES.float(), hole_of(SOME), prompt)
    seen = torch.zeros(2, GRID**2)
    seen[:, SOME] = 1
    expected = reference(pixart, latents, prompt, seen)
    halves = [patchify(half, P)[:, SOME] for half in expected.chunk(2, 1)]
    assert torch.allclose(predicted, torch.cat(halves, -1), atol=1e-5)
    unmasked = reference(pixart, latents, prompt)
    assert not torch.allclose(unmasked, expected, atol=1e-2)


def test_a_larger_side_stretches_positions_as_pixart_does(
    folder: Path, pixart: Any, prompt: Prompt
) -> None:
    config = config_for_pixart(folder, side=2 * GRID * P * 8)
    decoder = initialise_from_pixart(str(folder), config).decoder.eval()
    latents = torch.randn(2, C, 2 * GRID * P, 2 * GRID * P)
    expected = reference(pixart, latents, prompt)
    assert torch.allclose(predict_all(decoder, latents, prompt), expected, atol=1e-5)


def test_the_config_follows_the_folders(folder: Path, pixart: Any) -> None:
    config = config_for_pixart(folder)
    assert (config.side, config.grid, config.base_size) == (GRID * P * 8, GRID, GRID)
    assert config.micro_conditions == pixart.config.use_additional_conditions
    assert config.interpolation_scale == pixart.config.interpolation_scale
    assert config_for_pixart(folder, context_blocks=5).context_blocks == 5


def test_additions_of_ours_are_silent_at_first(
    folder: Path, decoder: LazyDecoder, latents: Tensor, prompt: Prompt
) -> None:
    config: LazyConfig = config_for_pixart(folder, hole_frame=True, pooled_text=True)
    richer = initialise_from_pixart(str(folder), config).decoder.eval()
    expected = predict_all(decoder, latents, prompt)
    assert torch.equal(predict_all(richer, latents, prompt), expected)
