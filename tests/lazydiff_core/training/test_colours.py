"""Hues: what turns, what stays, and what a colour is called."""

from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.images.colour_names import COLOURS, SHADES
from lazydiff_core.training.colours import draw_colour, plain_nouns, tinted


def test_a_tint_turns_the_hue_and_nothing_else() -> None:
    sticker = np.zeros((4, 4, 4), np.uint8)
    sticker[...] = (255, 0, 0, 77)
    assert tinted(sticker, 0) is sticker
    assert (tinted(sticker, 120)[0, 0] == (0, 255, 0, 77)).all()
    grey = np.full((2, 2, 4), 90, np.uint8)
    assert (tinted(grey, 200) == grey).all()


@pytest.mark.parametrize(
    ("prompts", "nouns"),
    [
        (("red apple", "apple"), ["apple"]),
        (("orange",), []),
        (("pizza slice", "slice of pizza"), ["pizza slice", "slice of pizza"]),
    ],
)
def test_nouns_without_their_colour(prompts: tuple[str, ...], nouns: list[str]) -> None:
    assert plain_nouns(prompts) == nouns


def test_any_colour_and_its_name() -> None:
    seen = set()
    for seed in range(200):
        colour, prompt = draw_colour(("red disc",), np.random.default_rng(seed))
        assert colour is not None
        assert prompt == f"{colour} disc"
        seen.add(colour)
    assert {colour.name for colour in seen} == set(COLOURS)
    assert {colour.shade for colour in seen} == set(SHADES)
    assert draw_colour(("orange",), np.random.default_rng(0)) == (None, "")
