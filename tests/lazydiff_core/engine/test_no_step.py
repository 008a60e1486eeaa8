"""No step at a hole's border, with the bundled model on a flat canvas."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from lazydiff_core.contract import RGB, Box, EditRequest, Mask
from lazydiff_core.engine.engine import Engine
from tests.lazydiff_core.geometry.driving import holed

FLAT = np.array([140, 180, 220], np.uint8)
MOST = 1.5  # levels


@pytest.fixture(scope="module")
def bundled() -> Engine:
    return Engine.load("bundled", device="cpu")


def flat(height: int, width: int) -> RGB:
    return np.broadcast_to(FLAT, (height, width, 3)).copy()


def step(filled: RGB, mask: Mask) -> float:
    """Mean difference, by channel the largest, of the hole's outermost pixels to the canvas."""
    rim = mask & ndimage.binary_dilation(~mask, ndimage.generate_binary_structure(2, 1))
    differences = np.abs(filled[rim].astype(float) - FLAT)
    return float(max(differences.mean(axis=0).max(), np.percentile(differences, 99)))


@pytest.mark.parametrize(
    ("size", "hole"),
    [
        ((512, 512), Box(224, 224, 288, 288)),
        ((512, 512), Box(128, 128, 384, 384)),  # the next three end where tokens do
        ((512, 512), Box(96, 96, 416, 416)),
        ((512, 512), Box(64, 64, 448, 448)),
        ((512, 512), Box(0, 192, 512, 320)),
        ((512, 512), Box(127, 127, 385, 385)),  # a pixel beyond tokens, and one before their end
        ((512, 512), Box(97, 97, 415, 415)),
        ((512, 512), Box(0, 0, 256, 256)),
        ((512, 512), Box(128, 0, 384, 256)),
        ((300, 700), Box(40, 33, 660, 300)),
    ],
)
def test_whatever_the_place_and_size(bundled: Engine, size: tuple[int, int], hole: Box) -> None:
    mask = holed(size, hole)
    result = bundled.run(EditRequest(flat(*size), mask))
    assert step(result.image, mask) <= MOST
    assert result.pixels_changed_outside_mask == 0


def test_a_round_hole_and_a_prompt(bundled: Engine) -> None:
    rows, columns = np.ogrid[:512, :512]
    mask = (rows - 256) ** 2 + (columns - 256) ** 2 < 128**2
    for prompt in ("", "a red mushroom"):
        filled = bundled.run(EditRequest(flat(512, 512), mask, prompt=prompt)).image
        assert step(filled, mask) <= MOST


def test_a_hole_without_a_border(bundled: Engine) -> None:
    result = bundled.run(EditRequest(flat(64, 64), np.ones((64, 64), np.bool_), steps=2))
    assert result.patches[0].shape == (64, 64, 3)


def test_a_bar_much_longer_than_thick(bundled: Engine) -> None:
    mask = holed((120, 1600), Box(100, 52, 900, 64))
    filled = bundled.run(EditRequest(flat(120, 1600), mask)).image
    assert step(filled, mask) <= MOST
    along = np.abs(np.diff(filled[52:64, 100:900].astype(int), axis=1))
    assert along.max() <= 3  # no seam from piece to piece
