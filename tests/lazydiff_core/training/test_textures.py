"""Every surface is a picture, pure in its seed, and looks like its name in what can be counted."""

from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.storage.resources import resource
from lazydiff_core.training.backgrounds import Image
from lazydiff_core.training.textures import COLORS, TEXTURES
from lazydiff_core.training.vocabulary import read_concepts

SIDE = 96


def draw(name: str, seed: int = 0) -> Image:
    return TEXTURES[name](np.random.default_rng(seed), SIDE)


@pytest.mark.parametrize("name", TEXTURES)
def test_a_surface(name: str) -> None:
    image = draw(name)
    assert image.shape == (SIDE, SIDE, 3)
    assert image.dtype == np.float32
    assert image.min() >= 0
    assert image.max() <= 1
    assert (image == draw(name)).all()
    assert (image != draw(name, seed=1)).any()


def test_prompts_and_surfaces_have_the_same_names() -> None:
    assert set(read_concepts(resource("train/concepts.toml"), ("textures",))) == set(TEXTURES)


@pytest.mark.parametrize(("name", "channel"), [("grass", 1), ("water", 2), ("bricks", 0)])
def test_the_colour_is_the_one_expected(name: str, channel: int) -> None:
    assert draw(name).mean((0, 1)).argmax() == channel


@pytest.mark.parametrize("name", COLORS)
def test_plain_colours_are_plain(name: str) -> None:
    image = draw(f"plain_{name}")
    assert np.ptp(image, axis=(0, 1)).max() == 0
    assert abs(image[0, 0] - COLORS[name]).max() < 0.12


def test_skies_lighten_downwards() -> None:
    for name in ("blue_sky", "sunset", "starry_night"):
        rows = np.median(draw(name), axis=(1, 2))
        assert rows[-8:].mean() > rows[:8].mean() + 0.02


def test_stars_are_few_and_bright() -> None:
    bright = (draw("starry_night") > 0.6).all(-1).mean()
    assert 0 < bright < 0.2


@pytest.mark.parametrize("name", ["checkerboard", "polka_dots", "bricks"])
def test_patterns_have_two_tones_that_alternate(name: str) -> None:
    row = draw(name).mean((2,))
    jumps = (abs(np.diff(row, axis=1)) > 0.1).sum(1)
    assert jumps.max() >= 4
