"""Regular patterns go on in phase; what does not repeat is left alone."""

from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.contract import Mask
from lazydiff_core.images.patterns import Picture, continued
from lazydiff_core.training.backgrounds import gradient
from lazydiff_core.training.surfaces.catalogue import draw_surface

SIDE = 256


def hole() -> Mask:
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[90:180, 60:170] = True
    return mask


def surface(name: str, side: int = SIDE) -> Picture:
    return np.asarray(2 * draw_surface(name, np.random.default_rng(3), side) - 1, np.float32)


def error(found: Picture, wanted: Picture) -> float:
    """Root mean square in the hole, levels of 255."""
    return float(127.5 * np.sqrt(np.square(found - wanted)[hole()].mean()))


@pytest.mark.parametrize(
    ("name", "most"),
    [("stripes", 14), ("checkerboard", 40), ("knitting", 8), ("honeycomb", 12), ("plaid", 16)],
)
def test_patterns_go_on_in_phase(name: str, most: float) -> None:
    wanted = surface(name)
    blank = np.where(hole()[..., None], np.float32(0), wanted)
    found = continued(blank, hole())
    assert found is not None
    assert np.array_equal(found[~hole()], wanted[~hole()])
    assert error(found, wanted) < min(most, 0.5 * 127.5 * float(wanted[hole()].std(0).mean()))


@pytest.mark.parametrize("name", ["grass", "stones", "cloudy_sky", "plain_blue", "night", "sand"])
def test_what_does_not_repeat_is_not_continued(name: str) -> None:
    assert continued(surface(name), hole()) is None


def test_a_gradient_is_no_pattern() -> None:
    for seed in range(4):
        graded = np.asarray(2 * gradient(np.random.default_rng(seed), SIDE) - 1, np.float32)
        assert continued(graded, hole()) is None


def test_a_thing_that_lies_on_a_pattern_is_not_repeated() -> None:
    wanted = surface("checkerboard")
    given = np.where(hole()[..., None], np.float32(0), wanted)
    given[20:60, 20:50] = (0.9, -0.8, -0.8)
    found = continued(given, hole())
    assert found is not None
    assert error(found, wanted) < 40
    red = (found[..., 0] > 0.5) & (found[..., 1] < -0.5)
    assert not red[hole()].any()


def test_where_little_is_visible_nothing_is_continued() -> None:
    mask = np.ones((SIDE, SIDE), np.bool_)
    assert continued(surface("stripes"), mask) is None
    mask[:40] = False
    assert continued(surface("stripes"), mask) is None
    assert continued(surface("stripes"), np.zeros_like(mask)) is None
