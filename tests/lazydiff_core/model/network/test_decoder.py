"""The decoder against the same network written densely, and what may not matter to it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.network.decoder import (
    Hole,
    LazyDecoder,
    told_at_tokens,
    told_features,
)
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.network.transformer_layers import (
    Attention,
    DecoderBlock,
    frame_features,
    sincos_positions,
    timestep_features,
)
from lazydiff_core.model.text.prompt import Prompt, Told

TOKENS, WIDTH = 64, 32
SOME = torch.tensor([[0, 9, 10, 17, 63], [1, 2, 3, 4, 5]])


@pytest.fixture
def decoder(make_lazy: Callable[..., LazyDiffusion]) -> LazyDecoder:
    return make_lazy().decoder


@pytest.fixture
def prompt() -> Prompt:
    mask = torch.tensor([[True, True, True, False], [True, True, False, False]])
    return Prompt(torch.randn(2, 4, 384), mask, torch.randn(2, 384))


def everything() -> Hole:
    places = torch.arange(TOKENS).expand(2, -1)
    return Hole(torch.randn(2, TOKENS, WIDTH), places, torch.randn(2, TOKENS, 6))


def part(hole: Hole, index: Tensor) -> Hole:
    row = torch.arange(2)[:, None]
    return Hole(hole.context[row, index], index, hole.frame[row, index])


def forget_context(decoder: LazyDecoder) -> None:
    """The joining layer as it is before training."""
    with torch.no_grad():
        decoder.join.weight.zero_()
        decoder.join.weight[:, :WIDTH] = torch.eye(WIDTH)
        decoder.join.bias.zero_()


# --- the same network, densely -----------------------------------------------------------------


def dense_attention(layer: Attention, x: Tensor, memory: Tensor, bias: Tensor | float) -> Tensor:
    def heads(projection: nn.Linear, of: Tensor, norm: nn.Module | None) -> Tensor:
        split = F.linear(of, projection.weight, projection.bias).unflatten(-1, (2, 16))
        if norm is not None:
            split = split / (split.square().mean(-1, keepdim=True) + 1e-6).sqrt() * norm.weight
        return split.transpose(1, 2)

    q = heads(layer.query, x, layer.query_norm)
    k = heads(layer.key, memory, layer.key_norm)
    weights = (q @ k.mT / math.sqrt(16) + bias).softmax(-1)
    mixed = (weights @ heads(layer.value, memory, None)).transpose(1, 2).flatten(2)
    return F.linear(mixed, layer.out.weight, layer.out.bias)


def normed(x: Tensor) -> Tensor:
    x = x - x.mean(-1, keepdim=True)
    return x / (x.square().mean(-1, keepdim=True) + 1e-6).sqrt()


def dense_block(
    block: DecoderBlock, x: Tensor, time: Tensor, text: Tensor, text_bias: Tensor
) -> Tensor:
    parts = (block.modulation + time)[:, :, None]  # shift, scale, gate; shift, scale, gate
    y = normed(x) * (1 + parts[:, 1]) + parts[:, 0]
    x = x + parts[:, 2] * dense_attention(block.attention, y, y, 0.0)
    x = x + dense_attention(block.cross_attention, x, text, text_bias)
    y = normed(x) * (1 + parts[:, 4]) + parts[:, 3]
    ff = block.feed_forward
    y = F.gelu(y @ ff.up.weight.T + ff.up.bias, approximate="tanh") @ ff.down.weight.T
    return x + parts[:, 5] * (y + ff.down.bias)


def dense(decoder: LazyDecoder, x: Tensor, t: Tensor, frame: Tensor, prompt: Prompt) -> Tensor:
    """The whole canvas, without index, context or joining layer."""
    assert decoder.frame is not None
    assert decoder.pooled is not None
    x = decoder.embed(x) + sincos_positions(WIDTH, 8, 8, 1.0) + decoder.frame(frame_features(frame))
    time = decoder.time_out(F.silu(decoder.time_in(timestep_features(t))))
    time = time + decoder.pooled(prompt.pooled)
    modulation = decoder.time_modulation(F.silu(time)).reshape(2, 6, WIDTH)
    text = decoder.text_out(F.gelu(decoder.text_in(prompt.states), approximate="tanh"))
    text_bias = torch.zeros(2, 1, 1, 4).masked_fill(~prompt.mask[:, None, None], -torch.inf)
    for block in decoder.blocks:
        assert isinstance(block, DecoderBlock)
        x = dense_block(block, x, modulation, text, text_bias)
    x = normed(x) * (1 + (decoder.modulation[1] + time)[:, None])
    y: Tensor = decoder.out(x + (decoder.modulation[0] + time)[:, None])
    return y


@torch.no_grad()
def test_over_all_tokens_it_is_the_dense_decoder(decoder: LazyDecoder, prompt: Prompt) -> None:
    forget_context(decoder)
    hole, x, t = everything(), torch.randn(2, TOKENS, 16), torch.tensor([3.0, 800.0])
    expected = dense(decoder, x, t, hole.frame, prompt)
    assert expected.std() > 0.1
    assert torch.allclose(decoder(x, t, hole, prompt), expected, atol=1e-5, rtol=1e-4)


def test_a_new_decoder_forgets_the_context_and_predicts_nothing(tiny_config: LazyConfig) -> None:
    decoder = LazyDecoder(tiny_config)
    token, context = torch.randn(5, WIDTH), torch.randn(5, WIDTH)
    assert torch.allclose(decoder.join(torch.cat([token, context], 1)), token, atol=1e-6)
    t, hole = torch.tensor([1.0, 2.0]), everything()
    assert not decoder(torch.randn(2, TOKENS, 16), t, hole, decoder.null_prompt(2)).any()


# --- what matters and what does not ------------------------------------------------------------


@torch.no_grad()
def test_dropping_tokens_is_forbidding_them(decoder: LazyDecoder, prompt: Prompt) -> None:
    hole, x, t = everything(), torch.randn(2, TOKENS, 16), torch.tensor([3.0, 800.0])
    row = torch.arange(2)[:, None]
    bias = torch.full((2, 1, 1, TOKENS), -torch.inf)
    bias[row, 0, 0, SOME] = 0
    masked = decoder(x, t, hole, prompt, bias)[row, SOME]
    dropped = decoder(x[row, SOME], t, part(hole, SOME), prompt)
    assert torch.allclose(dropped, masked, atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_context_frame_place_time_and_prompt_all_count(
    decoder: LazyDecoder, prompt: Prompt
) -> None:
    x, t, hole = torch.randn(2, 5, 16), torch.tensor([3.0, 800.0]), part(everything(), SOME)
    before = decoder(x, t, hole, prompt)
    for other in (
        decoder(x, t, replace(hole, context=hole.context + 1), prompt),
        decoder(x, t, replace(hole, frame=hole.frame + 1), prompt),
        decoder(x, t, replace(hole, index=63 - hole.index), prompt),
        decoder(x, t + 100, hole, prompt),
        decoder(x, t, hole, replace(prompt, states=prompt.states + 1)),
        decoder(x, t, hole, replace(prompt, pooled=prompt.pooled + 1)),
    ):
        assert not torch.allclose(other, before, atol=1e-3)


@torch.no_grad()
def test_padding_of_a_prompt_does_not_count(decoder: LazyDecoder, prompt: Prompt) -> None:
    x, t, hole = torch.randn(2, 5, 16), torch.tensor([3.0, 800.0]), part(everything(), SOME)
    junk = torch.where(prompt.mask[..., None], prompt.states, 100.0)
    padded = decoder(x, t, hole, replace(prompt, states=junk))
    assert torch.allclose(padded, decoder(x, t, hole, prompt), atol=1e-5)


@torch.no_grad()
def test_the_order_of_tokens_does_not_count(decoder: LazyDecoder, prompt: Prompt) -> None:
    x, t, hole = torch.randn(2, 5, 16), torch.tensor([3.0, 800.0]), part(everything(), SOME)
    order = torch.tensor([3, 1, 4, 0, 2])
    mixed = Hole(hole.context[:, order], hole.index[:, order], hole.frame[:, order])
    expected = decoder(x, t, hole, prompt)[:, order]
    assert torch.allclose(decoder(x[:, order], t, mixed, prompt), expected, atol=1e-5)


def test_repeat_keeps_samples_together() -> None:
    hole = everything().repeat(3)
    assert hole.index.shape == (6, TOKENS)
    assert torch.equal(hole.context[0], hole.context[2])
    assert not torch.equal(hole.context[2], hole.context[3])


@torch.no_grad()
@torch.no_grad()
@pytest.mark.parametrize("styles", [0, 3])
def test_samples_in_a_row_share_a_prompt(
    make_lazy: Callable[..., LazyDiffusion], prompt: Prompt, styles: int
) -> None:
    """Two prompts for six samples are the same as each prompt three times."""
    decoder = make_lazy(look_styles=styles).decoder
    if styles:
        told = Told(torch.randn(2, 5, 16, 16), torch.eye(styles)[:2])
        prompt = replace(prompt, told=told)
    hole, x = part(everything(), SOME).repeat(3), torch.randn(6, 5, 16)
    t = torch.arange(6) * 100.0
    each = prompt.map(lambda values: values.repeat_interleave(3, 0))
    shared = decoder(x, t, hole, prompt)
    assert torch.allclose(shared, decoder(x, t, hole, each), atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_what_is_told_counts_where_it_is_told(
    make_lazy: Callable[..., LazyDiffusion], prompt: Prompt
) -> None:
    decoder = make_lazy(look_styles=2).decoder
    hole = part(everything(), SOME)
    x, t = torch.randn(2, 5, 16), torch.tensor([3.0, 800.0])
    plain = decoder(x, t, hole, prompt)
    cells, styles = torch.zeros(2, 5, 16, 16), torch.zeros(2, 2)
    empty = replace(prompt, told=Told(cells, styles))
    assert torch.allclose(decoder(x, t, hole, empty), plain, atol=1e-6)
    told = replace(prompt, told=Told(cells + 1, torch.tensor([[0.0, 0.0], [0.0, 1.0]])))
    seen = decoder(x, t, hole, told)
    assert torch.allclose(seen[0], plain[0], atol=1e-5)
    assert not torch.allclose(seen[1], plain[1], atol=1e-2)


def test_each_token_is_told_its_own_cells(tiny_config: LazyConfig) -> None:
    """Four cells a token, row by row, at the place of the style; then the style."""
    config = replace(tiny_config, look_styles=3)
    cells = torch.zeros(1, 5, 16, 16)
    cells[0, 2] = torch.arange(256.0).view(16, 16)
    told = Told(cells, torch.tensor([[0.0, 1, 0]]))
    found = told_at_tokens(told, torch.tensor([[0, 9, 63]]), config)
    assert found.shape == (1, 3, told_features(config))
    values, styles = found[..., :-3].view(3, 3, 4, 5), found[..., -3:]
    assert torch.equal(styles, torch.tensor([0.0, 1, 0]).expand(1, 3, 3))
    assert not values[:, [0, 2]].any()
    assert values[0, 1, :, 2].tolist() == [0, 1, 16, 17]
    assert values[1, 1, :, 2].tolist() == [34, 35, 50, 51]
    assert values[2, 1, :, 2].tolist() == [238, 239, 254, 255]


def test_the_null_prompt_is_one_learned_token(decoder: LazyDecoder) -> None:
    null = decoder.null_prompt(3)
    assert null.states.shape == (3, 1, 384)
    assert null.mask.all()
    assert torch.equal(null.pooled, null.states[:, 0])
    assert null.states.any()
