"""Shapes, whitening, and that a crop with its halo is exact: what makes latents lazy."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
import torch

from lazydiff_core.contract import Box
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.model.autoencoders.bundled_autoencoder import (
    Autoencoder,
    AutoencoderConfig,
    ResidualBlock,
)
from lazydiff_core.model.autoencoders.layer_crops import run_whole, spread

SMALL = AutoencoderConfig(
    scale=4,
    stem=2,
    channels=3,
    fine_width=8,
    fine_blocks=1,
    width=12,
    blocks=1,
    decoder_widths=(12, 8),
    decoder_blocks=(1, 2),
)
SHAPES = [
    SMALL,
    dataclasses.replace(SMALL, stem=4),
    dataclasses.replace(
        SMALL, scale=8, fine_blocks=0, decoder_widths=(12, 8, 4), decoder_blocks=(0, 3, 1)
    ),
]


@pytest.fixture(params=SHAPES, ids=["fold 2", "fold 1", "fold 4"])
def autoencoder(request: pytest.FixtureRequest, randomise: Callable[[Any], Any]) -> Autoencoder:
    filled: Autoencoder = randomise(Autoencoder(request.param))
    assert filled.whiten.running_mean is not None
    filled.whiten.running_mean.normal_()
    return filled


@torch.no_grad()
def test_shapes(autoencoder: Autoencoder) -> None:
    scale = autoencoder.config.scale
    latents = autoencoder.encode(torch.rand(2, 3, 6 * scale, 4 * scale))
    assert latents.shape == (2, 3, 6, 4)
    assert autoencoder.decode(latents).shape == (2, 3, 6 * scale, 4 * scale)
    assert autoencoder(torch.rand(1, 3, scale, scale)).shape == (1, 3, scale, scale)


@torch.no_grad()
@pytest.mark.parametrize("direction", ["encoding", "decoding"])
def test_the_halo_of_a_crop_is_what_a_cell_reaches(
    autoencoder: Autoencoder, direction: str
) -> None:
    """No less, or crops would not be exact; no more, or they would cost too much."""
    codec, scale = autoencoder.double(), autoencoder.config.scale
    layers, size = getattr(codec, direction)(), 41 * (scale if direction == "encoding" else 1)
    x = torch.randn(1, 3, size, size, dtype=torch.float64)
    middle = Box(*(20 * size // 41,) * 2, *(21 * size // 41,) * 2)
    other = x.clone()
    other[(..., *middle.slices)] += 1
    differs = (run_whole(layers.steps, x) != run_whole(layers.steps, other)).any(1)[0]
    reached = spread(layers.steps, x, middle)
    assert bounding_box(differs.numpy()) == reached
    assert 0 < reached.left < middle.left * differs.shape[0] // size


@torch.no_grad()
def test_latents_are_white(randomise: Callable[[Any], Any]) -> None:
    autoencoder: Autoencoder = randomise(Autoencoder(SMALL))
    images = torch.rand(8, 3, 32, 32)
    autoencoder.follow_statistics(autoencoder.encoder(images), momentum=1)
    latents = autoencoder.encode(images)
    assert latents.mean((0, 2, 3)).abs().max() < 1e-4
    assert torch.allclose(latents.var((0, 2, 3)), torch.ones(3), atol=1e-2)


def test_statistics_move_slowly_and_only_when_told() -> None:
    autoencoder = Autoencoder(SMALL).train()
    autoencoder.encode(torch.rand(4, 3, 8, 8))
    mean = autoencoder.whiten.running_mean
    assert mean is not None
    assert not mean.any()  # training passes leave them alone
    autoencoder.follow_statistics(torch.full((2, 3, 4, 4), 2.0), momentum=0.25)
    assert torch.allclose(mean, torch.full((3,), 0.5))


def test_training_and_inference_agree(autoencoder: Autoencoder) -> None:
    image = torch.rand(2, 3, 16, 16)
    inference = autoencoder.encode(image)
    assert torch.equal(autoencoder.train().encode(image), inference)


def test_a_new_residual_block_only_shifts() -> None:
    block, x = ResidualBlock(4), torch.randn(1, 4, 5, 5)
    change = (block(x) - x).flatten(2)
    assert torch.allclose(change, change[..., :1], atol=1e-6)  # nothing but its bias
