"""Cards that are not here, by what PyTorch would say of them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from lazydiff_core.errors import InputError
from lazydiff_core.model.files import devices
from lazydiff_core.model.files.devices import (
    card_fault,
    choose_device,
    devices_here,
    free_bytes,
    free_main_bytes,
    half_of,
)

CPU, CUDA = torch.device("cpu"), torch.device("cuda:0")


def _card(major: int, minor: int) -> SimpleNamespace:
    return SimpleNamespace(major=major, minor=minor)


BUILT = ["sm_75", "sm_80", "sm_86", "sm_90"]


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An NVIDIA card with a build for it; tests change what it is."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "Some Card")
    monkeypatch.setattr(torch.cuda, "get_arch_list", lambda: BUILT)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda device: _card(8, 9))
    monkeypatch.setattr(torch.version, "hip", None)
    return monkeypatch


def test_without_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_device("cpu") == CPU
    for kind in (torch.cuda, torch.xpu, torch.backends.mps):
        monkeypatch.setattr(kind, "is_available", lambda: False)
    assert choose_device(None) == choose_device("auto") == CPU
    for name in ("magic", "cuda:99", "cpu:x"):
        with pytest.raises(InputError, match=f"device '{name}' is not available"):
            choose_device(name)


@pytest.mark.parametrize(
    ("capability", "built", "runs"),
    [
        ((8, 9), BUILT, True),  # code for 8.6 runs on 8.9
        ((12, 0), BUILT, False),
        ((12, 0), [*BUILT, "compute_90"], True),  # compiled on the spot
        ((7, 0), BUILT, False),
        ((6, 1), ["sm_70", "compute_70"], False),
        ((9, 0), ["sm_90a", "sm_90"], True),
    ],
)
def test_a_build_without_code_for_the_card_is_told(
    card: pytest.MonkeyPatch, capability: tuple[int, int], built: list[str], runs: bool
) -> None:
    card.setattr(torch.cuda, "get_device_properties", lambda device: _card(*capability))
    card.setattr(torch.cuda, "get_arch_list", lambda: built)
    assert (card_fault(CUDA) == "") == runs
    assert (devices_here() == ("cpu", "cuda:0")) == runs
    if not runs:
        with pytest.raises(InputError, match=r"not built for Some Card .*: pip install"):
            choose_device("cuda:0")


def test_automatic_takes_what_can_be_used(
    card: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert choose_device(None) == torch.device("cuda")
    card.setattr(torch.cuda, "get_device_properties", lambda device: _card(12, 0))
    assert choose_device(None) == CPU
    assert "not built for Some Card" in caplog.text
    card.setattr(torch.backends.mps, "is_available", lambda: True)
    assert choose_device("auto") == torch.device("mps")
    card.setattr(torch.xpu, "is_available", lambda: True)
    assert choose_device("auto") == torch.device("xpu")


def test_amds_cards_are_known_by_their_own_names(card: pytest.MonkeyPatch) -> None:
    card.setattr(torch.version, "hip", "7.0")
    card.setattr(torch.cuda, "get_arch_list", lambda: ["gfx1100", "gfx90a"])
    names = {"gfx1100": True, "gfx90a:sramecc+:xnack-": True, "gfx1030": False}
    for name, runs in names.items():
        properties = SimpleNamespace(gcnArchName=name)
        card.setattr(torch.cuda, "get_device_properties", lambda device, p=properties: p)
        assert (card_fault(CUDA) == "") == runs, name


@pytest.mark.parametrize(
    ("native", "wide", "dtype"),
    [
        (True, False, torch.bfloat16),
        (True, True, torch.bfloat16),
        (False, False, torch.float16),
        (False, True, torch.float32),  # Qwen3 and FLUX overflow in float16
    ],
)
def test_precision_is_what_the_device_does_well(
    monkeypatch: pytest.MonkeyPatch, native: bool, wide: bool, dtype: torch.dtype
) -> None:
    monkeypatch.setattr(devices, "_has_bfloat16", lambda device: native)
    assert half_of(CUDA, wide=wide) == dtype
    assert half_of(CPU, wide=wide) == torch.float32


def test_bfloat16_is_tried_where_nothing_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    assert devices._has_bfloat16.__wrapped__(CPU)

    def refuse(*given: object, **named: object) -> None:
        raise TypeError("BFloat16 is not supported on MPS")

    monkeypatch.setattr(torch, "ones", refuse)
    assert not devices._has_bfloat16.__wrapped__(torch.device("mps"))


def test_free_memory(card: pytest.MonkeyPatch) -> None:
    card.setattr(torch.cuda, "mem_get_info", lambda device: (700, 9999))
    card.setattr(torch.cuda, "memory_reserved", lambda device: 400)
    card.setattr(torch.cuda, "memory_allocated", lambda device: 100)
    assert free_bytes(CUDA) == 1000
    assert 10**8 < free_bytes(CPU) < 10**14

    def gone(path: Path) -> str:
        raise FileNotFoundError(path)

    card.setattr(Path, "read_text", gone)
    assert 10**8 < free_main_bytes() < 10**14
