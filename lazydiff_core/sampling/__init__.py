"""SAMPLERS: ways from noise to clean latents, by name. Each serves the objectives it lists.

A new one is a function of the shape `WalkFunction` and a line here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from torch import Tensor

from lazydiff_core.model.files.config import Objective
from lazydiff_core.sampling.base import (
    Callback,
    Generators,
    Model,
    Start,
    WalkFunction,
    walk_to_end,
)
from lazydiff_core.sampling.flow import euler, heun
from lazydiff_core.sampling.scheduled import ddim, dpm_solver, iddpm


@dataclass(frozen=True)
class Sampler:
    """`walk` asks for what it needs; `evaluations` = model calls a step."""

    objective: Objective
    walk: WalkFunction
    evaluations: int = 1

    def run(
        self, model: Model, start: Start, steps: int, generators: Generators, callback: Callback
    ) -> Tensor:
        """Clean tokens (B,N,P); fresh noise, if any, comes from one generator a sample."""
        return walk_to_end(self.walk(start, steps, generators, callback), model)


SAMPLERS: Final[dict[str, Sampler]] = {
    "euler": Sampler("flow", euler),
    "heun": Sampler("flow", heun, evaluations=2),
    "iddpm": Sampler("iddpm", iddpm),
    "ddim": Sampler("iddpm", ddim),
    "dpm++": Sampler("iddpm", dpm_solver),
}


def samplers_for(objective: Objective) -> tuple[str, ...]:
    """Names of the samplers that fit a model's objective, the default first."""
    return tuple(name for name, sampler in SAMPLERS.items() if sampler.objective == objective)
