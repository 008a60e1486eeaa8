"""Other colours of a layer, against known ones."""

from __future__ import annotations

import numpy as np
import pytest

from app.document.colour_shift import ColourShift
from app.document.edits import Edit, Variant
from lazydiff_core.contract import Box


@pytest.mark.parametrize(
    ("how", "colour", "wanted"),
    [
        (ColourShift(hue=120), (200, 0, 0), (0, 200, 0)),
        (ColourShift(hue=-120), (200, 0, 0), (0, 0, 200)),
        (ColourShift(hue=90), (80, 80, 80), (80, 80, 80)),
        (ColourShift(saturation=-100), (200, 100, 40), (200, 200, 200)),
        (ColourShift(saturation=100), (200, 100, 100), (200, 0, 0)),
        (ColourShift(brightness=-100), (200, 100, 40), (0, 0, 0)),
        (ColourShift(brightness=100), (200, 100, 40), (255, 255, 255)),
        (ColourShift(brightness=50), (200, 100, 55), (228, 178, 155)),
    ],
)
def test_known_colours(
    how: ColourShift, colour: tuple[int, int, int], wanted: tuple[int, int, int]
) -> None:
    found = how.applied(np.full((2, 3, 3), colour, np.uint8))
    assert np.abs(found.astype(int) - wanted).max() <= 1


def test_no_shift_changes_nothing_and_alpha_stays() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (20, 30, 4), np.uint8)
    assert np.array_equal(ColourShift().applied(pixels), pixels)
    found = ColourShift(40, 30, -20).applied(pixels)
    assert np.array_equal(found[..., 3], pixels[..., 3])
    turned = ColourShift(hue=180).applied(ColourShift(hue=180).applied(pixels))
    assert np.abs(turned.astype(int) - pixels).max() <= 2


def test_soft_edges_change_as_far_as_they_cover() -> None:
    red = Variant(np.full((1, 3, 3), (200, 0, 0), np.uint8), 1)
    before = np.zeros((1, 3, 3), np.uint8)
    cover = np.array([[0, 51, 255]], np.uint8)
    edit = Edit(Box(0, 0, 3, 1), cover > 0, before, None, (red, red), cover=cover)
    found = ColourShift(hue=120).on(edit)
    assert found.pixels.tolist() == [[[200, 0, 0], [160, 40, 0], [0, 200, 0]]]
    assert np.array_equal(found.variants[1].pixels, found.pixels)
    one = ColourShift(hue=120).on(edit, all_variants=False)
    assert one.variants[1] is red
