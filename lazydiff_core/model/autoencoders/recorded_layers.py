"""Layers that depend on the whole picture, made to work on a crop by what a full pass recorded.

GroupNorm takes mean and variance over all pixels and attention looks at all of them. On a crop
both would differ, so a full pass records them, and a crop reuses them with its own part put in the
place of what was there (recorded_passes.py). Ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lazydiff_core.contract import Box
from lazydiff_core.model.autoencoders.latent_codec import RecordedStatistics
from lazydiff_core.model.autoencoders.layer_crops import cut_cells

TILES = 32  # a side, in which a full pass's sums are kept


@dataclass(frozen=True, eq=False)
class _Sums:
    """Sums of values and of their squares over tiles of `size` cells: (2,B,groups,rows,columns).

    height, width: of the picture in cells; count: values of a group in it.
    """

    tiles: Tensor
    size: int
    height: int
    width: int
    count: int

    @classmethod
    def of(cls, x_BCHW: Tensor, groups: int) -> _Sums:
        height, width = x_BCHW.shape[2:]
        size = max(1, height // TILES)
        cells = _sums(x_BCHW, groups)
        tiles = F.avg_pool2d(cells.flatten(0, 1), size, ceil_mode=True, divisor_override=1)
        return cls(
            tiles.unflatten(0, cells.shape[:2]), size, height, width, x_BCHW[0].numel() // groups
        )

    def total(self) -> Tensor:
        """(2,B,groups)."""
        return self.tiles.sum((-2, -1))

    def with_crop(self, x_BCHW: Tensor, box: Box) -> Tensor:
        """The total with a crop in its place; tiles that it covers in part stay as they were."""
        groups = self.tiles.shape[2]
        top, bottom = self._covered(box.top, box.bottom, self.height)
        left, right = self._covered(box.left, box.right, self.width)
        if top >= bottom or left >= right:
            return self.total()
        inside = (
            Box(left, top, right, bottom).scale(self.size).clip(Box.of((self.height, self.width)))
        )
        old = self.tiles[..., top:bottom, left:right].sum((-2, -1))
        new = _sums(cut_cells(x_BCHW, inside, box), groups).sum((-2, -1))
        return self.total() - old + new

    def _covered(self, first: int, end: int, length: int) -> tuple[int, int]:
        """The tiles along a side that lie within first..end.

        The outermost cells of a cut side do not count: a convolution before this one in the same
        block has lacked its neighbours there.
        """
        start = -(-(first + bool(first)) // self.size)
        return start, -(-end // self.size) if end == length else (end - 1) // self.size

    def moments(self, total: Tensor, eps: float) -> tuple[Tensor, Tensor]:
        """Mean and 1 / standard deviation, (B,groups) each."""
        mean, square = total / self.count
        return mean, ((square - mean.square()).clamp_min(0) + eps).rsqrt()


def _sums(x_BCHW: Tensor, groups: int) -> Tensor:
    """(2,B,groups,H,W): values and squares of a group's channels."""
    values = x_BCHW.float().unflatten(1, (groups, -1))
    return torch.stack([values.sum(2), values.square().sum(2)])


class RecordedGroupNorm(nn.GroupNorm):
    """A GroupNorm with the same parameters that can record and reuse its statistics."""

    def __init__(self, norm: nn.GroupNorm, statistics: RecordedStatistics) -> None:
        super().__init__(norm.num_groups, norm.num_channels, norm.eps, norm.affine)
        self.weight, self.bias = norm.weight, norm.bias
        self.statistics = statistics
        self.whole: _Sums | None = None

    def forward(self, x: Tensor) -> Tensor:
        if self.statistics.mode == "reuse" and self.whole is not None:
            assert self.statistics.box is not None
            return self._applied(x, *self._corrected(x, self.whole, self.statistics.box))
        if self.statistics.mode == "record":
            self.whole = _Sums.of(x, self.num_groups)
        return super().forward(x).to(x.dtype)  # autocast makes it float32: twice the memory

    def _corrected(self, x: Tensor, whole: _Sums, box: Box) -> tuple[Tensor, Tensor]:
        before_mean, before_rate = whole.moments(whole.total(), self.eps)
        mean, rate = whole.moments(whole.with_crop(x, box), self.eps)
        moved = torch.maximum(
            (mean - before_mean).abs() * before_rate, (before_rate / rate - 1).abs()
        )
        self.statistics.shift = max(self.statistics.shift, float(moved.max()))
        return mean, rate

    def _applied(self, x: Tensor, mean: Tensor, rate: Tensor) -> Tensor:
        size = self.num_channels // self.num_groups
        scale = rate.repeat_interleave(size, 1) * self.weight
        offset = self.bias - mean.repeat_interleave(size, 1) * scale
        shape = (len(mean), -1, *(1 for _ in x.shape[2:]))
        return torch.addcmul(offset.view(shape), x, scale.view(shape)).to(x.dtype)


class RecordedAttention:
    """The mid-block's attention (one head over all latents) of diffusers' AutoencoderKL.

    On a crop its queries see the crop's own keys and values, and the recorded ones elsewhere.
    """

    def __init__(self, attention: Any, statistics: RecordedStatistics) -> None:
        self.attention, self.statistics = attention, statistics
        self.memory: tuple[Tensor, Tensor] | None = None  # keys and values, (B,C,H,W) each

    def __call__(self, x_BCHW: Tensor, box: Box) -> Tensor:
        layer = self.attention
        self.statistics.box = box
        rows = layer.group_norm(x_BCHW).flatten(2).mT
        query = layer.to_q(rows)
        key, value = (f(rows).mT.unflatten(2, x_BCHW.shape[2:]) for f in (layer.to_k, layer.to_v))
        if self.statistics.mode == "record":
            self.memory = key, value
        elif self.statistics.mode == "reuse" and self.memory is not None:
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
