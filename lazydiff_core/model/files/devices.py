"""What models can run on here, in which precision, and how much memory is free there."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

import torch

from lazydiff_core.errors import InputError

_log = logging.getLogger(__name__)
_ARCHITECTURE = re.compile(r"(sm|compute)_(\d+)(\d)([af]?)")
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
    own, built = architecture(torch.cuda.get_device_properties(device)), torch.cuda.get_arch_list()
    if not built or runs_on(own, built):
        return ""
    return (
        f"This PyTorch was not built for {torch.cuda.get_device_name(device)} ({own}), only for "
        f"{', '.join(built)}: {mending_command(own, built)}, or take --device cpu."
    )


def architecture(card: object) -> str:
    """The name of a card's architecture, such as "sm_86" or "gfx1100", from its properties."""
    if torch.version.hip is not None:
        return str(getattr(card, "gcnArchName", "")).split(":")[0]
    return f"sm_{getattr(card, 'major', 0)}{getattr(card, 'minor', 0)}"


def runs_on(own: str, built: Iterable[str]) -> bool:
    """Whether a build for some architectures runs on a card, such as "sm_86" or "gfx1100".

    NVIDIA's code runs on later minor versions of its major version, unless it is special to one
    (sm_90a); its PTX (compute_80) on all later cards.
    """
    card = _number(own)
    if card == (0, 0):
        return own in built
    for name in built:
        found, given = _ARCHITECTURE.fullmatch(name), _number(name)
        if found is None or found[4] or given > card:
            continue
        if found[1] == "compute" or given[0] == card[0]:
            return True
    return False


def mending_command(own: str, built: Iterable[str]) -> str:
    """What to install where a build does not run on a card."""
    latest = max(map(_number, built), default=(0, 0))
    if _number(own) > latest:
        return "pip install --upgrade torch"
    return "pip install 'torch<2.8'  # an older one"


def _number(architecture: str) -> tuple[int, int]:
    """(9, 0) for sm_90; (0, 0) where the name is not NVIDIA's."""
    found = _ARCHITECTURE.fullmatch(architecture)
    return (int(found[2]), int(found[3])) if found else (0, 0)


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


def held_bytes(device: torch.device) -> int:
    """Bytes that this program has taken of a device, which a model in place of its own would get
    beside those of `free_bytes`."""
    if device.type in ("cuda", "xpu"):
        kind = torch.cuda if device.type == "cuda" else torch.xpu
        return int(kind.memory_allocated(device))
    if device.type == "mps":
        return int(torch.mps.driver_allocated_memory())
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:  # not Linux
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


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
