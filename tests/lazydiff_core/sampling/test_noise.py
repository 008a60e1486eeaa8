"""Every seed has its own noise, and the small ones the noise they always had."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lazydiff_core.sampling.noise import noise_source


def noise(seed: int) -> torch.Tensor:
    return torch.randn(40, generator=noise_source(seed))


@given(st.integers(0, 2**32 - 1))
def test_small_seeds_keep_the_noise_of_torch(seed: int) -> None:
    expected = torch.randn(40, generator=torch.Generator().manual_seed(seed))
    assert torch.equal(noise(seed), expected)


@given(st.integers(0, 2**63 - 1), st.integers(0, 62))
def test_every_bit_counts(seed: int, bit: int) -> None:
    assert torch.equal(noise(seed), noise(seed))
    assert not torch.equal(noise(seed), noise(seed ^ (1 << bit)))


@pytest.mark.parametrize("seed", [2**32, 7 + 2**32, 2**63 - 1])
def test_large_seeds_are_those_of_the_reference(seed: int) -> None:
    """numpy's twister, seeded by the same two words; torch makes a number of two draws of it."""
    keys = np.array([seed % 2**32, seed >> 32], np.uint32)
    expected = np.random.RandomState(keys).randint(0, 2**32, 1400, np.uint32)[1::2] % 2**31
    drawn = torch.randint(0, 2**31, (700,), generator=noise_source(seed))
    assert np.array_equal(drawn.numpy(), expected)


def test_the_noise_is_white() -> None:
    drawn = torch.randn(100_000, generator=noise_source(2**62 + 5))
    assert drawn.mean().abs() < 0.01
    assert (drawn.std() - 1).abs() < 0.01
