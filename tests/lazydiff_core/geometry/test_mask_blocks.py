from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazydiff_core.contract import Box, Mask
from lazydiff_core.geometry.box import EMPTY, bounds_of
from lazydiff_core.geometry.mask_blocks import MaskBlocks

SIZES = st.tuples(st.integers(1, 70), st.integers(1, 70))


def random_mask(rng: np.random.Generator, size: tuple[int, int]) -> Mask:
    """Some rectangles, and now and then single pixels."""
    mask = np.zeros(size, np.bool_)
    for _ in range(rng.integers(0, 4)):
        top, left = (int(rng.integers(0, side)) for side in size)
        mask[top : top + rng.integers(1, 30), left : left + rng.integers(1, 30)] = True
    return mask


@given(SIZES, st.integers(0, 2**32 - 1))
def test_it_follows_every_change(size: tuple[int, int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    mask = random_mask(rng, size)
    blocks = MaskBlocks(mask)
    for _ in range(4):
        assert blocks.bounds() == bounds_of(mask)
        top, left = (int(rng.integers(0, side)) for side in size)
        wide, high = (int(extent) for extent in rng.integers(1, 40, 2))
        box = Box(left, top, left + wide, top + high).clip(Box.of(size))
        mask[box.slices] = rng.random() < 0.5
        blocks.refresh(box)


@given(SIZES, st.integers(0, 2**32 - 1))
def test_any_of_the_mask_in_rows_and_columns(size: tuple[int, int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    mask = random_mask(rng, size)
    tops, lefts = rng.integers(-20, 80, 5), rng.integers(-20, 80, 6)
    bottoms, rights = tops + rng.integers(0, 30, 5), lefts + rng.integers(0, 30, 6)
    found = MaskBlocks(mask).any_in(tops, bottoms, lefts, rights)
    for row in range(5):
        for column in range(6):
            rows = slice(max(tops[row], 0), max(bottoms[row], 0))
            columns = slice(max(lefts[column], 0), max(rights[column], 0))
            assert found[row, column] == mask[rows, columns].any()


@pytest.mark.parametrize("size", [(8, 8), (1, 1), (9, 15)])
def test_an_empty_mask_has_no_bounds(size: tuple[int, int]) -> None:
    assert MaskBlocks(np.zeros(size, np.bool_)).bounds() == EMPTY
