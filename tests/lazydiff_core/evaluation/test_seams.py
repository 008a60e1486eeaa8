from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.contract import RGB, Mask
from lazydiff_core.evaluation.seams import (
    colour_shift,
    ground_step,
    root_mean_square,
    seam_jump,
    to_lab,
)


@pytest.fixture
def ramp() -> RGB:
    """Two levels brighter with each column."""
    row = (20 + 2 * np.arange(60)).astype(np.uint8)
    return np.repeat(np.tile(row, (60, 1))[..., None], 3, axis=2)


@pytest.fixture
def hole() -> Mask:
    mask = np.zeros((60, 60), bool)
    mask[15:45, 20:40] = True
    return mask


def test_a_ramp_that_goes_on_has_no_seam(ramp: RGB, hole: Mask) -> None:
    assert seam_jump(ramp, hole) == pytest.approx(0, abs=1e-6)


def test_a_lifted_hole_has_a_seam_as_high_as_the_lift(ramp: RGB, hole: Mask) -> None:
    image = np.full_like(ramp, 100)
    image[hole] += 12
    assert seam_jump(image, hole) == pytest.approx(12)


def test_texture_on_both_sides_is_no_seam(hole: Mask) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8)
    assert abs(seam_jump(noise, hole)) < 12


def test_a_hole_that_covers_everything_has_no_border(ramp: RGB) -> None:
    assert seam_jump(ramp, np.ones((60, 60), bool)) == 0


def test_white_is_a_hundred_away_from_black(hole: Mask) -> None:
    white, black = (np.full((60, 60, 3), level, np.uint8) for level in (255, 0))
    assert colour_shift(white, black, hole) == pytest.approx(100, abs=0.1)
    assert colour_shift(white, white, hole) == 0


def test_only_the_hole_counts(ramp: RGB, hole: Mask) -> None:
    image = ramp.copy()
    image[~hole] = 0
    assert colour_shift(image, ramp, hole) == 0


def test_pixels_are_compared_one_by_one(hole: Mask) -> None:
    """Black and white in equal parts have the same mean wherever they lie."""
    image = np.zeros((60, 60, 3), np.uint8)
    image[15:30, 20:40] = 255
    assert root_mean_square(image, image[::-1], hole) == 255
    assert root_mean_square(image, image, hole) == 0
    assert colour_shift(image, image[::-1], hole) == pytest.approx(0, abs=0.1)


def test_lab_of_pure_red() -> None:
    red = np.zeros((1, 1, 3), np.uint8)
    red[..., 0] = 255
    assert to_lab(red)[0, 0] == pytest.approx([53.2, 80.1, 67.2], abs=0.2)


def test_the_grounds_step_is_that_of_the_ground_alone(hole: Mask) -> None:
    """A thing in the hole does not count, nor its edge, nor what is beside the hole."""
    canvas = np.full((60, 60, 3), 200, np.uint8)
    image = canvas.copy()
    image[~hole] = 0
    image[hole] = 190
    of_ground = ground_step(image, canvas, hole)
    assert of_ground == pytest.approx(
        float(np.linalg.norm(to_lab(image) - to_lab(canvas), axis=-1)[hole].mean())
    )
    image[20:26, 24:30] = (255, 0, 0)
    image[26:28, 24:30] = 180
    assert ground_step(image, canvas, hole) == pytest.approx(of_ground)
    image[hole] = 0
    assert ground_step(image, canvas, hole) == 0
