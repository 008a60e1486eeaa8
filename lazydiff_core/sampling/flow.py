"""Rectified flow: x_t = (1-t) x + t n, velocity v = n - x, integrated from t=1 to t=0.

Liu et al. 2022 (Flow Straight and Fast); solvers after Karras et al. 2022, algorithm 1.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor

from lazydiff_core.sampling.sampler import Callback, Generators, Model, Start

# Best for few steps, measured in docs/training-log.md; 1 spaces the times evenly.
SHIFT = 2.0


def flow_times(steps: int, start: float = 1.0, shift: float = SHIFT) -> Tensor:
    """(steps+1,) decreasing times from `start` to 0; shift > 1 puts more steps at high noise.

    The shift follows Esser et al. 2024 (Scaling Rectified Flow Transformers, section 5.3.2).
    """
    t = torch.linspace(1, 0, steps + 1, dtype=torch.float64)
    return start * shift * t / (1 + (shift - 1) * t)


def _begin(start: Start, steps: int) -> tuple[Tensor, list[float]]:
    """The first noised tokens and the times to visit; a sketch reduces the number of steps."""
    if not start.from_sketch:
        return start.noise, flow_times(steps).tolist()
    assert start.sketch is not None
    count = max(1, round(steps * start.strength))
    mixed = torch.lerp(start.sketch, start.noise, start.strength)
    return mixed, flow_times(count, start.strength).tolist()


def _integrate(
    model: Model, start: Start, steps: int, callback: Callback, *, trapezoid: bool
) -> Tensor:
    def velocity_at(x: Tensor, t: float) -> Tensor:
        return model(x, torch.full((x.shape[0],), t * 1000, device=x.device))

    x, times = _begin(start, steps)
    count = len(times) - 1
    for step, (t, following) in enumerate(pairwise(times), start=1):
        velocity = velocity_at(x, t)
        clean = x - t * velocity
        if trapezoid and following > 0:
            ahead = x + (following - t) * velocity
            velocity = (velocity + velocity_at(ahead, following)) / 2
        x = x + (following - t) * velocity
        callback(step, count, clean)
    return x


def euler(
    model: Model, start: Start, steps: int, generators: Generators, callback: Callback
) -> Tensor:
    """Euler's method: first order, one evaluation per step."""
    return _integrate(model, start, steps, callback, trapezoid=False)


def heun(
    model: Model, start: Start, steps: int, generators: Generators, callback: Callback
) -> Tensor:
    """Heun's method: second order (trapezoid), two evaluations per step, one in the last."""
    return _integrate(model, start, steps, callback, trapezoid=True)
