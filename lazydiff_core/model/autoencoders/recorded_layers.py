"""Layers that depend on the whole picture, applied to a crop with the help of a recorded full pass.

GroupNorm takes mean and variance over all pixels, and attention reads all of them; on a crop, both
would give other results. So a full pass records statistics, keys and values, and a crop reuses
them after replacing its own part (recorded_passes.py).
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

TILES = 32  # along a side; a full pass stores its sums per tile


@dataclass(frozen=True, eq=False)
class _Sums:
    """Sums of values and of squares per tile.

    tiles:         (2,B,groups,rows,columns).
    size:          side of a tile, in cells.
    height, width: size of the picture, in cells.
    count:         number of values in a group.
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
        """(2,B,groups): sums over the whole picture."""
        return self.tiles.sum((-2, -1))

    def with_crop(self, x_BCHW: Tensor, box: Box) -> Tensor:
        """The total after replacing the tiles that a crop covers completely."""
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
        """The range of tiles along a side that lie within first..end.

        The outermost cells at a cut do not count: an earlier convolution in the same block lacked
        their neighbours.
        """
        start = -(-(first + bool(first)) // self.size)
        return start, -(-end // self.size) if end == length else (end - 1) // self.size

    def moments(self, total: Tensor, eps: float) -> tuple[Tensor, Tensor]:
        """Mean and 1 / standard deviation of each group, (B,groups) each."""
        mean, square = total / self.count
        return mean, ((square - mean.square()).clamp_min(0) + eps).rsqrt()


def _sums(x_BCHW: Tensor, groups: int) -> Tensor:
    """(2,B,groups,H,W): sums of values and of squares over a group's channels."""
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
        return super().forward(x).to(x.dtype)  # under autocast, float32 would take twice the memory

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

    On a crop, queries attend to the crop's own keys and values, and to recorded ones elsewhere.
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
    """(B,C,H,W): `canvas` with `part` pasted into `box`."""
    whole = canvas.clone()
    whole[(..., *box.slices)] = part
    return whole
