from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.contract import RGB, Mask
from lazydiff_core.evaluation.surface_share import surface_share, tokens_shown
from lazydiff_core.evaluation.surface_words import SURFACES
from lazydiff_core.training.textures import TEXTURES

SIDE = 512
BY_PROMPT = {surface.prompt: surface for surface in SURFACES}
DRAWN = {
    "blue sky": "blue_sky", "cloudy sky": "cloudy_sky", "sunset sky": "sunset",
    "night sky with stars": "starry_night", "water": "water", "grass": "grass", "snow": "snow",
    "sand": "sand", "wooden planks": "wood", "brick wall": "bricks", "stone wall": "stones",
    "checkerboard": "checkerboard",
}  # fmt: skip


def drawing(prompt: str, seed: int = 0) -> RGB:
    image = TEXTURES[DRAWN[prompt]](np.random.default_rng(seed), SIDE)
    return np.asarray(np.rint(np.clip(image, 0, 1) * 255), np.uint8)


def everywhere() -> Mask:
    return np.ones((SIDE, SIDE), np.bool_)


@pytest.mark.parametrize("prompt", DRAWN)
def test_a_true_drawing_covers_its_hole(prompt: str) -> None:
    for seed in range(2):
        image = drawing(prompt, seed)
        assert surface_share(image, everywhere(), BY_PROMPT[prompt]) > 0.97


@pytest.mark.parametrize("level", [0, 60, 127, 200, 255])
def test_nothing_flat_and_grey_is_a_surface(level: int) -> None:
    flat = np.full((SIDE, SIDE, 3), level, np.uint8)
    shares = {s.prompt: surface_share(flat, everywhere(), s) for s in SURFACES}
    for white in ("cloudy sky", "snow", "ice", "paper"):
        assert level > 127 or shares[white] == 0
        del shares[white]
    assert max(shares.values()) == 0


def test_a_grey_band_is_not_the_surface() -> None:
    for prompt in DRAWN:
        image = drawing(prompt)
        image[:128] = 127
        share = surface_share(image, everywhere(), BY_PROMPT[prompt])
        assert share == pytest.approx(0.75, abs=0.065), prompt


def test_a_blob_leaves_the_rest_of_its_hole_uncovered() -> None:
    ys, xs = np.mgrid[0:SIDE, 0:SIDE]
    blob = np.hypot(ys - 256, xs - 256) < 160
    # The others are white themselves.
    for prompt in set(DRAWN) - {"cloudy sky", "snow", "checkerboard"}:
        image = np.where(blob[..., None], drawing(prompt), np.uint8(255))
        share = surface_share(image, everywhere(), BY_PROMPT[prompt])
        assert share == pytest.approx(blob.mean(), abs=0.06), prompt


def test_another_surface_is_not_the_one_asked_for() -> None:
    grass = drawing("grass")
    for prompt in ("water", "sand", "brick wall", "stone wall", "wooden planks", "snow"):
        assert surface_share(grass, everywhere(), BY_PROMPT[prompt]) < 0.05, prompt


def test_only_tokens_in_the_hole_count() -> None:
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[:32, :40] = True
    counted, shown = tokens_shown(drawing("grass"), mask, BY_PROMPT["grass"])
    assert counted.sum() == shown.sum() == 2 * 3
    with pytest.raises(ValueError, match="no token"):
        surface_share(drawing("grass"), np.zeros((SIDE, SIDE), np.bool_), BY_PROMPT["grass"])
