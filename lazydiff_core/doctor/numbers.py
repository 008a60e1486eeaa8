"""Checks of arithmetic: number formats and attention kernels, against float64 on the CPU."""

from __future__ import annotations

import warnings
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.checkpoint import checkpoint

from lazydiff_core.doctor.check import CheckError
from lazydiff_core.model.network.segments import Segments, attend_within
from lazydiff_core.training.packing import nested_works
from lazydiff_core.training.precision import fast_dtype

# Largest error of a product of unit normal numbers, as a share of the result's spread. TF32, which
# some cards use for float32, has 10 bits.
_ERRORS: Final = {torch.float32: 5e-3, torch.bfloat16: 5e-2, torch.float16: 8e-3}
_KERNELS: Final = {
    "flash": SDPBackend.FLASH_ATTENTION,
    "memory-efficient": SDPBackend.EFFICIENT_ATTENTION,
    "cuDNN": SDPBackend.CUDNN_ATTENTION,
    "plain": SDPBackend.MATH,
}
_DRIVER: Final = "update the card's driver, then: pip install --force-reinstall torch"


def number_formats(device: torch.device) -> str:
    """Which formats give right products; float32 must."""
    a, b = _random(256, 128), _random(128, 64, seed=1)
    exact = a.double() @ b.double()
    right, wrong = list[str](), list[str]()
    for dtype, most in _ERRORS.items():
        name = str(dtype).removeprefix("torch.")
        try:
            found = (a.to(device, dtype) @ b.to(device, dtype)).cpu()
        except (RuntimeError, TypeError):  # this device does not have the format
            continue
        (right if _error(found, exact) <= most else wrong).append(name)
    if wrong or "float32" not in right:
        raise CheckError(f"Products come out wrong in {', '.join(wrong) or 'float32'}.", _DRIVER)
    fast = str(fast_dtype(device)).removeprefix("torch.")
    return f"{', '.join(right)} are right; training would take {fast}"


def attention_kernels(device: torch.device) -> str:
    """Which kernels of PyTorch's attention work here, and are right; one must."""
    dtype = torch.float32 if device.type in ("cpu", "mps") else torch.float16
    q, k, v = (_random(1, 16, 64, 72, seed=n) for n in range(3))
    exact = F.scaled_dot_product_attention(q.double(), k.double(), v.double())
    q, k, v = (part.to(device, dtype) for part in (q, k, v))
    found = []
    for name, kernel in _KERNELS.items():
        try:
            with warnings.catch_warnings(), sdpa_kernel(kernel):
                warnings.simplefilter("ignore")  # PyTorch says why a kernel cannot be taken
                result = F.scaled_dot_product_attention(q, k, v).cpu()
        except RuntimeError:
            continue
        if _error(result, exact) > 2e-2:
            raise CheckError(f"The {name} kernel gives wrong results.", _DRIVER)
        found.append(name)
    if not found:
        raise CheckError("No kernel of PyTorch's attention works.", _DRIVER)
    return ", ".join(found)


def nested_attention(device: torch.device) -> str:
    """Holes of different size in one row, recomputed in the backward pass, as training does it."""
    dtype = torch.float32 if device.type == "cpu" else fast_dtype(device)
    if device.type == "cuda" and not nested_works(device, 24, dtype):
        return "has no kernel here: training pads holes instead, which costs more"
    lengths = (3, 17, 1, 8)
    parts = [_random(1, 4, sum(lengths), 24, seed=n) for n in range(3)]
    weights = _random(*parts[0].shape, seed=3)
    wanted = _gradients(parts, weights, lengths, torch.device("cpu"), torch.float32)
    found = _gradients(parts, weights, lengths, device, dtype)
    most = max(_error(one, exact) for one, exact in zip(found, wanted, strict=True))
    if most > (1e-3 if dtype == torch.float32 else 5e-2):
        raise CheckError(
            f"Its gradients are wrong by {most:.0%} of their spread.",
            "lazydiff train model --set ragged='\"padded\"' ...  # trains without it",
        )
    way = "nested tensors" if device.type == "cuda" else "sample by sample"
    return f"right, recomputed too ({way}, {str(dtype).removeprefix('torch.')})"


def _gradients(
    parts: list[Tensor],
    weights: Tensor,
    lengths: tuple[int, ...],
    device: torch.device,
    dtype: torch.dtype,
) -> list[Tensor]:
    """Result and gradients of attention within samples that is recomputed."""
    given = [part.to(device, dtype).requires_grad_() for part in parts]
    segments = Segments(lengths, lengths, device)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # nested tensors are called a prototype
        result = checkpoint(attend_within, *given, segments, use_reentrant=False)
        (result.float() * weights.to(device)).sum().backward()
    gradients = [part.grad for part in given if part.grad is not None]
    return [one.detach().float().cpu() for one in (result, *gradients)]


def _random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def _error(found: Tensor, exact: Tensor) -> float:
    """Largest difference as a share of the spread; infinite where a number is not finite."""
    if not found.isfinite().all():
        return float("inf")
    return float((found.double() - exact.double()).abs().max() / exact.double().std())
