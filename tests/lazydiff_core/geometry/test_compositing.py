from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazydiff_core.geometry.compositing import BlendMode, composited, faded
from lazydiff_core.geometry.pixels import shown_through

BYTES = st.integers(0, 255)


def one(*values: int) -> np.ndarray:
    return np.array([[values]], np.uint8)


def laid(canvas: np.ndarray, colour: int, alpha: float, mode: BlendMode) -> list[int]:
    colours = np.full((1, 1, 3), colour, np.uint8)
    share = np.full((1, 1), alpha, np.float32)
    return composited(canvas, colours, share, mode)[0, 0].tolist()


@pytest.mark.parametrize(
    ("mode", "below", "above", "expected"),
    [
        (BlendMode.NORMAL, 100, 200, 200),
        (BlendMode.MULTIPLY, 100, 51, 20),
        (BlendMode.MULTIPLY, 255, 77, 77),
        (BlendMode.SCREEN, 100, 51, 131),
        (BlendMode.SCREEN, 0, 77, 77),
        (BlendMode.OVERLAY, 100, 51, 40),
        (BlendMode.OVERLAY, 204, 51, 173),
    ],
)
def test_known_answers(mode: BlendMode, below: int, above: int, expected: int) -> None:
    assert laid(one(below, below, below), above, 1.0, mode) == [expected] * 3
    half = round((below + expected) / 2)
    assert abs(laid(one(below, below, below), above, 0.5, mode)[0] - half) <= 1
    # On nothing it is what it is; on an opaque canvas with alpha, as on one without.
    assert laid(one(9, 9, 9, 0), above, 1.0, mode) == [above] * 3 + [255]
    assert laid(one(below, below, below, 255), above, 1.0, mode) == [expected] * 3 + [255]


@given(BYTES, BYTES, BYTES, st.floats(0, 1), st.sampled_from(BlendMode))
def test_it_is_the_formula_of_the_specification(
    below: int, beneath: int, above: int, alpha: float, mode: BlendMode
) -> None:
    share = float(np.float32(alpha))
    cb, cs, ab = below / 255, above / 255, beneath / 255
    product, screen = cb * cs, cb + cs - cb * cs
    overlay = 2 * product if cb <= 0.5 else 1 - 2 * (1 - cb) * (1 - cs)
    blended = dict(zip(BlendMode, (cs, product, screen, overlay), strict=True))[mode]
    seen = share * (1 - ab) * cs + share * ab * blended + (1 - share) * ab * cb
    covered = share + ab * (1 - share)

    found = laid(one(below, below, below, beneath), above, alpha, mode)

    assert abs(found[3] - 255 * covered) <= 0.51
    if covered > 1e-3:
        assert abs(found[0] - 255 * seen / covered) <= 0.51


@given(BYTES, BYTES, BYTES, st.sampled_from(BlendMode))
def test_without_alpha_the_canvas_stays(
    below: int, beneath: int, above: int, mode: BlendMode
) -> None:
    for canvas in (one(below, 1, 2), one(below, 1, 2, beneath)):
        assert laid(canvas, above, 0.0, mode) == canvas[0, 0].tolist()


@given(BYTES, BYTES, BYTES, BYTES, st.floats(0, 1))
def test_what_was_laid_over_fades_as_if_it_had_been_laid_over_with_less(
    below: int, beneath: int, above: int, cover: int, share: float
) -> None:
    canvas = one(below, below, below, beneath)
    over = shown_through(one(above, above, above), canvas, np.array([[cover]], np.uint8))
    less = laid(canvas, above, cover / 255 * share, BlendMode.NORMAL)
    part = faded(canvas, over, share)[0, 0].tolist()

    assert abs(part[3] - less[3]) <= 1
    weighted = [values[0] * values[3] / 255 for values in (part, less)]
    assert abs(weighted[0] - weighted[1]) <= 2


def test_the_ends_of_a_fade_are_exact() -> None:
    rng = np.random.default_rng(0)
    for channels in (3, 4):
        near, far = rng.integers(1, 256, (2, 9, 9, channels), np.uint8)
        assert np.array_equal(faded(near, far, 0), near)
        assert np.array_equal(faded(near, far, 1), far)
