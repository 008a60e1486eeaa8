from __future__ import annotations

import pytest
import torch

from lazydiff_core.training import precision
from lazydiff_core.training.precision import autocast, choose_precision

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.1, torch.bfloat16), (0.95, torch.float32), (400, torch.float32)]
)
def test_the_faster_format_wins(
    monkeypatch: pytest.MonkeyPatch, seconds: float, expected: torch.dtype
) -> None:
    """`seconds` of a bfloat16 product, where float32's takes one."""
    times = {torch.float32: 1.0, torch.bfloat16: seconds}
    monkeypatch.setattr(precision, "_matmul_seconds", times.__getitem__)
    assert precision.fast_dtype(CPU) == expected


def test_time_is_measured() -> None:
    assert precision._matmul_seconds(torch.float32) > 0


def test_precision_is_chosen_once() -> None:
    assert choose_precision(CPU, "bfloat16") == "bfloat16"
    assert choose_precision(CPU, "auto") in ("float32", "bfloat16")


def test_autocast() -> None:
    a = torch.ones(2, 2)
    with autocast(CPU, torch.float32):
        assert (a @ a).dtype == torch.float32
    with autocast(CPU, torch.bfloat16):
        assert (a @ a).dtype == torch.bfloat16


@pytest.mark.parametrize(("native", "expected"), [(True, torch.bfloat16), (False, torch.float32)])
def test_emulated_bfloat16_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, native: bool, expected: torch.dtype
) -> None:
    """Cards older than Ampere say that they have it, unless asked whether they emulate it."""

    def supported(including_emulation: bool = True) -> bool:
        return native or including_emulation

    monkeypatch.setattr(torch.cuda, "is_bf16_supported", supported)
    assert precision.fast_dtype(torch.device("cuda")) == expected


@pytest.mark.parametrize(("kind", "expected"), [("mps", torch.float32), ("xpu", torch.bfloat16)])
def test_the_processor_does_not_decide_for_other_devices(
    monkeypatch: pytest.MonkeyPatch, kind: str, expected: torch.dtype
) -> None:
    for fast in (torch.float32, torch.bfloat16):
        times = {torch.float32: 1.0, torch.bfloat16: 1.0} | {fast: 0.1}
        monkeypatch.setattr(precision, "_matmul_seconds", times.__getitem__)
        assert precision.fast_dtype(torch.device(kind)) == expected
