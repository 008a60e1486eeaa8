"""Muon: momentum whose update is orthogonalised, for the matrices of transformer blocks.

Method: Jordan et al. 2024 (quintic Newton-Schulz iteration). torch.optim.Muon always iterates in
bfloat16, which is unusably slow on CPUs without bf16 units, and one matrix at a time; this one
takes the measured dtype and iterates all matrices of one shape together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import torch
from torch import Tensor


def orthogonalise(g_KRC: Tensor, dtype: torch.dtype, steps: int = 5) -> Tensor:
    """Roughly U V^T of each matrix's SVD: singular values near 1, small ones lower; (K, R, C)."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g_KRC.to(dtype)
    tall = x.shape[1] > x.shape[2]
    if tall:
        x = x.mT
    x = x / (x.float().norm(dim=(1, 2), keepdim=True) + 1e-7).to(dtype)
    for _ in range(steps):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    result: Tensor = (x.mT if tall else x).to(g_KRC.dtype)
    return result


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, orthogonalised, scaled by sqrt(max(1, rows/columns)), decoupled decay."""

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float = 0.02,
        momentum: float = 0.95,
        weight_decay: float = 0.0,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})
        self.dtype = dtype

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            shapes: dict[torch.Size, list[Tensor]] = defaultdict(list)
            for p in group["params"]:
                if p.grad is not None:
                    shapes[p.shape].append(p)
            for matrices in shapes.values():
                self._step_alike(matrices, group)

    def _step_alike(self, matrices: list[Tensor], group: dict[str, float]) -> None:
        updates = []
        for p in matrices:
            assert p.grad is not None
            state = self.state[p]
            if not state:
                state["momentum"] = torch.zeros_like(p)
            state["momentum"].lerp_(p.grad, 1 - group["momentum"])
            updates.append(p.grad.lerp(state["momentum"], group["momentum"]))
        steps = orthogonalise(torch.stack(updates), self.dtype)
        rows, columns = matrices[0].shape
        rate = group["lr"] * max(1.0, rows / columns) ** 0.5
        for p, step in zip(matrices, steps, strict=True):
            p.mul_(1 - group["lr"] * group["weight_decay"]).add_(step, alpha=-rate)
