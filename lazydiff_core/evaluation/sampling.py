"""How the fills of an evaluation are sampled."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sampling:
    """How to sample; None = the model's default. The seed is the same for every trial."""

    seed: int = 0
    steps: int | None = None
    guidance: float | None = None
    sampler: str | None = None


DEFAULTS = Sampling()
