"""Mode "refresh": full steps compute the whole canvas, the others the hole only.

If every step is full, this is blended inpainting, the reference.
"""

from __future__ import annotations

import torch
from torch import Tensor

from lazydiff_core.backends.cached_dit.cache_plan import CachePlan
from lazydiff_core.backends.cached_dit.family import Attend, Pass, Text
from lazydiff_core.backends.cached_dit.kv_entry import (
    KVCacheEntry,
    PlainAttention,
    RecordKV,
    ReuseKV,
)
from lazydiff_core.backends.cached_dit.padding import Padding
from lazydiff_core.backends.cached_dit.token_canvas import TokenCanvas
from lazydiff_core.sampling.schedule import Schedule


def full_steps(steps: int, every: int, last_full: int, start: int = 0) -> frozenset[int]:
    """The steps of start..steps-1 that compute the whole canvas."""
    last = range(max(start, steps - last_full), steps)
    return frozenset(range(start, steps, every)) | frozenset(last)


class RefreshRun:
    """One denoising run that takes keys of the visible tokens from the last full step."""

    def __init__(
        self,
        family: Pass,
        canvas: TokenCanvas,
        schedule: Schedule,
        plan: CachePlan,
        full: frozenset[int],
        padding: Padding | None = None,
    ) -> None:
        self.family, self.canvas, self.schedule = family, canvas, schedule
        self.plan, self.full, self.padding = plan, full, padding
        self.entry = KVCacheEntry()

    def predict(self, step: int, x_BNP: Tensor, text: Text) -> Tensor:
        """(B,N,P) prediction for hole tokens."""
        if step in self.full:
            return self._whole(step, x_BNP, text)
        t, places = self.schedule.times[step], self.canvas.hole_N
        x = self.canvas.with_conditions(x_BNP, places)
        attend = ReuseKV(self.entry)
        if self.padding:
            text, attend = self.padding.reuse(text, self.entry, text)
        return self.family.predict(x, places, t, text, attend)

    def _whole(self, step: int, x_BNP: Tensor, text: Text) -> Tensor:
        count = len(self.canvas.kept_places)
        self.entry = KVCacheEntry()  # frees the old one before the new one is recorded
        last = step + 1 in self.full or step + 1 == len(self.schedule)
        shown, padding = self.padding.record(text) if self.padding and not last else (text, 0)
        record = RecordKV(self.plan.storage, padding + count)
        attend: Attend = PlainAttention() if last else record
        kept = self.canvas.kept_at(step, self.schedule.rates[step])
        x = torch.cat([kept.expand(len(x_BNP), -1, -1), x_BNP], 1)
        t, places = self.schedule.times[step], self.canvas.places
        predicted = self.family.predict(
            self.canvas.with_conditions(x, places), places, t, shown, attend
        )
        self.entry = record.entry
        return predicted[:, count:]
