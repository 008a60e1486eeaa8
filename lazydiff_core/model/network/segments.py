"""Attention over samples of different length in one row, without padding.

Legend of shapes: T tokens of all samples, S samples, D width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True, eq=False)
class Segments:
    """Lengths of the samples in a row of queries and a row of keys; replaces an attention bias.

    A query attends to the keys of its own sample only. Offsets are made once and kept: PyTorch
    takes two nested tensors for alike only if they share the very same offsets, and a block that
    is recomputed in the backward pass must find what it left in the forward pass.
    """

    queries: tuple[int, ...]
    keys: tuple[int, ...]
    device: torch.device

    @cached_property
    def rows(self) -> Tensor:
        """(T,) int64: the sample of each query."""
        samples = torch.arange(len(self.queries), device=self.device)
        lengths = torch.tensor(self.queries, device=self.device)
        return samples.repeat_interleave(lengths, output_size=sum(self.queries))

    @cached_property
    def query_offsets(self) -> Tensor:
        """(S+1,) int64: where the queries of each sample begin, and the end of the last."""
        return _offsets(self.queries, self.device)

    @cached_property
    def key_offsets(self) -> Tensor:
        """The same of the keys."""
        alike = self.keys == self.queries
        return self.query_offsets if alike else _offsets(self.keys, self.device)

    def towards(self, keys: Sequence[int]) -> Segments:
        """The same queries with other keys, such as prompts."""
        return Segments(self.queries, tuple(keys), self.device)


def attend_within(q: Tensor, k: Tensor, v: Tensor, segments: Segments) -> Tensor:
    """(1,heads,T,size) attention within samples; q (1,heads,T,size), k and v (1,heads,T',size).

    On CUDA nested tensors use variable-length kernels; elsewhere samples run one after another.
    """
    if q.device.type == "cuda":
        return attend_nested(q, k, v, segments)
    parts = zip(
        q.split(segments.queries, dim=2),
        k.split(segments.keys, dim=2),
        v.split(segments.keys, dim=2),
        strict=True,
    )
    return torch.cat([F.scaled_dot_product_attention(*part) for part in parts], dim=2)


def attend_nested(q: Tensor, k: Tensor, v: Tensor, segments: Segments) -> Tensor:
    """`attend_within` in one call on nested tensors (flash or memory-efficient on CUDA)."""
    keys, places = segments.keys, segments.key_offsets
    y: Tensor = F.scaled_dot_product_attention(
        _nested(q, segments.queries, segments.query_offsets),
        _nested(k, keys, places),
        _nested(v, keys, places),
    )
    return y.transpose(1, 2).values().transpose(0, 1)[None]


def _offsets(lengths: tuple[int, ...], device: torch.device) -> Tensor:
    return torch.tensor([0, *accumulate(lengths)], device=device)


def _nested(x_1HTC: Tensor, lengths: tuple[int, ...], offsets: Tensor) -> Tensor:
    """(1,heads,T,size) -> (S,heads,ragged,size)."""
    values = x_1HTC[0].transpose(0, 1).contiguous()
    nested = torch.nested.nested_tensor_from_jagged(
        values, offsets, min_seqlen=min(lengths), max_seqlen=max(lengths)
    )
    return nested.transpose(1, 2)


def modulations(table_KD: Tensor, time_SKD: Tensor, bias: Tensor | Segments | None) -> list[Tensor]:
    """The K shifts, scales and gates of a block, each broadcastable to the block's tokens.

    table_KD: the block's own values. time_SKD: the values of each sample, added to them.
    """
    values = table_KD + time_SKD
    if isinstance(bias, Segments):
        return list(values[bias.rows].unbind(1))
    return list(values.unsqueeze(2).unbind(1))
