"""Time of several small masks in one batch against one after the other."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from lazydiff_core.contract import EditRequest, EditResult
from lazydiff_core.engine.engine import Clock, Engine

MASKS = 4


@dataclass(frozen=True)
class BatchCost:
    """One row: MASKS square holes of a canvas; seconds are medians for all of them together.

    tokens:     of each hole, about.
    difference: the most a pixel differs between the two ways, of 255.
    """

    side: int
    tokens: int
    apart_seconds: float
    together_seconds: float
    difference: int

    @property
    def gain(self) -> float:
        return self.apart_seconds / self.together_seconds

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"masks": MASKS, "gain": self.gain}


def measure_batch(engine: Engine, side: int, steps: int, times: int, clock: Clock) -> BatchCost:
    """Holes of `side` pixels, their contexts known already; the two ways take turns."""
    apart: list[float] = []
    together: list[float] = []
    requests = _requests(engine.info.native_side, side, steps)
    for request in requests:
        engine.prepare(request.image, request.mask)
    for turn in range(times + 1):
        begin = clock()
        alone = [engine.run(request) for request in requests]
        middle = clock()
        packed = _results(engine, requests)
        if turn:  # the first of all warms up
            apart.append(middle - begin)
            together.append(clock() - middle)
    pairs = zip(alone, packed, strict=True)
    differing = max(int(abs(a.image.astype(int) - b.image).max()) for a, b in pairs)
    tokens = round(statistics.mean(result.tokens.hole for result in alone))
    return BatchCost(side, tokens, statistics.median(apart), statistics.median(together), differing)


def _results(engine: Engine, requests: Sequence[EditRequest]) -> list[EditResult]:
    done = []
    for _, outcome in engine.run_all(requests):
        if isinstance(outcome, Exception):
            raise outcome
        done.append(outcome)
    return done


def _requests(native: int, side: int, steps: int) -> list[EditRequest]:
    """One hole in the middle of each quarter of the model's window."""
    canvas, made = np.full((native, native, 3), 200, np.uint8), []
    for number in range(MASKS):
        left, top = ((2 * k + 1) * native // 4 - side // 2 for k in (number % 2, number // 2))
        mask = np.zeros((native, native), np.bool_)
        mask[top : top + side, left : left + side] = True
        made.append(EditRequest(canvas, mask, "red apple", seed=number, steps=steps))
    return made
