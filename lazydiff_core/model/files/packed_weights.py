"""Linear layers that keep their weights in 8 or 4 bits, on any device and without a library.

Relative error of what a layer computes, for normal weights: 0.7% in 8 bits, 9% in 4. float8 without
scales (diffusers' layerwise casting) is 3% off for weights of 0.02, and 11% for weights of 0.005.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Bits: TypeAlias = Literal[4, 8]

GROUPS: Final[dict[Bits, int]] = {8: 128, 4: 32}  # values of a row that share a scale
_SCALES: Final = torch.bfloat16
_AT_ONCE: Final = 2**24  # values that are packed at a time


class PackedLinear(nn.Linear):
    """A linear layer with packed weights, which computes in the precision of its inputs.

    weight: (out,in) int8; of 4 bits (out,in/2) uint8, an even column in the lower half.
    scale:  (out,groups).
    """

    def __init__(self, layer: nn.Linear, bits: Bits, device: torch.device) -> None:
        super().__init__(layer.in_features, layer.out_features, bias=False, device="meta")
        self.bits: Bits = bits
        rows = max(1, _AT_ONCE // layer.in_features)
        parts = [_packed(part.to(device), bits) for part in layer.weight.data.split(rows)]
        weight, scale = (torch.cat(each) for each in zip(*parts, strict=True))
        self.weight = nn.Parameter(weight, requires_grad=False)
        # A parameter, so that it goes where the weight goes.
        self.scale = nn.Parameter(scale, requires_grad=False)
        self.bias = layer.bias

    def forward(self, input: Tensor) -> Tensor:
        return F.linear(input, self.unpacked(input.dtype), self.bias)

    def unpacked(self, dtype: torch.dtype) -> Tensor:
        """(out,in) in a precision for computing."""
        values = self.weight
        if self.bits == 4:
            values = torch.stack([values & 15, values >> 4], -1).flatten(1)
        whole = values.to(dtype)
        if self.bits == 4:
            whole -= 8
        groups = whole.unflatten(1, (self.scale.shape[1], -1))
        groups *= self.scale.to(dtype)[..., None]
        return whole


def _packed(weight: Tensor, bits: Bits) -> tuple[Tensor, Tensor]:
    """Weights (out,in) -> packed ones and their scales, as in PackedLinear."""
    length = weight.shape[1]
    group = GROUPS[bits] if length % GROUPS[bits] == 0 else length
    groups = weight.float().unflatten(1, (-1, group))
    if bits == 8:
        scale = groups.abs().amax(-1, keepdim=True) / 127
    else:  # the value furthest from 0 becomes -8: there is one more below 0 than above
        furthest = groups.abs().argmax(-1, keepdim=True)
        scale = groups.gather(-1, furthest) / -8
    scale = scale.to(_SCALES)
    divisor = torch.where(scale == 0, 1, scale.float())
    low, high = (-127, 127) if bits == 8 else (-8, 7)
    values = (groups / divisor).round_().clamp_(low, high).flatten(1)
    if bits == 8:
        return values.to(torch.int8), scale.squeeze(-1)
    halves = (values + 8).to(torch.uint8)
    return halves[:, ::2] | halves[:, 1::2] << 4, scale.squeeze(-1)


def pack_layers(network: nn.Module, bits: Bits, device: torch.device) -> None:
    """Pack the linear layers of a network's numbered blocks, which are nearly all of its weights.

    device: where they are packed, and stay. What is quantised already stays as it is.
    """
    lists = [module for module in network.modules() if isinstance(module, nn.ModuleList)]
    for block in [block for blocks in lists for block in blocks]:
        for parent in block.modules():
            for name, layer in list(parent.named_children()):
                if type(layer) is nn.Linear and type(layer.weight.data) is Tensor:
                    even: Bits = 8 if layer.in_features % 2 else bits
                    setattr(parent, name, PackedLinear(layer, even, device))


def packed_bytes(values: int, bits: Bits) -> int:
    """Bytes of so many packed weights, with their scales."""
    return values * bits // 8 + values // GROUPS[bits] * _SCALES.itemsize
