"""Settings of the cached DiT; each field is an ablation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from lazydiff_core.contract import Computed

Mode: TypeAlias = Literal["bank", "refresh", "full", "reference"]

PaddingMode: TypeAlias = Literal["computed", "kept", "kept_by_prompt"]


@dataclass(frozen=True)
class MemoryBudget:
    """Bytes available for stored keys and values: on the device, and in main memory."""

    device: int
    host: int = 0


@dataclass(frozen=True)
class CacheSettings:
    """How keys and values of the visible tokens are obtained. ValueError for impossible numbers.

    mode:        "bank" falls back to "refresh", and "refresh" to "full", if memory is short.
                 "full" is blended inpainting, every token at every step: the reference that the
                 other modes approximate. "reference" shows the model the canvas as a picture
                 beside the one that it makes, of which there is the hole alone.
    every:       refresh: the whole canvas is computed at step 0 and every `every` steps.
    last_full:   refresh: the last `last_full` steps compute the whole canvas.
    fresh_noise: draw new noise for the visible latents at each step, instead of once.
    bank_prompt: the text with which the bank's visible tokens are computed.
    dilate:      tokens by which the hole is grown; None = by one for families that see the hole
                 blank, as the latents next to it do. Others see it filled from its surroundings.
    padding:     of prompts, where a family has any: "computed" at each step; "kept", with the keys
                 of another prompt's; or "kept_by_prompt", with its own, made without the hole.
    budget:      memory for stored keys and values; None = half of the free memory at load time.
    """

    mode: Mode = "bank"
    every: int = 5
    last_full: int = 0
    fresh_noise: bool = False
    bank_prompt: str = ""
    padding: PaddingMode = "computed"
    dilate: int | None = None
    budget: MemoryBudget | None = None

    def __post_init__(self) -> None:
        if self.every < 1 or self.last_full < 0 or (self.dilate or 0) < 0:
            raise ValueError(f"no run can be made of {self}")

    def computed(self, sees_blank: bool = False) -> Computed:
        """Which tokens are computed at (almost) every step.

        sees_blank: as in Family.
        """
        return Computed(int(sees_blank) if self.dilate is None else self.dilate)
