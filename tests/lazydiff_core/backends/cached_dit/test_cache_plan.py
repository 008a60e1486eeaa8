from __future__ import annotations

import pytest
import torch

from lazydiff_core.backends.cached_dit import cache_plan
from lazydiff_core.backends.cached_dit.cache_plan import (
    CachePlan,
    choose_plan,
    fallback_plan,
    free_memory,
)
from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings, MemoryBudget
from lazydiff_core.backends.cached_dit.family import DitShape
from lazydiff_core.backends.cached_dit.kv_entry import HALF, Storage

F32, BF16 = torch.float32, torch.bfloat16
# PixArt-XL on a canvas of 1024 pixels
XL = DitShape(side=1024, grid=64, patch=2, token_width=16, layers=28, width=1152)
MB = 10**6


def plan(device: float, host: float = 0, dtype: torch.dtype = F32, **changes: object) -> CachePlan:
    settings = CacheSettings(**changes)  # type: ignore[arg-type]
    return choose_plan(
        settings, XL, 4096, 20, dtype, MemoryBudget(int(device * MB), int(host * MB))
    )


def test_the_size_of_a_moment() -> None:
    """As computed in the literature: 528 MB a timestep of 4096 tokens in half precision."""
    assert XL.entry_bytes(4096, 2) == 28 * 2 * 4096 * 1152 * 2
    assert round(XL.entry_bytes(4096, 2) / 2**20) == 504


@pytest.mark.parametrize(
    ("device", "host", "dtype", "expected"),
    [
        (22_000, 0, F32, ("bank", 1, F32, False)),
        (21_000, 0, F32, ("bank", 1, HALF, False)),
        (10_600, 0, BF16, ("bank", 1, BF16, False)),
        (4_000, 11_000, BF16, ("bank", 1, BF16, True)),
        (5_300, 4_000, BF16, ("bank", 2, BF16, False)),
        (3_000, 5_300, BF16, ("bank", 2, BF16, True)),
        (2_200, 0, F32, ("bank", 5, HALF, False)),
        (2_120, 0, F32, ("bank", 5, HALF, False)),
        (2_100, 0, F32, ("refresh", 1, HALF, False)),
        (1_057, 0, BF16, ("refresh", 1, BF16, False)),
        (1_000, 1_057, BF16, ("refresh", 1, BF16, True)),
        (100, 100, F32, ("full", 1, F32, False)),
    ],
)
def test_the_best_plan_that_fits(
    device: float, host: float, dtype: torch.dtype, expected: tuple[object, ...]
) -> None:
    best = plan(device, host, dtype)
    assert (best.mode, best.stride, best.storage.dtype, best.storage.host) == expected
    assert best.bytes <= (host if best.storage.host else device) * MB


def test_modes_that_are_asked_for() -> None:
    assert plan(22_000, mode="refresh").mode == "refresh"
    assert plan(22_000, mode="full").mode == "full"
    assert (
        choose_plan(CacheSettings(), XL, 0, 20, F32, MemoryBudget(10**12)).mode == "full"
    )  # nothing to keep


def test_a_stride_is_never_longer_than_a_refresh() -> None:
    assert plan(2_200, every=4).mode == "refresh"
    assert plan(1_100, every=20).stride == 10


def test_notices() -> None:
    assert plan(22_000).notice == "The canvas is kept for 20 of 20 steps (21,139 MB)."
    assert "20 of 20 steps (10,570 MB in half precision)" in plan(11_000).notice
    assert "10 of 20 steps" in plan(5_300, dtype=BF16).notice
    assert "in main memory" in plan(0, 11_000, BF16).notice
    assert plan(2_100, dtype=F32).notice == (
        "No room for a bank of 10,570 MB. Some steps compute the whole canvas, the others the "
        "hole (1,057 MB kept)."
    )
    assert plan(0).notice == ("No room to keep the canvas. Every step computes the whole canvas.")


def test_after_memory_ended_all_the_same() -> None:
    instead = fallback_plan(plan(22_000), CacheSettings(), XL, 4096, MemoryBudget(22_000 * MB))
    assert (instead.mode, instead.steps) == ("refresh", 20)
    assert instead.notice.startswith("Memory ran out while the bank was built.")


def test_free_memory_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_plan, "free_bytes", lambda device: 1000)
    monkeypatch.setattr(cache_plan, "free_main_bytes", lambda: 600)
    assert free_memory(torch.device("cpu")) == MemoryBudget(500)
    assert free_memory(torch.device("cuda")) == MemoryBudget(500, 300)
    assert free_memory(torch.device("cuda"), work=700) == MemoryBudget(300, 300)
    assert free_memory(torch.device("cuda"), work=2000) == MemoryBudget(0, 300)


@pytest.mark.parametrize("wrong", [{"every": 0}, {"last_full": -1}, {"dilate": -1}])
def test_settings_without_sense(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="no run"):
        CacheSettings(**wrong)  # type: ignore[arg-type]


def test_storage_keeps_a_copy_within_its_range() -> None:
    pair = torch.tensor([1.0, 1e6, -1e6])
    same, half, host = (
        storage.keep(pair) for storage in (Storage(F32), Storage(HALF), Storage(HALF, host=True))
    )
    assert torch.equal(same, pair)
    assert same.data_ptr() != pair.data_ptr()
    assert half.tolist() == [1.0, 65504.0, -65504.0]
    assert torch.equal(half, host)
    assert Storage(BF16, host=True).keep(pair).isfinite().all()
