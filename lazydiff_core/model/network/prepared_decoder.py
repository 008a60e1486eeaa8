"""The decoder prepared for one edit: work that is the same at every step is done once.

This covers places and context of the tokens, keys and values of the prompt, and the constant part
of the time embedding. For inference only.
"""

from __future__ import annotations

from typing import TypeAlias

import torch
from torch import Tensor
from torch.nn import functional as F

from lazydiff_core.model.network.decoder import Hole, LazyDecoder
from lazydiff_core.model.network.transformer_layers import (
    Attention,
    DecoderBlock,
    QKNorm,
    attend,
    timestep_features,
)
from lazydiff_core.model.text.prompt import Prompt

KeyValues: TypeAlias = tuple[Tensor, Tensor]  # keys and values, (B, heads, N, size) each
JOINED_WIDTH = 512  # joining wider products saves nothing


class PreparedDecoder:
    """Maps noised tokens (B,N,P) and times (B,) to `decoder(x, t, hole, prompt)`."""

    def __init__(self, decoder: LazyDecoder, hole: Hole, prompt: Prompt) -> None:
        self.decoder = decoder
        self.blocks = [_PreparedBlock(block) for block in decoder.blocks]
        self.token_half = decoder.join.weight.chunk(2, dim=1)[0]
        self.start = start_of(decoder, hole, prompt)
        text = decoder.text_out(F.gelu(decoder.text_in(prompt.states), approximate="tanh"))
        # A mask slows attention down, and most prompts need none.
        self.text_bias = None if bool(prompt.mask.all()) else prompt.bias(text.dtype)
        self.memories = [block.read(text) for block in self.blocks]
        self.tables = torch.stack([block.table for block in self.blocks])[:, None]  # (K,1,6,D)
        self.constant = constant_time(decoder, prompt)

    def __call__(self, x_BNP: Tensor, t_B: Tensor) -> Tensor:
        decoder = self.decoder
        x = F.linear(decoder.embed(x_BNP), self.token_half) + self.start
        time = decoder.time_out(F.silu(decoder.time_in(timestep_features(t_B)))) + self.constant
        time_B6D = decoder.time_modulation(F.silu(time)).unflatten(1, (6, -1))
        tables = (self.tables + time_B6D).unsqueeze(3)  # (K,B,6,1,D)
        for block, table, memory in zip(self.blocks, tables, self.memories, strict=True):
            x = block(x, table.unbind(1), memory, self.text_bias)
        shift, scale = (decoder.modulation + time[:, None]).unsqueeze(2).unbind(1)
        y: Tensor = decoder.out(torch.addcmul(shift, decoder.norm(x), 1 + scale))
        return y


class _PreparedBlock:
    """A decoder block.

    table: the block's modulation, with 1 already added to the two scale rows.
    """

    def __init__(self, block: object) -> None:
        assert isinstance(block, DecoderBlock)
        self.block = block
        self.own, self.prompt = _Projections(block.attention), _Projections(block.cross_attention)
        self.table = block.modulation.clone()
        self.table[[1, 4]] += 1

    def read(self, text_BLD: Tensor) -> KeyValues:
        return self.prompt.memory(text_BLD)

    def __call__(
        self,
        x: Tensor,
        table: tuple[Tensor, ...],
        memory: KeyValues,
        text_bias: Tensor | None,
    ) -> Tensor:
        block = self.block
        shift1, scale1, gate1, shift2, scale2, gate2 = table
        query, own = self.own.all_of(torch.addcmul(shift1, block.norm(x), scale1))
        x = torch.addcmul(x, gate1, self.own.attend(query, own, None))
        x = x + self.prompt.attend(self.prompt.query(x), memory, text_bias)
        seen = torch.addcmul(shift2, block.norm(x), scale2)
        return torch.addcmul(x, gate2, block.feed_forward(seen))


class _Projections:
    """Queries, keys and values of an attention layer, in few operations.

    With few narrow tokens, the overhead of an operation exceeds its arithmetic. So the three
    products are one, and the two RMS norms become unit lengths, with both weights on the keys.
    """

    def __init__(self, attention: Attention) -> None:
        self.attention, self.size = attention, attention.query.out_features // attention.heads
        self.key_scale: Tensor | None = None
        if isinstance(attention.query_norm, QKNorm) and isinstance(attention.key_norm, QKNorm):
            self.key_scale = attention.query_norm.weight * attention.key_norm.weight * self.size
        self.joined: tuple[Tensor, Tensor] | None = None
        if attention.query.out_features <= JOINED_WIDTH:
            layers = attention.query, attention.key, attention.value
            self.joined = torch.cat([x.weight for x in layers]), torch.cat([x.bias for x in layers])

    def all_of(self, x_BND: Tensor) -> tuple[Tensor, KeyValues]:
        """Queries, keys and values of the same tokens."""
        if self.joined is None:
            return self.query(x_BND), self.memory(x_BND)
        heads = F.linear(x_BND, *self.joined).unflatten(2, (3, -1, self.size))
        query_key, value = heads[:, :, :2], heads[:, :, 2]
        if self.key_scale is not None:
            query_key = _unit(query_key)
        query, key = query_key.unbind(2)
        return query.transpose(1, 2), self._memory(key, value)

    def query(self, x_BND: Tensor) -> Tensor:
        heads = self._split(self.attention.query(x_BND))
        return (heads if self.key_scale is None else _unit(heads)).transpose(1, 2)

    def memory(self, x_BND: Tensor) -> KeyValues:
        key = self._split(self.attention.key(x_BND))
        value = self._split(self.attention.value(x_BND))
        return self._memory(key if self.key_scale is None else _unit(key), value)

    def attend(self, query: Tensor, memory: KeyValues, bias: Tensor | None) -> Tensor:
        key, value = memory
        y = attend(query.to(value.dtype), key, value, bias)
        result: Tensor = self.attention.out(y.transpose(1, 2).flatten(2))
        return result

    def _split(self, x_BND: Tensor) -> Tensor:
        heads: Tensor = x_BND.unflatten(2, (-1, self.size))
        return heads

    def _memory(self, key_BNHC: Tensor, value_BNHC: Tensor) -> KeyValues:
        key = key_BNHC if self.key_scale is None else key_BNHC * self.key_scale
        return key.to(value_BNHC.dtype).transpose(1, 2), value_BNHC.transpose(1, 2)


def _unit(x: Tensor) -> Tensor:
    """Vectors of length one."""
    length: Tensor = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
    return x / length.clamp_min(1e-12)


def start_of(decoder: LazyDecoder, hole: Hole, prompt: Prompt) -> Tensor:
    """(B,N,D): the part of the joining layer's output that does not depend on the noised token."""
    token_half, context_half = decoder.join.weight.chunk(2, dim=1)
    place = decoder.place(hole, prompt)
    context = F.linear(hole.context.to(place.dtype), context_half)
    return F.linear(place, token_half) + context + decoder.join.bias


def constant_time(decoder: LazyDecoder, prompt: Prompt) -> Tensor:
    """(B,D): the part of the time embedding that is the same at every step."""
    constant = prompt.pooled.new_zeros(len(prompt.pooled), decoder.config.width)
    if decoder.pooled is not None:
        constant = constant + decoder.pooled(prompt.pooled)
    if decoder.micro is not None:
        side = constant.new_full((1, 2), decoder.config.side)  # always at its native square
        constant = constant + decoder.micro(side, constant.new_ones(1, 1))
    return constant
