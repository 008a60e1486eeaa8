"""How a run is made cheap; every field is an ablation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from lazydiff_core.contract import Computed

Mode: TypeAlias = Literal["bank", "refresh", "full"]


@dataclass(frozen=True)
class MemoryBudget:
    """Bytes that kept keys and values may fill: on the device, and beside it in main memory."""

    device: int
    host: int = 0


@dataclass(frozen=True)
class CacheSettings:
    """Ours; ValueError for numbers that make no sense.

    mode:        "bank" falls back to "refresh" and that to "full" where memory is short; "full"
                 is blended inpainting, every token at every step: what the others approximate.
    every:       refresh computes the whole canvas at step 0 and every so many steps.
    last_full:   so many last steps compute the whole canvas, in refresh mode.
    fresh_noise: noise the visible latents anew at each step, instead of with one fixed noise.
    bank_prompt: the text that the bank's visible tokens are computed with.
    dilate:      tokens by which the hole is grown: latents beside it saw its blank pixels.
    bucket:      hole tokens are grown to a multiple of this, so that shapes repeat.
    budget:        memory for kept keys and values; None = half of what is free when loaded.
    """

    mode: Mode = "bank"
    every: int = 5
    last_full: int = 0
    fresh_noise: bool = False
    bank_prompt: str = ""
    dilate: int = 1
    bucket: int = 16
    budget: MemoryBudget | None = None

    def __post_init__(self) -> None:
        if self.every < 1 or self.bucket < 1 or self.last_full < 0 or self.dilate < 0:
            raise ValueError(f"no run can be made of {self}")

    @property
    def computed(self) -> Computed:
        """The tokens that are computed at (almost) every step."""
        return Computed(self.dilate, self.bucket)
