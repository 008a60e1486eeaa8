"""A smooth ground goes on around what is painted on it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from lazydiff_core.blending.grounds import Ground, ground_around, on_ground
from lazydiff_core.contract import RGB, Mask

SIDE = 256
AMID, AT_THE_TOP = np.s_[80:180, 60:190], np.s_[0:110, 0:256]


def hole(part: tuple[slice, slice]) -> Mask:
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[part] = True
    return mask


def graded(bend: float = 0.0) -> RGB:
    """From light blue to cream, downwards; bent, it is brightest in the middle."""
    t = np.linspace(0, 1, SIDE)[:, None, None]
    colours = np.array([150, 190, 220]) + np.array([80, 30, -60]) * t - bend * (2 * t - 1) ** 2
    return np.rint(np.broadcast_to(colours, (SIDE, SIDE, 3))).astype(np.uint8)


def hidden(picture: RGB, mask: Mask) -> RGB:
    return np.where(mask[..., None], np.uint8(127), picture)


def off(ground: Ground, picture: RGB, mask: Mask) -> float:
    """How far the ground under a hole is from this one, at most."""
    part = ground.box.slices
    return float(np.abs(ground.colours - picture[part])[mask[part]].max())


@pytest.mark.parametrize(
    ("part", "bend"), [(AMID, 0.0), (AMID, 60.0), (AT_THE_TOP, 0.0)], ids=["amid", "bent", "edge"]
)
def test_it_is_the_ground_that_was_there(part: tuple[slice, slice], bend: float) -> None:
    picture, mask = graded(bend), hole(part)
    ground = ground_around(hidden(picture, mask), mask)
    assert ground is not None
    assert ground.bare == 1
    assert off(ground, picture, mask) < 2


def test_what_stands_at_the_border_does_not_tinge_it() -> None:
    picture, mask = graded(), hole(AMID)
    with_disc = cv2.circle(picture.copy(), (60, 130), 30, (220, 20, 20), -1)
    ground = ground_around(hidden(with_disc, mask), mask)
    assert ground is not None
    assert 0.7 < ground.bare < 0.95
    assert off(ground, picture, mask) < 3


def test_where_nothing_is_seen_nothing_is_read() -> None:
    """Beyond the canvas, its edge is only repeated."""
    picture, mask = graded(), hole(np.s_[100:256, 60:190])
    inside = np.ones_like(mask)
    inside[200:] = False
    picture[200:] = picture[199]
    ground = ground_around(hidden(picture, mask), mask, inside)
    assert ground is not None
    assert off(ground, graded(), mask) < 3


def test_no_smooth_ground_is_none() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    stripes = graded()
    stripes[:, np.arange(SIDE) % 16 < 8] -= 14  # they are within reach of their mean
    for picture in (noise, stripes):
        assert ground_around(picture, hole(AMID)) is None
    assert ground_around(graded(), np.ones((SIDE, SIDE), np.bool_)) is None


def test_a_thing_stays_and_its_mottled_ground_goes() -> None:
    """Speckles away from the outline go, and so do faint ones along it; within it, all stays."""
    picture, mask = graded(), hole(AMID)
    ground = ground_around(hidden(picture, mask), mask)
    assert ground is not None
    outline = cv2.circle(np.zeros((SIDE, SIDE), np.float32), (125, 130), 30, 1, -1)
    speckles = np.random.default_rng(1).integers(-9, 10, (SIDE, SIDE, 3))
    fill = np.clip(picture + speckles, 0, 255).astype(np.uint8)
    fill[90:100, 70:80] = 0
    thing = cv2.circle(np.zeros_like(mask, np.uint8), (125, 130), 30, 1, -1).astype(np.bool_)
    fill[thing] = (200, 40, 40)
    fill[125:135, 120:130] = picture[125:135, 120:130]  # as light as the ground, amid the thing
    laid = on_ground(fill, ground, outline)
    assert np.array_equal(laid[thing], fill[thing])
    away = mask & (cv2.distanceTransform((~thing).astype(np.uint8), cv2.DIST_L2, 5) > 4)
    assert np.abs(laid.astype(int) - picture)[away].max() <= 2


def test_a_thing_that_is_thinner_than_its_outline_keeps_its_shape() -> None:
    picture, mask = graded(), hole(AMID)
    ground = ground_around(hidden(picture, mask), mask)
    assert ground is not None
    outline = np.zeros((SIDE, SIDE), np.float32)
    outline[127:134, 90:160] = 1
    fill = picture.copy()
    fill[129:132, 90:160] = (40, 40, 40)
    laid = on_ground(fill, ground, outline)
    assert np.array_equal(laid[130, 95:155], fill[130, 95:155])
    assert np.abs(laid[127, 95:155].astype(int) - picture[127, 95:155]).max() <= 2


def test_without_an_outline_all_of_it_is_ground() -> None:
    picture, mask = graded(), hole(AMID)
    ground = ground_around(hidden(picture, mask), mask)
    assert ground is not None
    fill = np.zeros_like(picture)
    laid = on_ground(fill, ground, np.zeros((SIDE, SIDE), np.float32))
    assert np.abs(laid.astype(int) - picture)[mask].max() <= 2


def test_what_crosses_the_border_may_go_on() -> None:
    """Near it, what a model painted of it stays; farther in, and where it is faint, it does not."""
    picture, mask = graded(), hole(AMID)
    with_disc = cv2.circle(picture.copy(), (60, 130), 30, (220, 20, 20), -1)
    ground = ground_around(hidden(with_disc, mask), mask)
    assert ground is not None
    fill = with_disc.copy()
    fill[100:110, 160:170] = 0
    fill[90:95, 70:100] += 5
    laid = on_ground(fill, ground, np.zeros((SIDE, SIDE), np.float32))
    disc = mask & (with_disc != picture).any(axis=2)
    assert np.abs(laid.astype(int) - with_disc)[disc].mean() < 4
    assert np.abs(laid.astype(int) - picture)[mask & ~disc].mean() < 1
