"""Stand-ins for what only a graphics card has."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F
from torch.nn.attention import SDPBackend


def replace_flash_kernel(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let nested tensors take PyTorch's way to the flash kernel, as on CUDA; returns its calls."""
    calls: list[int] = []

    def flash(
        q: Tensor, k: Tensor, v: Tensor, starts: Tensor, ends: Tensor, *_: Any, **__: Any
    ) -> Any:
        calls.append(len(q))
        return _attend(q, k, v, starts, ends), *[None] * 4

    _replace(monkeypatch, SDPBackend.FLASH_ATTENTION, "_flash_attention_forward", flash)
    return calls


def replace_efficient_kernel(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The same of the memory-efficient kernel."""
    calls: list[int] = []

    def efficient(
        q: Tensor,
        k: Tensor,
        v: Tensor,
        bias: None,
        starts: Tensor,
        ends: Tensor,
        *_: Any,
        **__: Any,
    ) -> Any:
        calls.append(q.shape[1])
        return _attend(q[0], k[0], v[0], starts, ends)[None], *[None] * 5

    kind = SDPBackend.EFFICIENT_ATTENTION
    _replace(monkeypatch, kind, "_efficient_attention_forward", efficient)
    return calls


def _replace(monkeypatch: pytest.MonkeyPatch, chosen: SDPBackend, name: str, kernel: Any) -> None:
    from torch.nested._internal import sdpa

    monkeypatch.setattr(sdpa, "_select_sdp_backend", lambda *_: chosen)
    monkeypatch.setattr(torch.ops.aten, name, kernel)


def _attend(q: Tensor, k: Tensor, v: Tensor, starts: Tensor, ends: Tensor) -> Tensor:
    """What a variable-length kernel computes: (T,heads,size) queries, sample by sample."""
    sizes = [(edges[1:] - edges[:-1]).tolist() for edges in (starts, ends)]
    parts = zip(q.split(sizes[0]), k.split(sizes[1]), v.split(sizes[1]), strict=True)
    each = [F.scaled_dot_product_attention(*(x.transpose(0, 1)[None] for x in p)) for p in parts]
    return torch.cat([y[0].transpose(0, 1) for y in each])
