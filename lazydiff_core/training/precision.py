"""Which number format to train in here: measured, because CPUs differ by a factor of a thousand."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

import torch

from lazydiff_core.training.recipe import Precision


def _matmul_seconds(dtype: torch.dtype) -> float:
    a, b = torch.randn(256, 256, dtype=dtype), torch.randn(256, 512, dtype=dtype)
    a @ b
    start = time.perf_counter()
    a @ b
    return time.perf_counter() - start


def _cpu_is_faster() -> bool:
    # One small product each: on CPUs without bf16 units this is hundreds of times slower.
    return _matmul_seconds(torch.float32) / _matmul_seconds(torch.bfloat16) > 1.2


# Of each kind of device, whether its bfloat16 beats float32. Apple's chips compute float32 as fast,
# and their bfloat16 needs a system that is newer than torch asks for.
_NATIVE: Final[dict[str, Callable[[], bool]]] = {
    "cpu": _cpu_is_faster,
    # Cards older than Ampere only emulate it, which is slower than float32.
    "cuda": lambda: torch.cuda.is_bf16_supported(including_emulation=False),
    "xpu": lambda: True,
    "mps": lambda: False,
}


def fast_dtype(device: torch.device) -> torch.dtype:
    """bfloat16 where this device's matrix product is faster with it, else float32."""
    native = _NATIVE.get(device.type, lambda: False)
    return torch.bfloat16 if native() else torch.float32


def choose_precision(device: torch.device, wanted: Precision) -> Precision:
    """What "auto" means on a device; let one process ask, so that all take the same."""
    if wanted != "auto":
        return wanted
    return "bfloat16" if fast_dtype(device) == torch.bfloat16 else "float32"


def autocast(device: torch.device, dtype: torch.dtype) -> AbstractContextManager[None]:
    """Autocast to `dtype`; float32 switches it off."""
    context: AbstractContextManager[None] = torch.autocast(
        device.type, dtype, enabled=dtype != torch.float32
    )
    return context
