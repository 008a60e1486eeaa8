from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lazydiff_core.blending import shown_through
from lazydiff_core.contract import RGB, Cover

pictures = arrays(np.uint8, (4, 5, 3))


@given(pictures, pictures, arrays(np.uint8, (4, 5)))
def test_it_lies_between_canvas_and_fill_as_the_cover_says(
    fill: RGB, canvas: RGB, cover: Cover
) -> None:
    mixed = shown_through(fill, canvas, cover)
    exact = canvas + (fill.astype(float) - canvas) * (cover[..., None] / 255)
    assert np.abs(mixed - exact).max() <= 0.51
    assert (mixed >= np.minimum(fill, canvas)).all()
    assert (mixed <= np.maximum(fill, canvas)).all()


@given(pictures, pictures, st.booleans())
def test_both_ends_are_exact(fill: RGB, canvas: RGB, full: bool) -> None:
    cover = np.full((4, 5), 255 * full, np.uint8)
    assert np.array_equal(shown_through(fill, canvas, cover), fill if full else canvas)
