from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.contract import RGB, Mask
from lazydiff_core.evaluation.surface_share import surface_share, tokens_shown
from lazydiff_core.evaluation.surface_words import SURFACES

SIDE = 256
BY_PROMPT = {surface.prompt: surface for surface in SURFACES}
# As white as a blank canvas may be.
WHITE = {"cloudy sky", "snow", "ice", "marble", "paper", "checkerboard", "bathroom tiles"}


def drawing(prompt: str, seed: int = 0) -> RGB:
    """Grains of the surface's colours, a few pixels wide, lighter and darker."""
    rng = np.random.default_rng(seed)
    colours = [list(bytes.fromhex(code)) for code in BY_PROMPT[prompt].colours]
    picked = np.array(colours)[rng.integers(len(colours), size=(SIDE // 4, SIDE // 4))]
    shade = rng.uniform(0.94, 1.06, (SIDE // 4, SIDE // 4, 1))
    grains = np.clip(picked * shade, 0, 255).astype(np.uint8)
    return grains.repeat(4, 0).repeat(4, 1)


def everywhere() -> Mask:
    return np.ones((SIDE, SIDE), np.bool_)


@pytest.mark.parametrize("prompt", BY_PROMPT)
def test_a_true_drawing_covers_its_hole(prompt: str) -> None:
    assert surface_share(drawing(prompt), everywhere(), BY_PROMPT[prompt]) > 0.97


@pytest.mark.parametrize("level", [0, 60, 127, 200, 255])
def test_nothing_flat_and_grey_is_a_surface(level: int) -> None:
    flat = np.full((SIDE, SIDE, 3), level, np.uint8)
    shares = {s.prompt: surface_share(flat, everywhere(), s) for s in SURFACES}
    for white in WHITE:
        assert level > 127 or shares[white] == 0
        del shares[white]
    assert max(shares.values()) == 0


def test_a_grey_band_is_not_the_surface() -> None:
    for prompt in BY_PROMPT:
        image = drawing(prompt)
        image[:64] = 127
        share = surface_share(image, everywhere(), BY_PROMPT[prompt])
        assert share == pytest.approx(0.75, abs=0.13), prompt  # tokens beside an edge may count


def test_a_blob_leaves_the_rest_of_its_hole_uncovered() -> None:
    ys, xs = np.mgrid[0:SIDE, 0:SIDE]
    blob = np.hypot(ys - 128, xs - 128) < 80
    for prompt in set(BY_PROMPT) - WHITE:
        image = np.where(blob[..., None], drawing(prompt), np.uint8(255))
        share = surface_share(image, everywhere(), BY_PROMPT[prompt])
        assert share == pytest.approx(blob.mean(), abs=0.1), prompt


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
