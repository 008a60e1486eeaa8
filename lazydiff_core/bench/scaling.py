"""Time by canvas size: the same hole on canvases of growing size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import numpy as np

from lazydiff_core.bench.latency import Say, some_canvas
from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine

SIDES = (512, 768, 1024, 1536, 2048)
HOLE = 160  # pixels a side: 10% of 512x512


@dataclass(frozen=True)
class ScalingRow:
    """Median seconds of each stage for a hole of `hole` pixels a side.

    share: the hole's share of the canvas.
    """

    backend: str
    canvas: int
    hole: int
    share: float
    steps: int
    seconds: dict[str, float]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure_scaling(
    engine: Engine,
    sides: Sequence[int] = SIDES,
    hole: int = HOLE,
    steps: int = 20,
    rounds: int = 3,
    say: Say = print,
) -> list[ScalingRow]:
    """Time an engine; canvases take turns, and the first, slower run of each does not count."""
    runs: dict[int, list[dict[str, float]]] = {side: [] for side in sides}
    for turn in range(rounds + 1):
        for side in sides:
            say(f"round {turn}/{rounds}: {side}x{side}")
            result = engine.run(_request(side, hole, steps, turn))
            if turn:
                runs[side].append(result.seconds)
    return [
        ScalingRow(
            engine.info.backend,
            side,
            hole,
            (hole / side) ** 2,
            steps,
            {stage: median(run[stage] for run in taken) for stage in taken[0]},
        )
        for side, taken in runs.items()
    ]


def _request(side: int, hole: int, steps: int, turn: int) -> EditRequest:
    mask = np.zeros((side, side), np.bool_)
    start = (side - hole) // 2 + 8 * (turn % 2)
    mask[start : start + hole, start : start + hole] = True
    prompt = f"a red mushroom and {turn} leaves of {side}"
    return EditRequest(some_canvas(side), mask, prompt=prompt, seed=turn, steps=steps)
