"""Augments the judge's training crops, so that blur, tint or rotation do not mislead it."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

TURN = math.radians(14)
ZOOM = (0.72, 1.0)  # range of the visible share of the stored crop
SHIFT = 0.07
TINTED_SHARE = 0.25
PALE_SHARE = 0.15
SOFT_SHARE = 0.4


def augment(crops: Tensor, side: int, generator: torch.Generator) -> Tensor:
    """(B,3,H,H) in [-1,1] -> (B,3,side,side): rotated, flipped, tinted, blurred, noisy."""
    return _noise(_soften(_colour(_turn(crops, side, generator), generator), generator), generator)


def _uniform(shape: tuple[int, ...], low: float, high: float, generator: torch.Generator) -> Tensor:
    return torch.rand(shape, generator=generator) * (high - low) + low


def _turn(crops: Tensor, side: int, generator: torch.Generator) -> Tensor:
    """A random small rotation, zoom, shift and mirror of each crop, in one resampling."""
    count = len(crops)
    angle = _uniform((count,), -TURN, TURN, generator)
    zoom = _uniform((count,), *ZOOM, generator)
    mirror = torch.where(_uniform((count,), 0, 1, generator) < 0.5, -1.0, 1.0)
    shift = _uniform((count, 2), -SHIFT, SHIFT, generator)
    cos, sin = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    rows = [
        torch.stack([cos * mirror, -sin, shift[:, 0]], 1),
        torch.stack([sin * mirror, cos, shift[:, 1]], 1),
    ]
    grid = F.affine_grid(torch.stack(rows, 1), [count, 3, side, side], align_corners=False)
    return F.grid_sample(crops, grid, padding_mode="reflection", align_corners=False)


def _colour(crops: Tensor, generator: torch.Generator) -> Tensor:
    """Brightness, contrast and saturation of all; the channels' balance of some."""
    count = (len(crops), 1, 1, 1)
    grey = crops.mean(1, keepdim=True)
    pale = _uniform(count, 0, 1, generator) < PALE_SHARE
    crops = grey + (crops - grey) * torch.where(
        pale, _uniform(count, 0, 0.5, generator), _uniform(count, 0.65, 1.3, generator)
    )
    crops = crops * _uniform(count, 0.75, 1.2, generator) + _uniform(count, -0.12, 0.12, generator)
    gains = _uniform((len(crops), 3, 1, 1), 0.6, 1.1, generator)
    tinted = _uniform(count, 0, 1, generator) < TINTED_SHARE
    return torch.where(tinted, (crops + 1) * gains - 1, crops)


def _soften(crops: Tensor, generator: torch.Generator) -> Tensor:
    """Blur some crops by halving their resolution, some of those twice."""
    side = crops.shape[-1]
    chosen = _uniform((len(crops), 1, 1, 1), 0, 1, generator)
    soft = crops
    for factor, share in ((2, SOFT_SHARE), (3, SOFT_SHARE / 3)):
        small = F.interpolate(crops, side // factor, mode="area")
        blurred = F.interpolate(small, side, mode="bilinear", align_corners=False)
        soft = torch.where(chosen < share, blurred, soft)
    return soft


def _noise(crops: Tensor, generator: torch.Generator) -> Tensor:
    strength = _uniform((len(crops), 1, 1, 1), 0, 0.08, generator)
    return (crops + strength * torch.randn(crops.shape, generator=generator)).clamp(-1, 1)
