"""Helpers of the measurements: statistics of times, an incompressible picture, a mask."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from lazydiff_core.contract import RGB, Mask


def summary(prefix: str, times: Sequence[float]) -> dict[str, float]:
    """p50, p99 and maximum of times in milliseconds; zeros if there are no times."""
    some = times or [0.0]
    return {
        f"{prefix}p50_ms": float(np.percentile(some, 50)),
        f"{prefix}p99_ms": float(np.percentile(some, 99)),
        f"{prefix}max_ms": float(max(some)),
    }


def noise(side: int) -> RGB:
    """(side, side, 3) uint8 random pixels."""
    tile = np.random.default_rng(0).integers(0, 256, (256, 256, 3), np.uint8)
    times = math.ceil(side / 256)
    return np.ascontiguousarray(np.tile(tile, (times, times, 1))[:side, :side])


def square_mask(side: int, hole: int) -> Mask:
    """(side, side) bool, True in a square of `hole` pixels in the middle."""
    mask = np.zeros((side, side), np.bool_)
    start = (side - hole) // 2
    mask[start : start + hole, start : start + hole] = True
    return mask
