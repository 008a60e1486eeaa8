"""Presets of steps, guidance and variants, from a file of shares of a model's own numbers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from lazydiff_core.contract import EngineInfo
from lazydiff_core.storage.resources import resource

USUAL = "balanced"


@dataclass(frozen=True)
class Effort:
    """What a fill is asked for: the three numbers that decide its cost and likeness."""

    steps: int
    guidance: float
    variants: int


@dataclass(frozen=True)
class Quality:
    """A preset. steps and guidance: times what a model does by itself. variants: how many."""

    steps: float
    guidance: float
    variants: int

    def effort(self, info: EngineInfo, most: Effort) -> Effort:
        """The numbers for a model, none above `most`."""
        return Effort(
            steps=min(max(1, round(info.default_steps * self.steps)), most.steps),
            guidance=min(round(info.default_guidance * self.guidance, 1), most.guidance),
            variants=min(max(1, self.variants), most.variants),
        )


@cache
def qualities() -> dict[str, Quality]:
    """By name, in the order they are offered."""
    table = tomllib.loads(resource("presets/quality.toml").read_text(encoding="utf-8"))
    return {name: Quality(**row) for name, row in table.items()}
