"""Large text encoders visit a device: each layer's weights are there only while it computes.

A forward pass moves all weights once, so prompts that are wanted together belong into one pass.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn


def offload_layers(device: torch.device, layers: Iterable[nn.Module]) -> None:
    """Keep each layer's weights where they are, and copy them to `device` while it computes."""
    for layer in layers:
        home = {name: p.data for name, p in layer.named_parameters()}

        def arrive(layer: nn.Module, _: object, home: dict[str, Tensor] = home) -> None:
            for name, p in layer.named_parameters():
                p.data = home[name].to(device, non_blocking=True)

        def leave(layer: nn.Module, _: object, __: object, home: dict[str, Tensor] = home) -> None:
            for name, p in layer.named_parameters():
                p.data = home[name]

        layer.register_forward_pre_hook(arrive)
        layer.register_forward_hook(leave)
