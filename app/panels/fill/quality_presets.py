"""Presets of steps and guidance, from a file of shares of a model's own numbers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from lazydiff_core.contract import EngineInfo
from lazydiff_core.generation_settings import LIMITS
from lazydiff_core.storage.resources import resource

USUAL = "balanced"


@dataclass(frozen=True)
class Effort:
    """What a fill is asked for: the two numbers that decide its cost and likeness."""

    steps: int
    guidance: float


@dataclass(frozen=True)
class Quality:
    """A preset. steps and guidance: times what a model does by itself."""

    steps: float
    guidance: float

    def effort(self, info: EngineInfo) -> Effort:
        """The numbers for a model, within the limits of the settings."""
        steps, guidance = LIMITS["steps"], LIMITS["guidance"]
        return Effort(
            steps=min(max(steps.low, round(info.default_steps * self.steps)), steps.high),
            guidance=min(round(info.default_guidance * self.guidance, 1), guidance.high),
        )


@cache
def qualities() -> dict[str, Quality]:
    """By name, in the order they are offered."""
    table = tomllib.loads(resource("presets/quality.toml").read_text(encoding="utf-8"))
    return {name: Quality(**row) for name, row in table.items()}
