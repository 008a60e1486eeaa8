"""Grounds that meet at a line go on behind a thing, and the line does."""

from __future__ import annotations

from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from lazydiff_core.blending.grounds import ground_around
from lazydiff_core.contract import RGB, Mask

Heights: TypeAlias = npt.NDArray[np.floating[Any]]

SIDE = 256
SKY, FAR, NEAR = (200, 225, 245), (130, 195, 100), (95, 160, 70)
ACROSS, DOWN = np.meshgrid(np.arange(SIDE), np.arange(SIDE))


def hills(*lines: Heights) -> RGB:
    """A graded sky, and behind each line (SIDE,SIDE) of heights the next hill."""
    picture = np.array(SKY) - np.array([80, 50, 10]) * (1 - DOWN[..., None] / SIDE)
    for line, colour in zip(lines, (FAR, NEAR), strict=False):
        picture = np.where((line < DOWN)[..., None], colour, picture)
    return np.rint(picture).astype(np.uint8)


LEVEL = np.full((SIDE, SIDE), 130.0)
TILTED = 110 + 0.2 * ACROSS
ROUND = 120 + 0.0015 * (ACROSS - 120.0) ** 2
LOWER = 165 - 0.1 * ACROSS


@pytest.fixture
def hole() -> Mask:
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[70:190, 80:180] = True
    return mask


def hidden(picture: RGB, mask: Mask) -> RGB:
    return np.where(mask[..., None], np.uint8(127), picture)


def off(picture: RGB, hole: Mask, shown: RGB | None = None) -> npt.NDArray[np.float32]:
    """(h,w): levels by which the ground is not the picture, in the hole."""
    ground = ground_around(hidden(picture if shown is None else shown, hole), hole)
    assert ground is not None
    apart = np.abs(ground.colours - picture[ground.box.slices]).max(axis=2)
    return np.asarray(apart[hole[ground.box.slices]], np.float32)


@pytest.mark.parametrize(
    "lines",
    [(LEVEL,), (TILTED,), (ROUND,), (TILTED, LOWER), (ROUND, LOWER)],
    ids=["level", "tilted", "round", "two", "round and tilted"],
)
def test_a_line_goes_on(lines: tuple[Heights, ...], hole: Mask) -> None:
    apart = off(hills(*lines), hole)
    wrong = (apart > 12).sum()  # on the wrong side of a line
    assert wrong <= len(lines) * 1.5 * 100  # the hole is 100 pixels wide
    assert np.median(apart) < 1


def test_it_is_sharp(hole: Mask) -> None:
    ground = ground_around(hidden(hills(LEVEL), hole), hole)
    assert ground is not None
    across = ground.colours[:, ground.box.width // 2, 0]
    steps = np.abs(np.diff(across))
    assert steps.max() > 0.4 * steps[steps > 2].sum()


def test_a_thing_on_the_line_is_left_out(hole: Mask) -> None:
    picture = hills(TILTED)
    with_disc = picture.copy()
    cv2.circle(with_disc, (76, 126), 14, (230, 30, 30), -1)
    apart = off(picture, hole, with_disc)
    assert (apart > 12).sum() <= 3 * 100
    assert np.median(apart) < 1


def test_one_ground_of_several_may_be_all_that_there_is_under_the_hole() -> None:
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[190:230, 100:150] = True
    assert off(hills(ROUND, LOWER), mask).max() < 2


def test_a_line_that_is_wholly_hidden_is_amid_the_hole() -> None:
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[80:160] = True
    ground = ground_around(hidden(hills(ROUND), mask), mask)
    assert ground is not None
    red = ground.colours[:, 128, 0]
    line = ground.box.top + int(np.abs(np.diff(red)).argmax())
    assert line == pytest.approx(120, abs=2)


def test_a_thing_on_a_line_may_go_on_into_the_hole(hole: Mask) -> None:
    with_disc = hills(TILTED)
    cv2.circle(with_disc, (76, 126), 14, (230, 30, 30), -1)
    ground = ground_around(hidden(with_disc, hole), hole)
    assert ground is not None
    left = 80 - ground.box.left
    assert ground.crossing[126 - ground.box.top, left] == 1
    assert ground.crossing[:, left + 60].max() < 0.05
    assert 0.9 < ground.bare < 1


def test_what_is_seen_stays(hole: Mask) -> None:
    picture = hills(ROUND, LOWER)
    ground = ground_around(hidden(picture, hole), hole)
    assert ground is not None
    assert ground.rough < 1
    seen = ~hole[ground.box.slices]
    assert np.abs(ground.colours - picture[ground.box.slices])[seen].max() < 1


@pytest.mark.parametrize("kind", ["noise", "squares"])
def test_what_is_not_smooth_is_none(kind: str, hole: Mask) -> None:
    if kind == "noise":
        picture = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    else:
        dark = ((ACROSS // 20 + DOWN // 20) % 2 == 0)[..., None]
        picture = np.where(dark, np.uint8(60), np.full((SIDE, SIDE, 3), 200, np.uint8))
    assert ground_around(hidden(picture, hole), hole) is None
