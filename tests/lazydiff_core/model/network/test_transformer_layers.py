from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from diffusers.models.embeddings import get_2d_sincos_pos_embed, get_timestep_embedding
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from lazydiff_core.model.network.transformer_layers import (
    FRAME_FEATURES,
    Attention,
    EncoderBlock,
    QKNorm,
    frame_features,
    patchify,
    sincos_positions,
    take_tokens,
    timestep_features,
    unpatchify,
)


@settings(deadline=None)
@given(*(st.integers(1, 4) for _ in range(5)))
def test_unpatchify_undoes_patchify(b: int, c: int, p: int, rows: int, columns: int) -> None:
    latents = torch.arange(b * c * p * p * rows * columns).reshape(b, c, rows * p, columns * p)
    tokens = patchify(latents, p)
    assert tokens.shape == (b, rows * columns, p * p * c)
    assert torch.equal(unpatchify(tokens, p, rows, columns), latents)


def test_a_token_holds_its_patch_channels_fastest() -> None:
    latents = torch.arange(2 * 4 * 4).reshape(1, 2, 4, 4)
    token = patchify(latents, 2)[0, 1]  # first row, second column
    assert token.tolist() == [latents[0, c, y, x] for y in (0, 1) for x in (2, 3) for c in (0, 1)]


@pytest.mark.parametrize(("grid", "base", "scale"), [(4, 4, 1.0), (6, 6, 2.0), (8, 4, 1.0)])
def test_positions_are_those_of_diffusers(grid: int, base: int, scale: float) -> None:
    theirs = get_2d_sincos_pos_embed(
        16, grid, base_size=base, interpolation_scale=scale, output_type="pt"
    )
    assert torch.allclose(sincos_positions(16, grid, base, scale), theirs.float(), atol=1e-6)


def test_timesteps_are_those_of_diffusers() -> None:
    t = torch.tensor([0.0, 1.0, 37.5, 999.0])
    theirs = get_timestep_embedding(t, 256, flip_sin_to_cos=True, downscale_freq_shift=0)
    assert torch.allclose(timestep_features(t), theirs, atol=1e-5)


def test_frame_features_hold_the_frame_and_its_waves() -> None:
    frame = torch.rand(2, 3, 6)
    features = frame_features(frame)
    assert features.shape == (2, 3, FRAME_FEATURES)
    assert torch.equal(features[..., :6], frame)
    assert torch.allclose(features[..., 6], (math.pi * frame[..., 0]).sin())
    assert torch.allclose(features[..., 6 + 16 + 1], (2 * math.pi * frame[..., 0]).cos())


def test_take_tokens() -> None:
    x = torch.rand(2, 5, 3)
    taken = take_tokens(x, torch.tensor([[4, 0], [1, 2]]))
    assert torch.equal(taken, torch.stack([x[0, [4, 0]], x[1, [1, 2]]]))


class TestAttention:
    @pytest.fixture(params=[False, True], ids=["plain", "qk_norm"])
    def attention(
        self, request: pytest.FixtureRequest, randomise: Callable[[Any], Any]
    ) -> Attention:
        attention: Attention = randomise(Attention(16, 2, qk_norm=request.param))
        return attention

    def test_against_the_formula(self, attention: Attention) -> None:
        x, memory = torch.randn(2, 3, 16), torch.randn(2, 5, 16)
        bias = torch.randn(2, 1, 1, 5)
        parts = []
        for head in (slice(0, 8), slice(8, 16)):
            q, k = attention.query(x)[..., head], attention.key(memory)[..., head]
            if isinstance(attention.query_norm, QKNorm):
                q = (
                    q
                    / (q.pow(2).mean(-1, keepdim=True) + 1e-6).sqrt()
                    * attention.query_norm.weight
                )
                k = k / (k.pow(2).mean(-1, keepdim=True) + 1e-6).sqrt() * attention.key_norm.weight
            weights = (q @ k.mT / math.sqrt(8) + bias[:, 0]).softmax(-1)
            parts.append(weights @ attention.value(memory)[..., head])
        expected = attention.out(torch.cat(parts, -1))
        assert torch.allclose(attention(x, memory, bias), expected, atol=1e-5)
        with torch.no_grad():  # inference takes PyTorch's fused kernel
            assert torch.allclose(attention(x, memory, bias), expected, atol=1e-5)

    def test_forbidden_tokens_do_not_count(self, attention: Attention) -> None:
        x = torch.randn(1, 6, 16)
        bias = torch.tensor([0, 0, 0, 0, -torch.inf, -torch.inf])
        assert torch.allclose(attention(x, bias=bias)[:, :4], attention(x[:, :4]), atol=1e-5)


def test_dropping_inside_a_block_is_dropping_after_it(randomise: Callable[[Any], Any]) -> None:
    block: nn.Module = randomise(EncoderBlock(16, 2, qk_norm=True))
    x, kept = torch.randn(2, 9, 16), torch.tensor([[0, 3, 8], [5, 6, 1]])
    assert torch.allclose(block(x, kept), take_tokens(block(x), kept), atol=1e-5)
