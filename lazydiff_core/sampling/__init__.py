"""SAMPLERS: ways from noise to clean latents, by name. Each serves one training objective.

A new sampler is a `SamplerFunction` and one line here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lazydiff_core.model.files.config import Objective
from lazydiff_core.sampling.flow import euler, heun
from lazydiff_core.sampling.sampler import SamplerFunction
from lazydiff_core.sampling.scheduled import ddim, dpm_solver, iddpm


@dataclass(frozen=True)
class Sampler:
    """A sampler and the objective it serves.

    evaluations: model calls per step.
    """

    objective: Objective
    run: SamplerFunction
    evaluations: int = 1


SAMPLERS: Final[dict[str, Sampler]] = {
    "euler": Sampler("flow", euler),
    "heun": Sampler("flow", heun, evaluations=2),
    "iddpm": Sampler("iddpm", iddpm),
    "ddim": Sampler("iddpm", ddim),
    "dpm++": Sampler("iddpm", dpm_solver),
}


def samplers_for(objective: Objective) -> tuple[str, ...]:
    """Names of the samplers that serve an objective, the default first."""
    return tuple(name for name, sampler in SAMPLERS.items() if sampler.objective == objective)
