"""A word taught by one picture, as an artist meets it: the bundled model paints that thing."""

from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.contract import RGB, RGBA, EditRequest
from lazydiff_core.engine.engine import Engine
from tests.lazydiff_core.tiny import polygon

pytestmark = pytest.mark.model
SIDE, HOLE = 512, 240  # shown as large as it is; an object of six tokens, 192 pixels, fits


def two_colours(outer: tuple[int, int, int], inner: tuple[int, int, int]) -> RGBA:
    """A square of one colour with a square of another in its middle."""
    thing = polygon((0, 0, 0), 4)
    thing[:] = (*outer, 255)
    thing[80:176, 80:176] = (*inner, 255)
    return thing


THINGS = {
    "zorb": two_colours((215, 40, 40), (250, 220, 60)),
    "my wug": two_colours((40, 90, 215), (235, 235, 235)),
}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load("bundled", device="cpu", words=THINGS)


def painted(engine: Engine, prompt: str, seed: int) -> RGB:
    """The middle of the fill, 192 pixels wide."""
    mask = np.zeros((SIDE, SIDE), np.bool_)
    low, high = (SIDE - HOLE) // 2, (SIDE + HOLE) // 2
    mask[low:high, low:high] = True
    canvas = np.full((SIDE, SIDE, 3), 255, np.uint8)
    image = engine.run(EditRequest(canvas, mask, prompt=prompt, seed=seed)).image
    start = (SIDE - 192) // 2
    return np.asarray(image[start : start + 192, start : start + 192])


def distance(picture: RGB, thing: RGBA) -> float:
    """Mean difference from the thing at the same size, levels of 255."""
    rows = (np.arange(192) * thing.shape[0] / 192).astype(int)
    shown = thing[rows][:, rows, :3].astype(np.float32)
    return float(np.abs(picture - shown).mean())


@pytest.mark.parametrize("word", list(THINGS))
@pytest.mark.parametrize("seed", [1, 2])
def test_it_paints_what_it_was_taught(engine: Engine, word: str, seed: int) -> None:
    picture = painted(engine, f"a {word}", seed)
    own, other = (distance(picture, THINGS[name]) for name in (word, *(THINGS.keys() - {word})))
    assert own < 0.7 * other


def test_words_are_offered(engine: Engine) -> None:
    assert engine.info.teachable
    assert set(THINGS) <= set(engine.info.concepts)
