"""What a stop must not lose: weights, their running mean, optimizer states; safetensors only."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor, nn

from lazydiff_core.model.files.tensors import write_tensors


class Ema:
    """Running mean of a model's weights; its memory grows with the steps taken, up to `decay`."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.weights = {k: v.detach().clone() for k, v in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module, step: int) -> None:
        decay = min(self.decay, (step + 1) / (step + 10))
        for name, value in model.state_dict().items():
            self.weights[name].lerp_(value, 1 - decay)


def save_run(
    out: Path, model: nn.Module, ema: Ema, optimizers: dict[str, torch.optim.Optimizer], step: int
) -> None:
    """Write everything beside its place, then move it there."""
    out.mkdir(parents=True, exist_ok=True)
    states = {name: optimizer_tensors(optimizer) for name, optimizer in optimizers.items()}
    flat = {
        f"{name}.{key}": value for name, state in states.items() for key, value in state.items()
    }
    for name, tensors in (("model", model.state_dict()), ("ema", ema.weights), ("optimizer", flat)):
        write_tensors(out / f"{name}.safetensors", tensors, {"step": str(step)})


def load_run(
    out: Path, model: nn.Module, ema: Ema, optimizers: dict[str, torch.optim.Optimizer]
) -> int:
    """Restore what `save_run` wrote and return the step; 0 where there is nothing."""
    path = out / "model.safetensors"
    if not path.exists():
        return 0
    model.load_state_dict(load_file(path))
    device = str(next(model.parameters()).device)
    ema.weights = load_file(out / "ema.safetensors", device=device)
    saved = out / "optimizer.safetensors"
    if saved.exists():
        flat = load_file(saved)
        for name, optimizer in optimizers.items():
            restore_optimizer(
                optimizer,
                {
                    k.removeprefix(f"{name}."): v
                    for k, v in flat.items()
                    if k.startswith(f"{name}.")
                },
            )
    with safe_open(path, "pt") as file:
        return int(file.metadata()["step"])


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Per-parameter state as flat named tensors."""
    state = optimizer.state_dict()["state"]
    return {
        f"{index}.{key}": torch.as_tensor(value)
        for index, row in state.items()
        for key, value in row.items()
    }


def restore_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """The inverse of `optimizer_tensors`; the groups keep their present settings."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        index, key = name.split(".", 1)
        state.setdefault(int(index), {})[key] = value
    optimizer.load_state_dict(
        {"state": state, "param_groups": optimizer.state_dict()["param_groups"]}
    )
