"""Helpers of the measurements: statistics of times, incompressible pictures, a mask."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from app.document.edit_stack import EditStack
from app.document.edits import Edit, Recipe, Variant
from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.geometry.compositing import BlendMode


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


def layered(side: int, count: int) -> EditStack:
    """Noise under `count` generated layers of 300 pixels; each second is a faint, soft cut-out."""
    rng = np.random.default_rng(0)
    size, modes = min(300, side), tuple(BlendMode)
    canvas, edits = noise(side), []
    base = canvas.copy()
    for number in range(count):
        left, top = (int(corner) for corner in rng.integers(0, side - size + 1, 2))
        box = Box(left, top, left + size, top + size)
        pixels = rng.integers(0, 256, (size, size, 3), np.uint8)
        matte = rng.integers(0, 256, (size, size), np.uint8) if number % 2 else None
        edit = Edit(
            box=box,
            mask=np.ones(box.shape, np.bool_),
            before=canvas[box.slices].copy(),
            recipe=Recipe(),
            variants=(Variant(pixels, number, matte),),
            opacity=0.8 if number % 2 else 1.0,
            blend=modes[number // 2 % 4] if number % 2 else BlendMode.NORMAL,
        )
        edit.paint(canvas)
        edits.append(edit)
    return EditStack(base, tuple(edits))


def square_mask(side: int, hole: int) -> Mask:
    """(side, side) bool, True in a square of `hole` pixels in the middle."""
    mask = np.zeros((side, side), np.bool_)
    start = (side - hole) // 2
    mask[start : start + hole, start : start + hole] = True
    return mask
