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

    A query attends to the keys of its own sample only.
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
    nested_q = _nested(q, segments.queries)
    y: Tensor = F.scaled_dot_product_attention(
        nested_q, _nested(k, segments.keys), _nested(v, segments.keys)
    )
    return y.transpose(1, 2).values().transpose(0, 1)[None]


def _nested(x_1HTC: Tensor, lengths: tuple[int, ...]) -> Tensor:
    """(1,heads,T,size) -> (S,heads,ragged,size)."""
    offsets = torch.tensor([0, *accumulate(lengths)], device=x_1HTC.device)
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
