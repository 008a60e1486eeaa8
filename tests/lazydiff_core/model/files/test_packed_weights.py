"""Weights in 8 and 4 bits: how exact they are, how much room they take, where they go."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from lazydiff_core.model.files.packed_weights import (
    Bits,
    PackedLinear,
    pack_layers,
    packed_bytes,
)

CPU = torch.device("cpu")


def layer(wide: int = 256, tall: int = 64, size: float = 0.02) -> nn.Linear:
    made = nn.Linear(wide, tall)
    nn.init.normal_(made.weight, std=size, generator=torch.Generator().manual_seed(0))
    return made.requires_grad_(False)


@pytest.mark.parametrize("size", [1.0, 0.02, 0.005, 0.0005])
@pytest.mark.parametrize(("bits", "most"), [(8, 0.008), (4, 0.1)])
def test_the_error_does_not_depend_on_the_size_of_weights(
    size: float, bits: Bits, most: float
) -> None:
    plain = layer(size=size)
    found = PackedLinear(plain, bits, CPU).unpacked(torch.float32)
    assert (found - plain.weight).norm() < most * plain.weight.norm()


def test_eight_bits_with_scales_are_more_exact_than_float8_without() -> None:
    plain = layer(size=0.005)
    packed = PackedLinear(plain, 8, CPU).unpacked(torch.float32)
    cast = plain.weight.to(torch.float8_e4m3fn).float()
    errors = [(found - plain.weight).norm() for found in (packed, cast)]
    assert errors[0] < errors[1] / 10


@pytest.mark.parametrize("bits", [8, 4])
def test_a_layer_takes_the_bytes_that_are_planned(bits: Bits) -> None:
    packed = PackedLinear(layer(), bits, CPU)
    held = sum(p.nbytes for name, p in packed.named_parameters() if name != "bias")
    assert held == packed_bytes(256 * 64, bits)


@pytest.mark.parametrize("bits", [8, 4])
def test_rows_that_do_not_divide_and_rows_of_zeros(bits: Bits) -> None:
    plain = layer(wide=42, tall=5)
    plain.weight[3] = 0
    x = torch.randn(2, 42)
    found, expected = PackedLinear(plain, bits, CPU)(x), plain(x)
    assert found.isfinite().all()
    assert torch.equal(found[:, 3], expected[:, 3])
    assert (found - expected).norm() < 0.3 * expected.norm()


def test_it_computes_in_the_precision_of_its_inputs() -> None:
    packed = PackedLinear(layer().bfloat16(), 8, CPU)
    assert packed(torch.ones(1, 256, dtype=torch.bfloat16)).dtype == torch.bfloat16
    assert packed.to(torch.float16).weight.dtype == torch.int8


class Blocks(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.blocks = layer(), nn.ModuleList()
        inner = nn.ModuleList([layer(64), nn.Dropout()])
        self.blocks.append(nn.Sequential(layer(64), inner, layer(33)))
        self.blocks.append(layer(33))


def test_only_blocks_are_packed_and_odd_widths_in_eight_bits() -> None:
    network = Blocks()
    pack_layers(network, 4, CPU)
    kinds = {name: m.bits for name, m in network.named_modules() if isinstance(m, PackedLinear)}
    assert kinds == {"blocks.0.0": 4, "blocks.0.1.0": 4, "blocks.0.2": 8}


def test_scales_go_where_weights_go() -> None:
    """Text encoders visit a device by their parameters (`visiting`)."""
    packed = PackedLinear(layer(), 8, CPU)
    assert {name for name, _ in packed.named_parameters()} == {"weight", "scale", "bias"}
    assert not list(packed.buffers())
