"""Keys and values of the visible tokens at one timestep: recorded once, reused by many runs."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from lazydiff_core.backends.cached_dit.family import Attend

HALF = torch.float16
_LARGEST_HALF = torch.finfo(HALF).max


@dataclass(frozen=True)
class Storage:
    """How keys and values are stored: the precision, and whether in main memory (`host`)."""

    dtype: torch.dtype
    host: bool = False

    def keep(self, pair: Tensor) -> Tensor:
        """A copy in this storage; values beyond the range of float16 saturate."""
        if self.dtype == HALF and pair.dtype != HALF:
            pair = pair.clamp(-_LARGEST_HALF, _LARGEST_HALF)
        if not self.host:
            return pair.to(self.dtype, copy=True)
        pinned = pair.is_cuda
        kept = torch.empty(pair.shape, dtype=self.dtype, pin_memory=pinned)
        return kept.copy_(pair, non_blocking=pinned)


@dataclass
class KVCacheEntry:
    """Keys and values at one timestep.

    layers: one (2,B,N,W) tensor per self-attention layer, keys first.
    """

    layers: list[Tensor] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        return sum(pair.numel() * pair.element_size() for pair in self.layers)


class PlainAttention:
    """Attends to the computed tokens only."""

    def __call__(self, layer: int, key_BNW: Tensor, value_BNW: Tensor) -> tuple[Tensor, Tensor]:
        return key_BNW, value_BNW


class RecordKV:
    """Stores keys and values of the first `count` tokens in `entry`, and attends as `inner` does.

    inner: None = to the computed tokens.
    """

    def __init__(self, storage: Storage, count: int, inner: Attend | None = None) -> None:
        self.storage, self.count = storage, count
        self.inner = inner or PlainAttention()
        self.entry = KVCacheEntry()

    def __call__(self, layer: int, key_BNW: Tensor, value_BNW: Tensor) -> tuple[Tensor, Tensor]:
        if layer != len(self.entry.layers):
            raise ValueError(f"layer {layer} came as number {len(self.entry.layers)}")
        pair = torch.stack([key_BNW[:, : self.count], value_BNW[:, : self.count]])
        self.entry.layers.append(self.storage.keep(pair))
        return self.inner(layer, key_BNW, value_BNW)


class ReuseKV:
    """Attends to a stored entry and to what `inner` does; one stored sample serves a batch.

    inner: None = to the computed tokens.
    skip:  so many tokens at the entry's start are left out.
    rows:  the stored sample of each computed one; None = one for all, or each its own.
    """

    def __init__(
        self,
        entry: KVCacheEntry,
        inner: Attend | None = None,
        skip: int = 0,
        rows: list[int] | None = None,
    ) -> None:
        self.entry, self.inner = entry, inner or PlainAttention()
        self.skip, self.rows = skip, rows

    def __call__(self, layer: int, key_BNW: Tensor, value_BNW: Tensor) -> tuple[Tensor, Tensor]:
        kept = self.entry.layers[layer][:, :, self.skip :]
        if self.rows is not None:
            kept = kept[:, self.rows]
        kept = kept.to(key_BNW.device, key_BNW.dtype, non_blocking=True)
        key, value = kept.expand(-1, len(key_BNW), -1, -1)
        own_key, own_value = self.inner(layer, key_BNW, value_BNW)
        return torch.cat([key, own_key], 1), torch.cat([value, own_value], 1)
