from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.canvas.outline import edge_lines
from lazydiff_core.contract import Mask

masks = arrays(np.bool_, st.tuples(st.integers(3, 9), st.integers(3, 9)))


def unit_edges(mask: Mask) -> set[tuple[int, int, int, int]]:
    """Every edge around an inside pixel, one pixel long, found one by one."""
    found = set()
    for y in range(1, mask.shape[0] - 1):
        for x in range(1, mask.shape[1] - 1):
            here = mask[y, x]
            if here != mask[y, x - 1]:
                found.add((x, y, x, y + 1))
            if here != mask[y, x + 1]:
                found.add((x + 1, y, x + 1, y + 1))
            if here != mask[y - 1, x]:
                found.add((x, y, x + 1, y))
            if here != mask[y + 1, x]:
                found.add((x, y + 1, x + 1, y + 1))
    return found


@given(masks)
def test_lines_cover_exactly_the_edges(mask: Mask) -> None:
    covered = set()
    for x1, y1, x2, y2 in edge_lines(mask).tolist():
        assert (x1 == x2) != (y1 == y2)
        if x1 == x2:
            covered |= {(x1, y, x1, y + 1) for y in range(y1, y2)}
        else:
            covered |= {(x, y1, x + 1, y1) for x in range(x1, x2)}
    assert covered == unit_edges(mask)


def test_a_square_has_four_lines() -> None:
    mask = np.zeros((8, 8), np.bool_)
    mask[2:6, 2:6] = True
    assert len(edge_lines(mask)) == 4
