from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lazydiff_core.contract import RGB, RGBA, Cover
from lazydiff_core.geometry.pixels import shown_through

pictures = arrays(np.uint8, (4, 5, 3))
cut_outs = arrays(np.uint8, (4, 5, 4))


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


@given(pictures, cut_outs, arrays(np.uint8, (4, 5)))
def test_alpha_rises_by_the_cover_and_colours_mix_by_what_is_seen(
    fill: RGB, canvas: RGBA, cover: Cover
) -> None:
    laid = shown_through(fill, canvas, cover)
    c, below = cover[..., None] / 255, canvas[..., 3:] / 255
    alpha = c + below * (1 - c)
    assert np.abs(laid[..., 3:] - 255 * alpha).max() <= 0.51
    assert (laid[..., 3] >= canvas[..., 3]).all()
    seen = fill * c + canvas[..., :3] * below * (1 - c)
    assert np.abs(laid[..., :3] * alpha - seen)[cover > 0].max(initial=0) <= 0.51
    assert np.array_equal(laid[cover == 0], canvas[cover == 0]), "hidden colours, too"
    assert (laid[cover == 255] == np.dstack((fill, cover))[cover == 255]).all()
