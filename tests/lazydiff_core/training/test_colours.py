"""Hues: what turns, what stays, and what a colour is called."""

from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.training.colours import HUES, own_hue, plain_noun, recoloured, tinted
from tests.lazydiff_core.tiny import polygon


def test_a_tint_turns_the_hue_and_nothing_else() -> None:
    sticker = np.zeros((4, 4, 4), np.uint8)
    sticker[...] = (255, 0, 0, 77)
    assert tinted(sticker, 0) is sticker
    assert (tinted(sticker, 120)[0, 0] == (0, 255, 0, 77)).all()
    grey = np.full((2, 2, 4), 90, np.uint8)
    assert (tinted(grey, 200) == grey).all()


@pytest.mark.parametrize(
    ("colour", "hue"), [((220, 30, 30), 0), ((30, 180, 60), 132), ((30, 60, 220), 230)]
)
def test_the_hue_of_a_sticker(colour: tuple[int, int, int], hue: float) -> None:
    found = own_hue(polygon(colour, 5))
    assert found is not None
    assert (found - hue + 180) % 360 - 180 == pytest.approx(0, abs=4)


def test_grey_and_gaudy_stickers_have_no_hue() -> None:
    assert own_hue(polygon((120, 120, 120), 5)) is None
    half = polygon((220, 30, 30), 60)
    half[:, 128:, :3] = (30, 200, 220)
    assert own_hue(half) is None
    rng = np.random.default_rng(0)
    assert recoloured(half, ("disc",), rng) == (half, "")


@pytest.mark.parametrize(
    ("prompts", "noun"),
    [(("red apple", "apple"), "apple"), (("orange",), ""), (("pizza slice",), "pizza slice")],
)
def test_a_noun_without_its_colour(prompts: tuple[str, ...], noun: str) -> None:
    assert plain_noun(prompts) == noun


def test_another_colour_and_its_name() -> None:
    disc = polygon((220, 30, 30), 60)
    seen = set()
    for seed in range(40):
        drawn, prompt = recoloured(disc, ("red disc",), np.random.default_rng(seed))
        name, noun = prompt.split()
        found = own_hue(drawn)
        assert noun == "disc"
        assert found is not None
        assert (found - HUES[name] + 180) % 360 - 180 == pytest.approx(0, abs=5)
        seen.add(name)
    assert seen == set(HUES) - {"red"}
