"""Checks of the device: whether torch was built for it, and what memory is free."""

from __future__ import annotations

import re
from collections.abc import Iterable

import torch

from lazydiff_core.backends.cached_dit.cache_plan import SHARE, free_memory
from lazydiff_core.doctor.check import CheckError

_LEAST_MEMORY = 1.5e9  # the bundled model with its text encoder, and a canvas
_ARCHITECTURE = re.compile(r"(sm|compute)_(\d+)(\d)([af]?)")


def torch_build(device: torch.device) -> str:
    """Whether this torch was built for this card."""
    if device.type == "cpu":
        known = torch.backends.cpu.get_cpu_capability()
        return f"{torch.__version__}, {torch.get_num_threads()} threads, {known}"
    if device.type != "cuda":
        return f"{torch.__version__}, {device}"
    card = torch.cuda.get_device_properties(device)
    own = _architecture(card)
    built = torch.cuda.get_arch_list()
    if not runs_on(own, built):
        latest = max(map(_number, built), default=(0, 0))
        newer = _number(own) > latest
        fix = "pip install --upgrade torch" if newer else "pip install 'torch<2.8'  # an older one"
        raise CheckError(
            f"torch {torch.__version__} is not built for {card.name} ({own}), "
            f"only for {', '.join(built) or 'none'}.",
            fix,
        )
    return f"{torch.__version__} for {card.name} ({own})"


def _architecture(card: object) -> str:
    if torch.version.hip is not None:
        return str(getattr(card, "gcnArchName", "")).split(":")[0]
    return f"sm_{getattr(card, 'major', 0)}{getattr(card, 'minor', 0)}"


def _number(architecture: str) -> tuple[int, int]:
    """(9, 0) for sm_90; (0, 0) where the name is not NVIDIA's."""
    found = _ARCHITECTURE.fullmatch(architecture)
    return (int(found[2]), int(found[3])) if found else (0, 0)


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


def memory(device: torch.device) -> str:
    """What is free now."""
    budget = free_memory(device)
    host = (budget.host if device.type == "cuda" else budget.device) / SHARE
    parts = [("memory", host)]
    if device.type == "cuda":
        parts.insert(0, (str(device), budget.device / SHARE))
    for name, free in parts:
        if free < _LEAST_MEMORY:
            raise CheckError(
                f"Of {name} only {free / 1e9:.1f} GB are free, "
                f"and the bundled model takes {_LEAST_MEMORY / 1e9:g}.",
                "nvidia-smi  # says which program to close" if name != "memory" else "top -o %MEM",
            )
    return ", ".join(f"{free / 1e9:.1f} GB of {name} free" for name, free in parts)
