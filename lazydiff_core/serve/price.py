"""What a fill will cost, for clients that show it before they ask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lazydiff_core.contract import EngineInfo, IsCancelled, Mask, Scope, Tokens
from lazydiff_core.engine.engine import Engine
from lazydiff_core.engine.model_crop import crop_for_model, pieces_for_model
from lazydiff_core.geometry.tokens import computed_tokens, token_mask

_ACROSS = (3, 10)  # sides, in tokens, of the holes that are timed


@dataclass(frozen=True)
class Price:
    """The tokens that a fill computes, and the seconds it takes alone."""

    tokens: int
    seconds: float


class PriceList:
    """Prices of one engine, from two short runs that are timed when the first one is asked for."""

    def __init__(self) -> None:
        self._line: tuple[float, float] | None = None  # seconds of a fill, and of a token and step

    def of(
        self, engine: Engine, mask: Mask, scope: Scope, variants: int, stop: IsCancelled
    ) -> Price:
        """The price of a fill with the model's own steps; raises EmptyMaskError."""
        fixed, each = self._line or self._timed(engine, stop)
        tokens = hole_tokens(mask, scope, engine.info).hole
        return Price(tokens, fixed + each * tokens * variants * engine.info.default_steps)

    def _timed(self, engine: Engine, stop: IsCancelled) -> tuple[float, float]:
        small, large = (engine.time_run(across, stop) for across in _ACROSS)
        work = [run.tokens.hole * run.steps for run in (small, large)]
        slope = (large.seconds["total"] - small.seconds["total"]) / max(work[1] - work[0], 1)
        each = max(slope, 0.0)
        self._line = max(small.seconds["total"] - each * work[0], 0.0), each
        return self._line


def hole_tokens(mask: Mask, scope: Scope, info: EngineInfo) -> Tokens:
    """The tokens that a fill of an (H,W) hole computes; raises EmptyMaskError without any."""
    canvas = np.zeros((*mask.shape, 3), np.uint8)
    grids = [
        computed_tokens(
            token_mask(
                crop_for_model(canvas, mask, scope, info, piece).input.mask, info.token_pixels
            ),
            info.computed,
        )
        for piece in pieces_for_model(mask, scope, info)
    ]
    return Tokens(sum(grid.size for grid in grids), sum(int(grid.sum()) for grid in grids))
