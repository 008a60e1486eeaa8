"""Arithmetic of whole edits, counted on tensors without data."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from lazydiff_core.bench.latency_count import count_latency, count_text
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder, AutoencoderConfig
from lazydiff_core.model.files.config import LazyConfig
from tests.lazydiff_core.tiny import TINY_AUTOENCODER

TINY = LazyConfig(
    side=64, latent_channels=4, latent_scale=4, patch=2, width=24, heads=2, context_blocks=1,
    decoder_blocks=2, text_width=8, text_tokens=3,
)  # fmt: skip


def test_counts() -> None:
    with torch.device("meta"):
        codec = Autoencoder(AutoencoderConfig(**TINY_AUTOENCODER))
    rows = count_latency(TINY, codec, (0.1, 1.0), (4, 8))
    assert [(row.backend, row.mask_ratio, row.steps) for row in rows] == [
        (backend, ratio, steps)
        for backend in ("lazydiffusion", "regenerate_image", "regenerate_crop")
        for ratio in (0.1, 1.0)
        for steps in (4, 8)
    ]
    few, more = rows[:2]
    assert more.tflop["denoise"] == pytest.approx(2 * few.tflop["denoise"])
    assert more.tflop["context"] == few.tflop["context"]
    assert few.tflop["total"] == pytest.approx(
        sum(few.tflop[name] for name in ("context", "denoise", "decode"))
    )
    image = {(row.mask_ratio, row.steps): row for row in rows[4:8]}
    assert all(row.times_fewer == 1 for row in image.values())
    assert few.times_fewer == pytest.approx(image[0.1, 4].tflop["total"] / few.tflop["total"])
    assert more.times_fewer > few.times_fewer > 1
    assert few.times_fewer_ahead > few.times_fewer
    assert [row.tokens for row in rows[::2]] == [6, 64, 64, 64, 16, 16]
    assert len(count_text(rows).splitlines()) == len(rows) + 2


def test_a_decoder_of_twice_the_depth() -> None:
    with torch.device("meta"):
        codec = Autoencoder(AutoencoderConfig(**TINY_AUTOENCODER))
    deep = dataclasses.replace(TINY, decoder_blocks=4)
    one, two = (count_latency(config, codec, (0.1,), (4,))[0] for config in (TINY, deep))
    assert one.tflop["context"] == two.tflop["context"]
    assert one.tflop["denoise"] < two.tflop["denoise"] < 2 * one.tflop["denoise"]
