"""Time and error of Poisson blending against cv2.seamlessClone and the exact solution."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import cv2
import numpy as np

from lazydiff_core.blending import poisson
from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.geometry.box import bounding_box


@dataclass(frozen=True)
class BlendCost:
    """Times in milliseconds and errors (of 255, inside the mask, against the exact solution)."""

    canvas: int
    mask_ratio: float
    ours_ms: float
    seamless_clone_ms: float
    exact_ms: float
    mean_error: float
    p99_error: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure_blend(canvas: int, ratio: float, times: int = 3) -> BlendCost:
    """Blend a shifted, textured picture into a disc covering `ratio` of a square canvas."""
    source, destination, mask = _case(canvas, ratio)
    ours, _ = _best(lambda: poisson.blend(source, destination, mask), times)
    box = bounding_box(mask).grow(1).clip(Box.of(mask.shape))
    hole = mask[box.slices]
    jump = destination[box.slices].astype(np.float32) - source[box.slices]
    exact, true = _best(lambda: poisson.exact_membrane(jump, hole), 1)
    stencil = mask.astype(np.uint8) * 255
    middle = (canvas // 2, canvas // 2)
    # seamlessClone writes into its mask, hence the copy.
    clone, _ = _best(
        lambda: cv2.seamlessClone(source, destination, stencil.copy(), middle, cv2.NORMAL_CLONE),
        times,
    )
    error = np.abs(poisson.membrane(jump, hole)[hole] - true[hole])
    return BlendCost(
        canvas,
        ratio,
        ours * 1000,
        clone * 1000,
        exact * 1000,
        float(error.mean()),
        float(np.percentile(error, 99)),
    )


def _case(canvas: int, ratio: float) -> tuple[RGB, RGB, Mask]:
    rng = np.random.default_rng(0)
    coarse = rng.integers(40, 215, (9, 9, 3), np.uint8)
    destination = np.asarray(cv2.resize(coarse, (canvas, canvas), interpolation=cv2.INTER_CUBIC))
    tint = np.array([14, -10, 8]) + rng.normal(0, 3, destination.shape)
    source = np.clip(destination + tint, 0, 255).astype(np.uint8)
    ys, xs = np.mgrid[0:canvas, 0:canvas] - (canvas - 1) / 2
    mask = np.asarray(np.hypot(ys, xs) <= canvas * (ratio / np.pi) ** 0.5, np.bool_)
    return source, destination.astype(np.uint8), mask


def _best(run: Callable[[], Any], times: int) -> tuple[float, Any]:
    """Seconds of the fastest of `times` runs, and the result."""
    seconds, result = float("inf"), None
    for _ in range(times):
        start = time.perf_counter()
        result = run()
        seconds = min(seconds, time.perf_counter() - start)
    return seconds, result
