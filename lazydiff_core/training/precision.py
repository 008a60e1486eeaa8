"""Which number format to train in here: measured, because CPUs differ by a factor of a thousand."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager

import torch


def _matmul_seconds(dtype: torch.dtype) -> float:
    a, b = torch.randn(256, 256, dtype=dtype), torch.randn(256, 512, dtype=dtype)
    a @ b
    start = time.perf_counter()
    a @ b
    return time.perf_counter() - start


def fast_dtype(device: torch.device) -> torch.dtype:
    """bfloat16 where its matrix product beats float32's, else float32."""
    if device.type == "cuda":
        # Cards older than Ampere only emulate it, which is slower than float32.
        native = torch.cuda.is_bf16_supported(including_emulation=False)
        return torch.bfloat16 if native else torch.float32
    # One small product each: on CPUs without bf16 units this is hundreds of times slower.
    gain = _matmul_seconds(torch.float32) / _matmul_seconds(torch.bfloat16)
    return torch.bfloat16 if gain > 1.2 else torch.float32


def autocast(device: torch.device, dtype: torch.dtype) -> AbstractContextManager[None]:
    """Autocast to `dtype`; float32 switches it off."""
    context: AbstractContextManager[None] = torch.autocast(
        device.type, dtype, enabled=dtype != torch.float32
    )
    return context
