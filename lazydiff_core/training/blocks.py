"""How the transformer blocks of a learner are computed: compiled, recomputed."""

from __future__ import annotations

from functools import partial

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from lazydiff_core.errors import TrainingError
from lazydiff_core.training.learner import BLOCKS


def recompute_blocks(learner: nn.Module) -> None:
    """Keep only the inputs of transformer blocks for the backward pass (activation checkpoints)."""
    for module in learner.modules():
        if type(module).__name__ in BLOCKS:
            module.forward = partial(checkpoint, module.forward, use_reentrant=False)


def compile_blocks(learner: nn.Module, backend: str) -> None:
    """Compile transformer blocks when they run first; all share a graph, whatever their holes.

    TrainingError for a backend that PyTorch does not have.
    """
    known = torch.compiler.list_backends(())
    if backend not in known:
        raise TrainingError(f"{backend} does not compile: choose from {', '.join(known)}.")
    for module in learner.modules():
        if type(module).__name__ in BLOCKS:
            module.forward = torch.compile(module.forward, dynamic=True, backend=backend)
