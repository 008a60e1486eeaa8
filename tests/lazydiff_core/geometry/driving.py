"""Holes to try arithmetic on."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from lazydiff_core.contract import Box, Mask


def holed(shape: tuple[int, int], *boxes: Box) -> Mask:
    mask = np.zeros(shape, bool)
    for box in boxes:
        mask[box.slices] = True
    return mask


@st.composite
def holes_on_canvases(draw: st.DrawFn) -> tuple[Box, tuple[int, int]]:
    height = draw(st.one_of(st.integers(1, 40), st.integers(1, 3000)))
    width = draw(st.one_of(st.integers(1, 40), st.integers(1, 3000)))
    top = draw(st.one_of(st.just(0), st.integers(0, height - 1)))
    left = draw(st.one_of(st.just(0), st.integers(0, width - 1)))
    bottom = draw(st.one_of(st.just(height), st.integers(top + 1, height)))
    right = draw(st.one_of(st.just(width), st.integers(left + 1, width)))
    return Box(left, top, right, bottom), (height, width)
