"""Whole tensors of a model that may be sharded over processes (FSDP2), by parameter name, and back.

So a checkpoint fits any number of processes. Every process must call these together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor, nn

from lazydiff_core.errors import TrainingError


def placed(value: Tensor, like: Tensor) -> Tensor:
    """A whole tensor on the device of `like`, and sharded as that is."""
    from torch.distributed.tensor import DTensor, distribute_tensor

    moved = value.to(like.device, like.dtype)
    if not isinstance(like, DTensor):
        return moved
    return distribute_tensor(moved, like.device_mesh, like.placements)


def gather(tensors: Iterable[tuple[str, Tensor]], *, keep: bool) -> dict[str, Tensor]:
    """Whole tensors where `keep`; others take part and get nothing, which spares their memory."""
    kept: dict[str, Tensor] = {}
    for name, value in tensors:
        full = _full(value)
        if keep:
            kept[name] = full.cpu()
    return kept


def _full(value: Tensor) -> Tensor:
    from torch.distributed.tensor import DTensor

    full: Tensor = (value.full_tensor() if isinstance(value, DTensor) else value).detach()
    return full


@torch.no_grad()
def restore(targets: Iterable[tuple[str, Tensor]], tensors: Mapping[str, Tensor]) -> None:
    """Fill tensors in place; TrainingError where the names or shapes are others."""
    wanted = dict(targets)
    wrong = {name for name, value in wanted.items() if _shape(tensors.get(name)) != value.shape}
    if wrong or len(wanted) != len(tensors):
        named = min(wrong) if wrong else min(set(tensors) - set(wanted))
        raise TrainingError(f"The checkpoint is another model's: {named} does not fit.")
    for name, target in wanted.items():
        target.copy_(placed(tensors[name], target))


def _shape(value: Tensor | None) -> torch.Size | None:
    return None if value is None else value.shape


def gather_optimizer(
    model: nn.Module, optimizer: torch.optim.Optimizer, *, keep: bool
) -> dict[str, Tensor]:
    """An optimizer's state as "exp_avg:blocks.0.weight" -> tensor."""
    states = (
        (f"{key}:{name}", value)
        for name, parameter in model.named_parameters()
        for key, value in optimizer.state.get(parameter, {}).items()
    )
    return gather(states, keep=keep)


def restore_optimizer(
    model: nn.Module, optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]
) -> None:
    """The inverse; the groups keep their present settings. TrainingError for foreign names."""
    parameters = dict(model.named_parameters())
    for key_and_name, value in tensors.items():
        key, _, name = key_and_name.partition(":")
        if name not in parameters:
            raise TrainingError(f"The checkpoint is another model's: it has no {name}.")
        parameter = parameters[name]
        # AdamW counts steps in a number of its own, on the CPU and never sharded.
        alike = value.shape == parameter.shape and key != "step"
        own = value.clone()
        optimizer.state[parameter][key] = placed(own, parameter) if alike else own
