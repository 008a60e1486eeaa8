"""Counts what a computation asks of a machine: its arithmetic, and the memory that it moves.

Only products, convolutions and attention are counted: all else is below a hundredth of the
arithmetic, and is fused with them where it matters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry, sdpa_flop_count

# The attention of tensors without data that are said to lie on the CPU; PyTorch's own counter
# knows those of cards only.
_CPU_ATTENTION: Final = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu


@dataclass(frozen=True)
class Work:
    """FLOPs, a multiply-add as two, and bytes of operands read and of results written."""

    flops: float = 0.0
    bytes: float = 0.0

    def __add__(self, other: Work) -> Work:
        return Work(self.flops + other.flops, self.bytes + other.bytes)

    def __mul__(self, times: int) -> Work:
        return Work(self.flops * times, self.bytes * times)


@torch.no_grad()
def work_of(run: Callable[[], object]) -> Work:
    """The work of one call of `run`, which may compute on tensors without data."""
    counter = _Counter()
    with counter:
        run()
    return Work(counter.flops, counter.bytes)


class _Counter(TorchDispatchMode):
    """Sees each operation as a kernel does: fused ones as one."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.flops: float = 0.0
        self.bytes: float = 0.0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        packet = func._overloadpacket
        if packet not in flop_registry and func is not torch.ops.prim.device.default:
            with self:  # in inference mode, composed operations arrive as a whole
                out = func.decompose(*args, **kwargs)
            if out is not NotImplemented:
                return out
        out = func(*args, **kwargs)
        if packet == _CPU_ATTENTION:
            flops = sdpa_flop_count(*(part.shape for part in args[:3]))
        elif packet in flop_registry:
            flops = flop_registry[packet](*args, **kwargs, out_val=out)
        else:
            return out
        self.flops += flops
        tensors = (leaf for leaf in tree_leaves((args, kwargs, out)) if isinstance(leaf, Tensor))
        self.bytes += sum(tensor.numel() * tensor.element_size() for tensor in tensors)
        return out
