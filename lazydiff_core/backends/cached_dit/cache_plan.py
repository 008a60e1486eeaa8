"""Decides, before anything is stored, which mode and which KV cache fit into memory."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch

from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings, MemoryBudget, Mode
from lazydiff_core.backends.cached_dit.family import DitShape
from lazydiff_core.backends.cached_dit.kv_entry import HALF, Storage
from lazydiff_core.model.files.devices import free_bytes, free_main_bytes

SHARE = 0.5  # of free memory; the rest is for the computation itself
_NO_ROOM = "No room to keep the canvas."


@dataclass(frozen=True)
class CachePlan:
    """How a canvas is computed, and what is stored for it.

    bytes:  the most that is stored, for one sample.
    stride: a bank stores every `stride`-th scheduled step; a step in between uses the one before.
    steps:  scheduled steps.
    why:    why a better plan was not taken, as a sentence; else empty.
    """

    mode: Mode
    storage: Storage
    bytes: int = 0
    stride: int = 1
    steps: int = 0
    why: str = ""

    @property
    def notice(self) -> str:
        """The method and its memory, as sentences for the artist."""
        return f"{self.why} {_ways(self)}".strip()


def _ways(plan: CachePlan) -> str:
    if plan.mode == "full":
        return "Every step computes the whole canvas."
    size = f"{plan.bytes / 1e6:,.0f} MB"
    if plan.mode == "reference":
        return f"The canvas is a reference, kept for all steps ({size})."
    if plan.mode == "refresh":
        return f"Some steps compute the whole canvas, the others the hole ({size} kept)."
    kept = -(-plan.steps // plan.stride)
    precision = " in half precision" if plan.storage.dtype == HALF else ""
    where = " in main memory" if plan.storage.host else ""
    return f"The canvas is kept for {kept} of {plan.steps} steps ({size}{precision}{where})."


def choose_plan(
    settings: CacheSettings,
    shape: DitShape,
    visible: int,
    steps: int,
    dtype: torch.dtype,
    budget: MemoryBudget,
    once: int = 0,
    padding: int = 0,
) -> CachePlan:
    """The best plan that fits: all steps, half precision, main memory, fewer steps, refresh, full.

    visible: number of visible tokens and references that are stored for each of `steps`; 0 = all
             is hole.
    dtype:   the type in which the model computes.
    once:    number of references that are stored once, for all steps.
    padding: tokens of a prompt's padding that are stored for each step.
    """
    if settings.mode == "full" or not visible:
        return CachePlan("full", Storage(dtype), steps=steps)
    if settings.mode == "reference":
        for storage in _storages(dtype):
            size = shape.entry_bytes(once + steps * padding, storage.dtype.itemsize)
            plan = CachePlan("reference", storage, size, steps=steps)
            if _fits(plan, budget):
                return plan
        return CachePlan("full", Storage(dtype), steps=steps, why=_NO_ROOM)
    why, visible = "", visible + padding
    if settings.mode == "bank":
        for plan in _banks(shape, visible, once, steps, dtype, settings.every):
            if _fits(plan, budget):
                return plan
        need = shape.entry_bytes(visible * steps + once, HALF.itemsize)
        why = f"No room for a bank of {need / 1e6:,.0f} MB."
    # Each of the two branches of guidance stores its own keys.
    for storage in _storages(dtype):
        size = shape.entry_bytes(2 * visible + once, storage.dtype.itemsize)
        plan = CachePlan("refresh", storage, size, steps=steps, why=why)
        if _fits(plan, budget):
            return plan
    return CachePlan("full", Storage(dtype), steps=steps, why=_NO_ROOM)


def fallback_plan(
    plan: CachePlan,
    settings: CacheSettings,
    shape: DitShape,
    visible: int,
    budget: MemoryBudget,
    once: int = 0,
    padding: int = 0,
) -> CachePlan:
    """The plan to use after memory ran out while a budgeted bank was built."""
    instead = choose_plan(
        replace(settings, mode="refresh"),
        *(shape, visible, plan.steps, plan.storage.dtype, budget, once, padding),
    )
    return replace(instead, why="Memory ran out while the bank was built.")


def _storages(dtype: torch.dtype) -> list[Storage]:
    narrow = dtype if dtype.itemsize <= HALF.itemsize else HALF
    return list(dict.fromkeys((Storage(dtype), Storage(narrow), Storage(narrow, host=True))))


def _banks(
    shape: DitShape, visible: int, once: int, steps: int, dtype: torch.dtype, every: int
) -> list[CachePlan]:
    """Banks to try, best first, down to the stride at which a refresh is as good."""

    def bank(storage: Storage, stride: int) -> CachePlan:
        kept = -(-steps // stride)
        size = shape.entry_bytes(visible * kept + once, storage.dtype.itemsize)
        return CachePlan("bank", storage, size, stride, steps)

    storages = _storages(dtype)
    strides = range(2, min(every, steps) + 1)
    whole = [bank(storage, 1) for storage in storages]
    return whole + [bank(storage, stride) for stride in strides for storage in storages[-2:]]


def _fits(plan: CachePlan, budget: MemoryBudget) -> bool:
    return plan.bytes <= (budget.host if plan.storage.host else budget.device)


def share_of(free: int, work: int) -> int:
    """Bytes for keys, of those that are free: half, but for what the widest pass takes."""
    return max(0, min(int(free * SHARE), free - work))


def free_memory(device: torch.device, work: int = 0) -> MemoryBudget:
    """The budget: of the memory that is free now. work: as in Family."""
    own = share_of(free_bytes(device), work)
    return MemoryBudget(own, 0 if device.type == "cpu" else int(free_main_bytes() * SHARE))
