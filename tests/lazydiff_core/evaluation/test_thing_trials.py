from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from lazydiff_core.evaluation.colour_words import COLOURS
from lazydiff_core.evaluation.kit import Kit, load_kit
from lazydiff_core.evaluation.thing_trials import colour_trials, noun_of, thing_trials
from lazydiff_core.storage.resources import resource


@pytest.fixture(scope="module")
def shipped() -> Kit:
    return load_kit(resource("eval"))


def test_every_thing_is_asked_for_in_every_colour(shipped: Kit) -> None:
    trials = colour_trials(shipped)
    assert len(trials) == 12 * 40
    assert len({(t.concept, t.colour) for t in trials}) == len(trials)
    assert set(Counter(t.colour for t in trials).values()) == {40}
    shades = Counter(t.shade for t in trials)
    assert shades["light"] == pytest.approx(shades["dark"], abs=10)
    assert not any(t.shade for t in trials if t.colour in ("white", "black"))


def test_few_trials_differ_in_thing_and_colour(shipped: Kit) -> None:
    few = colour_trials(shipped, 24)
    assert len({t.concept for t in few}) == 24
    assert set(Counter(t.colour for t in few)) == set(COLOURS)
    assert {t.shade for t in few} == {"", "light", "dark"}


def test_prompts_are_nouns_without_colours(shipped: Kit) -> None:
    assert noun_of(shipped, "apple") == "apple"
    assert noun_of(shipped, "car") == "car"
    nouns = [t.prompt for t in thing_trials(shipped)]
    assert len(set(nouns)) == 40
    assert not any(word in COLOURS for noun in nouns for word in noun.split())


def test_holes_are_squares_inside_the_canvas_always_the_same(kit: Kit) -> None:
    for one, other in zip(
        (*thing_trials(kit), *colour_trials(kit, 5)),
        (*thing_trials(kit), *colour_trials(kit, 5)),
        strict=True,
    ):
        assert np.array_equal(one.image, other.image)
        assert np.array_equal(one.mask, other.mask)
        assert one.mask[one.square.slices].all()
        assert one.mask.sum() == one.square.width * one.square.height
        assert one.square.left >= 32
