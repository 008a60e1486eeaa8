"""The KV cache of mode "bank": keys and values of the visible tokens, one entry per timestep.

It is computed without hole tokens, prompt and seed, so it cannot leak old content and serves all
prompts and seeds. A run computes missing entries when it needs them, so its result does not depend
on how full the cache was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

import torch
from torch import Tensor

from lazydiff_core.backends.cached_dit.cache_plan import CachePlan
from lazydiff_core.backends.cached_dit.family import Attend, Pass, Text
from lazydiff_core.backends.cached_dit.kv_entry import (
    KVCacheEntry,
    PlainAttention,
    RecordKV,
    ReuseKV,
    Storage,
)
from lazydiff_core.backends.cached_dit.padding import Padding
from lazydiff_core.backends.cached_dit.token_canvas import TokenCanvas
from lazydiff_core.device_faults import is_out_of_memory
from lazydiff_core.sampling.schedule import Schedule


class KVCacheError(Exception):
    """Memory ran out although the cache was budgeted; all entries have been dropped."""


def recorded(
    storage: Storage, count: int, run: Callable[[RecordKV], object], inner: Attend | None = None
) -> KVCacheEntry | None:
    """Keys and values of the first `count` tokens of a pass; None if memory ran out.

    inner: what the pass attends to, as in RecordKV.
    """
    record = RecordKV(storage, count, inner)
    try:
        run(record)
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        return None
    return record.entry


def give_up(like: Tensor) -> NoReturn:
    """Raise KVCacheError; called where the frames of the failed allocation have been freed."""
    if like.is_cuda:
        torch.cuda.empty_cache()
    raise KVCacheError


class KVCache:
    """Entries of one canvas for one schedule; the visible tokens are computed with `text`.

    padding: keep that of `text` as well, or of each prompt; None = it is computed at each step.
    """

    def __init__(
        self,
        family: Pass,
        canvas: TokenCanvas,
        schedule: Schedule,
        plan: CachePlan,
        text: Text,
        padding: Padding | None = None,
    ) -> None:
        self.family, self.canvas, self.schedule = family, canvas, schedule
        self.plan, self.text, self.padding = plan, text, padding
        self.entries: dict[int, KVCacheEntry] = {}
        self._prompts: tuple[str, ...] = ()
        self._paddings: dict[int, KVCacheEntry] = {}  # of these prompts, by step

    @property
    def bytes(self) -> int:
        kept = (*self.entries.values(), *self._paddings.values())
        return sum(entry.bytes for entry in kept)

    def fill(self, stop: Callable[[], bool]) -> None:
        """Compute missing entries, earliest first, until `stop()` is true. Raises KVCacheError."""
        for step in range(0, len(self.schedule), self.plan.stride):
            if stop() or not self._keeps_any:
                return
            self.at(step)

    @property
    def _keeps_any(self) -> bool:
        """Whether anything is kept for all prompts."""
        own = self.padding is not None and self.padding.by_prompt
        return not (self.plan.mode == "reference" and own)

    def at(self, step: int) -> KVCacheEntry:
        """The entry for a step, computed if missing. Raises KVCacheError."""
        kept = step - step % self.plan.stride
        if kept not in self.entries and not self._make(kept):
            self._fail()
        return self.entries[kept]

    def _make(self, step: int) -> bool:
        x = self.canvas.kept_at(step, self.schedule.rates[step])
        t, places = self.schedule.times[step], self.canvas.kept_places
        if self.plan.mode == "reference":  # of the canvas, all that is kept are its references
            x, places = x[:, :0], places[:0]
        text, padding = self.text, 0
        if self.padding and not self.padding.by_prompt:
            text, padding = self.padding.record(text)
        entry = recorded(
            self.plan.storage,
            padding + len(places),
            lambda record: self.family.predict(
                self.canvas.with_conditions(x, places), places, t, text, record
            ),
        )
        if entry is not None:
            self.entries[step] = entry
        return entry is not None

    def predict(self, step: int, x_BNP: Tensor, text: Text) -> Tensor:
        """(B,N,P) prediction for hole tokens. Raises KVCacheError."""
        attend: Attend = ReuseKV(self.at(step)) if self._keeps_any else PlainAttention()
        t, places = self.schedule.times[step], self.canvas.hole_N
        x = self.canvas.with_conditions(x_BNP, places)
        if self.padding and self.padding.by_prompt:
            text, attend = self._with_own_padding(step, x, text, attend)
        elif self.padding:
            text, attend = self.padding.reuse(text, self.at(step), self.text)
        return self.family.predict(x, places, t, text, attend)

    def _with_own_padding(
        self, step: int, x: Tensor, text: Text, attend: Attend
    ) -> tuple[Text, Attend]:
        """The words of a text, and attention to its kept padding beside what `attend` does."""
        assert self.padding is not None
        prompts, each, rows = self.padding.family.distinct(text)
        if prompts != self._prompts:
            self._prompts, self._paddings = prompts, {}
        if step not in self._paddings:
            shown, count = self.padding.record(each)
            none, t = x[: len(prompts), :0], self.schedule.times[step]
            entry = recorded(
                self.plan.storage,
                count,
                lambda record: self.family.predict(none, self.canvas.hole_N[:0], t, shown, record),
                attend,
            )
            if entry is None:
                self._fail()
            self._paddings[step] = entry
        words = self.padding.family.words(each)
        kept = ReuseKV(self._paddings[step], attend, rows=rows)
        return self.padding.family.without_padding(text, words), kept

    def _fail(self) -> NoReturn:
        self.entries.clear()
        self._paddings.clear()
        give_up(self.canvas.tokens)
