"""Every surface is a picture, pure in its seed, and looks like its name in what can be counted."""

from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.images.colour_names import COLOURS
from lazydiff_core.storage.resources import resource
from lazydiff_core.training.backgrounds import Image
from lazydiff_core.training.surfaces.catalogue import SURFACES, draw_surface
from lazydiff_core.training.vocabulary import SURFACES_SECTION, read_concepts

SIDE = 96


def draw(name: str, seed: int = 0, side: int = SIDE) -> Image:
    return draw_surface(name, np.random.default_rng(seed), side)


@pytest.mark.parametrize("name", SURFACES)
def test_a_surface(name: str) -> None:
    image = draw(name)
    assert image.shape == (SIDE, SIDE, 3)
    assert image.dtype == np.float32
    assert image.flags.c_contiguous
    assert image.min() >= 0
    assert image.max() <= 1
    assert (image == draw(name)).all()
    assert (image != draw(name, seed=1)).any()


def test_prompts_and_surfaces_have_the_same_names() -> None:
    named = read_concepts(resource("train/concepts.toml"), (SURFACES_SECTION,))
    assert set(named) == set(SURFACES)


def test_no_phrase_names_two_surfaces() -> None:
    named = read_concepts(resource("train/concepts.toml"), (SURFACES_SECTION,))
    phrases = [phrase for said in named.values() for phrase in said]
    assert len(phrases) == len(set(phrases))


@pytest.mark.parametrize(
    ("name", "channel"),
    [("grass", 1), ("hedge", 1), ("water", 2), ("blue_sky", 2), ("bricks", 0), ("lava", 0)],
)
def test_the_colour_is_the_one_expected(name: str, channel: int) -> None:
    assert draw(name).mean((0, 1)).argmax() == channel


@pytest.mark.parametrize("name", COLOURS)
def test_plain_colours_are_plain(name: str) -> None:
    image = draw(f"plain_{name}")
    assert np.ptp(image, axis=(0, 1)).max() == 0
    assert abs(image[0, 0] * 255 - COLOURS[name]).max() < 15


@pytest.mark.parametrize("name", ["blue_sky", "sunset", "starry_night"])
def test_skies_lighten_downwards(name: str) -> None:
    rows = np.median(draw(name), axis=(1, 2))
    assert rows[-8:].mean() > rows[:8].mean() + 0.02


def test_stars_are_few_and_bright() -> None:
    bright = (draw("starry_night", side=256) > 0.6).all(-1).mean()
    assert 0 < bright < 0.1


@pytest.mark.parametrize("name", ["checkerboard", "polka_dots", "bricks", "stripes", "plaid"])
def test_patterns_have_tones_that_alternate(name: str) -> None:
    row = draw(name, side=256).mean(2)
    assert (abs(np.diff(row, axis=1)) > 0.1).sum(1).max() >= 4


@pytest.mark.parametrize("name", [name for name in SURFACES if not name.startswith("plain_")])
def test_no_part_of_a_window_is_left_blank(name: str) -> None:
    """Every quarter of it has something of the surface: its colours are like the whole's."""
    image = draw(name, side=128)
    whole = image.reshape(-1, 3)
    spread = np.ptp(whole, axis=0).max()
    for quarter in (image[:64, :64], image[:64, 64:], image[64:, :64], image[64:, 64:]):
        assert abs(quarter.mean((0, 1)) - whole.mean(0)).max() < 0.6 * spread
