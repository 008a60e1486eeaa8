"""Checks of the device: whether torch was built for it, and what memory is free."""

from __future__ import annotations

import shutil

import torch

from lazydiff_core.doctor.check import CheckError
from lazydiff_core.model.files.devices import (
    architecture,
    card_fault,
    free_bytes,
    free_main_bytes,
    mending_command,
    runs_on,
)

_LEAST_MEMORY = 1.5e9  # the bundled model with its text encoder, and a canvas


def torch_build(device: torch.device) -> str:
    """Whether this torch was built for this card."""
    if device.type == "cpu":
        known = torch.backends.cpu.get_cpu_capability()
        unused = _unused_card()
        found = f"{torch.__version__}, {torch.get_num_threads()} threads, {known}"
        return f"{found}; {unused}" if unused else found
    if device.type != "cuda":
        return f"{torch.__version__}, {device}"
    card = torch.cuda.get_device_properties(device)
    own = architecture(card)
    built = torch.cuda.get_arch_list()
    if not runs_on(own, built):
        raise CheckError(
            f"torch {torch.__version__} is not built for {card.name} ({own}), "
            f"only for {', '.join(built) or 'none'}.",
            mending_command(own, built),
        )
    return f"{torch.__version__} for {card.name} ({own})"


def _unused_card() -> str:
    """Why a card that is here is not used; "" where there is none, or where it could be."""
    fault = card_fault(torch.device("cuda"))
    if fault:
        return f"the card is not used: {fault}"
    if not torch.cuda.is_available() and shutil.which("nvidia-smi"):
        return (
            "there is an NVIDIA card, but this torch is for the CPU or its driver is too old: "
            "see PyTorch's installation page"
        )
    return ""


def memory(device: torch.device) -> str:
    """What is free now."""
    parts = [("memory", free_main_bytes())]
    if device.type != "cpu":
        parts.insert(0, (str(device), free_bytes(device)))
    look = "nvidia-smi  # says which program to close" if device.type == "cuda" else "top -o %MEM"
    for name, free in parts:
        if free < _LEAST_MEMORY:
            raise CheckError(
                f"Of {name} only {free / 1e9:.1f} GB are free, "
                f"and the bundled model takes {_LEAST_MEMORY / 1e9:g}.",
                look,
            )
    return ", ".join(f"{free / 1e9:.1f} GB of {name} free" for name, free in parts)
