from __future__ import annotations

import cv2
import numpy as np
import pytest

from lazydiff_core.contract import RGB, Mask
from lazydiff_core.evaluation.detail import rim, sharpness
from lazydiff_core.evaluation.thing_area import grown, shrunk, thing_area

SIDE = 200
YS, XS = np.mgrid[0:SIDE, 0:SIDE]
RADIUS = np.hypot(YS - 100, XS - 100)
DISC: Mask = RADIUS < 60


def on_white(level: int = 90) -> RGB:
    """A disc of one grey level on white."""
    return np.where(DISC[..., None], np.uint8(level), np.full((SIDE, SIDE, 3), 255, np.uint8))


def striped() -> RGB:
    """The same with stripes inside."""
    stripes = np.where(DISC & (XS // 6 % 2 == 0), 60, 0)[..., None]
    return np.asarray(on_white() + stripes, np.uint8)


def test_a_thing_is_as_sharp_as_itself() -> None:
    assert sharpness(striped(), DISC, striped(), DISC) == 1


def test_the_more_blur_the_less_sharp() -> None:
    values = [
        sharpness(cv2.GaussianBlur(striped(), (0, 0), sigma), DISC, striped(), DISC)
        for sigma in (0.8, 1.5, 3.0)
    ]
    assert 0.9 > values[0] > values[1] > values[2]
    assert values[2] < 0.35


def test_noise_does_not_make_up_for_blur() -> None:
    noise = np.random.default_rng(0).normal(0, 25, (SIDE, SIDE, 1))
    noisy = np.clip(striped() + noise, 0, 255).astype(np.uint8)
    assert sharpness(noisy, DISC, striped(), DISC) <= 1


def test_a_plain_thing_is_compared_by_its_outline() -> None:
    assert sharpness(on_white(), DISC, on_white(), DISC) == 1
    assert sharpness(cv2.GaussianBlur(on_white(), (0, 0), 3), DISC, on_white(), DISC) < 0.4
    assert sharpness(on_white(), np.zeros_like(DISC), on_white(), DISC) == 0


def test_a_plain_disc_has_no_rim_however_soft() -> None:
    assert rim(on_white(), DISC) == pytest.approx(0, abs=0.01)
    assert rim(cv2.GaussianBlur(on_white(), (0, 0), 2), DISC) == pytest.approx(0, abs=0.05)
    assert rim(on_white(), np.zeros_like(DISC)) == 0


@pytest.mark.parametrize(("level", "ground"), [(10, 255), (255, 60)])
def test_dark_rims_and_halos_are_found(level: int, ground: int) -> None:
    image = on_white()
    image[~DISC] = ground
    image[np.abs(RADIUS - 59) < 2] = level
    assert rim(image, DISC) > 15


def test_the_thing_is_what_differs_from_the_ground() -> None:
    ground = np.full((SIDE, SIDE, 3), 255, np.uint8)
    hole = np.zeros((SIDE, SIDE), np.bool_)
    hole[20:180, 20:180] = True
    image = on_white()
    image[25:28, 25:28] = 0  # a speck
    image[0:10] = 0  # outside the hole
    area = thing_area(image, ground, hole)
    assert (area & DISC).sum() / (area | DISC).sum() > 0.95
    assert not thing_area(ground, ground, hole).any()


def test_an_area_grows_and_shrinks_by_pixels() -> None:
    assert shrunk(DISC, 5).sum() == pytest.approx((RADIUS < 55).sum(), rel=0.02)
    assert grown(DISC, 5).sum() == pytest.approx((RADIUS < 65).sum(), rel=0.02)
    nothing = np.zeros_like(DISC)
    assert not grown(nothing, 3).any()
    assert shrunk(~nothing, 3).all()
