"""Layers that look at the whole picture, made to work on a crop with what a full pass left behind.

GroupNorm takes mean and variance over all pixels and attention looks at all of them. On a crop
both would differ, so a full pass records them and crops replay them (model/taped.py). Ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lazydiff_core.contract import Box
from lazydiff_core.model.codec import Tape


@dataclass(frozen=True, eq=False)
class _Sums:
    """(B, groups) float32 sums of values and of their squares, over `count` values each."""

    first: Tensor
    second: Tensor
    count: int

    @classmethod
    def of(cls, x: Tensor, groups: int) -> _Sums:
        values = x.reshape(len(x), groups, -1).float()
        return cls(values.sum(2), values.square().sum(2), values.shape[2])

    def exchanged(self, old: _Sums, new: _Sums) -> _Sums:
        """These, with `new` in the place of `old`."""
        first = self.first - old.first + new.first
        return _Sums(first, self.second - old.second + new.second, self.count)

    def moments(self, eps: float) -> tuple[Tensor, Tensor]:
        """Mean and 1 / standard deviation."""
        mean = self.first / self.count
        variance = self.second / self.count - mean.square()
        return mean, (variance.clamp_min(0) + eps).rsqrt()


class ReplayedGroupNorm(nn.GroupNorm):
    """A GroupNorm with the same parameters that can record and replay its statistics."""

    def __init__(self, norm: nn.GroupNorm, tape: Tape) -> None:
        super().__init__(norm.num_groups, norm.num_channels, norm.eps, norm.affine)
        self.weight, self.bias = norm.weight, norm.bias
        self.tape = tape
        self.whole: _Sums | None = None
        self.share: _Sums | None = None

    def forward(self, x: Tensor) -> Tensor:
        if self.tape.mode == "probe" and self.whole is not None:
            self.share = _Sums.of(x, self.num_groups)
            return self._applied(x, *self.whole.moments(self.eps))
        if self.tape.mode == "replay" and self.whole is not None and self.share is not None:
            return self._applied(x, *self._corrected(x, self.whole, self.share))
        if self.tape.mode == "record":
            self.whole, self.share = _Sums.of(x, self.num_groups), None
        return super().forward(x).to(x.dtype)  # autocast makes it float32: twice the memory

    def _corrected(self, x: Tensor, whole: _Sums, share: _Sums) -> tuple[Tensor, Tensor]:
        before_mean, before_rate = whole.moments(self.eps)
        now = whole.exchanged(share, _Sums.of(x, self.num_groups))
        mean, rate = now.moments(self.eps)
        moved = torch.maximum(
            (mean - before_mean).abs() * before_rate, (before_rate / rate - 1).abs()
        )
        self.tape.shift = max(self.tape.shift, float(moved.max()))
        return mean, rate

    def _applied(self, x: Tensor, mean: Tensor, rate: Tensor) -> Tensor:
        size = self.num_channels // self.num_groups
        scale = rate.repeat_interleave(size, 1) * self.weight
        offset = self.bias - mean.repeat_interleave(size, 1) * scale
        shape = (len(mean), -1, *(1 for _ in x.shape[2:]))
        return torch.addcmul(offset.view(shape), x, scale.view(shape)).to(x.dtype)


class ReplayedAttention:
    """The mid-block's attention (one head over all latents) of diffusers' AutoencoderKL.

    On a crop its queries see the crop's own keys and values, and the recorded ones elsewhere.
    """

    def __init__(self, attention: Any, tape: Tape) -> None:
        self.attention, self.tape = attention, tape
        self.memory: tuple[Tensor, Tensor] | None = None  # keys and values, (B,C,H,W) each

    def __call__(self, x_BCHW: Tensor, box: Box) -> Tensor:
        layer = self.attention
        rows = layer.group_norm(x_BCHW).flatten(2).mT
        query = layer.to_q(rows)
        key, value = (f(rows).mT.unflatten(2, x_BCHW.shape[2:]) for f in (layer.to_k, layer.to_v))
        if self.tape.mode == "record":
            self.memory = key, value
        elif self.tape.mode in ("probe", "replay") and self.memory is not None:
            key, value = (
                _pasted(old, new, box) for old, new in zip(self.memory, (key, value), strict=True)
            )
        y = self._attend(query, key, value)
        y = layer.to_out[0](y).mT.unflatten(2, x_BCHW.shape[2:])
        if layer.residual_connection:
            y = y + x_BCHW
        result: Tensor = y / layer.rescale_output_factor
        return result

    def _attend(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        heads = self.attention.heads

        def split(x_BNC: Tensor) -> Tensor:
            x_BHNC: Tensor = x_BNC.unflatten(2, (heads, -1)).transpose(1, 2)
            return x_BHNC

        y = F.scaled_dot_product_attention(
            split(query), split(key.flatten(2).mT), split(value.flatten(2).mT)
        )
        return y.transpose(1, 2).flatten(2)


def _pasted(canvas: Tensor, part: Tensor, box: Box) -> Tensor:
    """(B,C,H,W) with `part` in the place of `box`."""
    whole = canvas.clone()
    whole[(..., *box.slices)] = part
    return whole
