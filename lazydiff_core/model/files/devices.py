"""What models can run on here, in which precision, and how much memory is free there."""

from __future__ import annotations

import logging
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

import torch

from lazydiff_core.errors import InputError

_log = logging.getLogger(__name__)
_CUDA_PATTERN = re.compile(r"(sm|compute)_(\d+)(\d)[a-z]?")
_UNKNOWN_BYTES: Final = 2 * 2**30  # assumed if the system does not tell


def choose_device(name: str | None) -> torch.device:
    """The named device; by default the best that can be used: a card, else the CPU.

    Raises InputError if the named one is not here, or this PyTorch was not built for it.
    """
    if name is None or name == "auto":
        return torch.device(_best())
    try:
        device = torch.device(name)
        fault = card_fault(device)
        if not fault:
            torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise InputError(f"The device {name!r} is not available here.") from error
    if fault:
        raise InputError(fault)
    return device


def devices_here() -> tuple[str, ...]:
    """Names of the devices that can be used, the CPU first."""
    cuda = [f"cuda:{number}" for number in range(torch.cuda.device_count())]
    xpu = [f"xpu:{number}" for number in range(torch.xpu.device_count())]
    mps = ["mps"] if torch.backends.mps.is_available() else []
    usable = [name for name in cuda if not card_fault(torch.device(name))]
    return ("cpu", *usable, *xpu, *mps)


def card_fault(device: torch.device) -> str:
    """Why this PyTorch cannot compute on an NVIDIA or AMD card, as a sentence; "" if it can."""
    if device.type != "cuda" or not torch.cuda.is_available():
        return ""
    built = torch.cuda.get_arch_list()
    if torch.version.hip:
        card = torch.cuda.get_device_properties(device).gcnArchName.split(":")[0]
        known = not built or card in built
    else:
        major, minor = torch.cuda.get_device_capability(device)
        card, known = f"sm_{major}{minor}", not built or _runs(built, major, minor)
    if known:
        return ""
    return (
        f"This PyTorch was not built for {torch.cuda.get_device_name(device)} ({card}, but it has "
        f"{', '.join(built)}): choose the build for it on pytorch.org and install it by "
        "pip install --upgrade --force-reinstall torch, or use --device cpu."
    )


def half_of(device: torch.device, *, wide: bool = False) -> torch.dtype:
    """The precision in which large networks run on a device.

    bfloat16 where the device computes with it; elsewhere float16, or, for networks that leave its
    range (`wide`: Qwen3, FLUX, autoencoders), float32. On the CPU float32.
    """
    if device.type == "cpu":
        return torch.float32
    if _has_bfloat16(device):
        return torch.bfloat16
    return torch.float32 if wide else torch.float16


def free_bytes(device: torch.device) -> int:
    """Bytes free on a device, with those that PyTorch keeps for itself; of main memory if it is
    the device's own."""
    if device.type in ("cuda", "xpu"):
        kind = torch.cuda if device.type == "cuda" else torch.xpu
        unused = kind.memory_reserved(device) - kind.memory_allocated(device)
        return int(kind.mem_get_info(device)[0] + unused)
    if device.type == "mps":
        return max(0, torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory())
    return free_main_bytes()


def free_main_bytes() -> int:
    """Bytes of main memory available without swapping, as far as the system tells."""
    try:
        found = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text())
        if found:
            return int(found[1]) * 1024
    except OSError:  # not Linux
        pass
    names = getattr(os, "sysconf_names", {})
    if "SC_PHYS_PAGES" in names:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return _UNKNOWN_BYTES


def _best() -> str:
    if torch.cuda.is_available():
        fault = card_fault(torch.device("cuda"))
        if not fault:
            return "cuda"
        _log.warning("%s", fault)
    if torch.xpu.is_available():
        return "xpu"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _runs(built: list[str], major: int, minor: int) -> bool:
    """Whether a build has code for a card: of its own generation and no newer, or any that can be
    compiled further."""
    for name in built:
        found = _CUDA_PATTERN.fullmatch(name)
        if found is None:
            continue
        kind, its = found[1], (int(found[2]), int(found[3]))
        if its <= (major, minor) and (kind == "compute" or its[0] == major):
            return True
    return False


@lru_cache(maxsize=16)
def _has_bfloat16(device: torch.device) -> bool:
    if device.type == "cuda":
        with torch.cuda.device(device):
            return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    try:  # Apple's need a newer system than PyTorch asks for
        one = torch.ones(2, 2, dtype=torch.bfloat16, device=device)
        return bool((one @ one).sum().item() == 8)
    except (RuntimeError, TypeError):
        return False
