"""Things composited with a known alpha are lifted again."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from lazydiff_core.contract import RGB, Mask, Pixels
from lazydiff_core.errors import Cancelled, InputError
from lazydiff_core.geometry.pixels import painted_over, shown_through
from lazydiff_core.matting import Lifted, lift

SIDE = 128
RED, BLUE = (205.0, 40.0, 35.0), (70.0, 120.0, 200.0)


@dataclass(frozen=True)
class Scene:
    """A thing of known alpha on a ground, and another fill of the same ground."""

    shown: RGB
    without: RGB
    hole: Mask
    alpha: npt.NDArray[np.float64]

    def lifted(self) -> Lifted:
        return lift(self.shown, self.without, self.hole)


def scene(
    softness: float = 1.5,
    thing: tuple[float, float, float] = RED,
    radius: int = 34,
    noise: float = 2.0,
    belly: int = 0,
) -> Scene:
    """A disc with a soft edge amid a hole; `belly`: the radius of a middle coloured like ground."""
    random = np.random.default_rng(5)
    rows = np.linspace(0, 1, SIDE)[:, None, None]
    ground = np.array(BLUE) + 30 * rows + np.zeros((SIDE, SIDE, 3))
    colours = np.array(thing) + 25 * np.sin(np.arange(SIDE) / 7)[None, :, None] + 0 * ground
    if belly:
        colours[_disc(belly) > 0] = ground[_disc(belly) > 0]
    sharp = _disc(radius)
    alpha = np.asarray(cv2.GaussianBlur(sharp, (0, 0), softness) if softness else sharp, np.float64)
    hole = _disc(52) > 0
    shown = ground + (colours - ground) * alpha[..., None]
    other = ground + (3 + random.normal(scale=noise, size=ground.shape)) * hole[..., None]
    return Scene(_pixels(shown), _pixels(other), hole, alpha)


def _pixels(values: npt.NDArray[np.float64]) -> RGB:
    return np.asarray(np.rint(values.clip(0, 255)), np.uint8)


def _disc(radius: int) -> npt.NDArray[np.float64]:
    disc = np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(disc, (SIDE // 2, SIDE // 2), radius, 1, cv2.FILLED)
    return disc.astype(np.float64)


def errors(found: Lifted, scene: Scene) -> tuple[float, float]:
    """Sum of absolute differences for a pixel of the outline; mean square over the hole."""
    apart = found.alpha / 255 - scene.alpha
    outline = 2 * np.pi * 34
    return float(np.abs(apart).sum() / outline), float((apart[scene.hole] ** 2).mean())


def farthest(found: Lifted, shown: Pixels) -> int:
    """How far the parts together are from the picture."""
    again = shown_through(found.colours, found.ground, found.alpha)
    return int(np.abs(again.astype(int) - shown).max())


@pytest.mark.parametrize("softness", [0.0, 1.5, 3.0])
def test_alpha_is_found_with_its_soft_edge(softness: float) -> None:
    one = scene(softness)

    sad, mse = errors(one.lifted(), one)

    assert sad < 0.15 * max(softness, 1)
    assert mse < 0.002


def test_a_thing_in_part_coloured_like_its_ground_stays_whole() -> None:
    one = scene(belly=3)

    assert one.lifted().alpha[SIDE // 2, SIDE // 2] == 255


def test_a_large_opening_stays_open() -> None:
    one = scene(belly=20)

    assert one.lifted().alpha[SIDE // 2, SIDE // 2] == 0


def test_a_thing_may_fill_its_hole() -> None:
    one = scene(softness=0, radius=52)

    found = one.lifted()

    inner = cv2.erode(one.hole.view(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert found.alpha[inner].min() == 255
    assert not found.alpha[~one.hole].any()


@pytest.mark.parametrize("noise", [0.0, 6.0])
def test_the_parts_give_the_picture_again(noise: float) -> None:
    one = scene(noise=noise)

    found = one.lifted()

    assert farthest(found, one.shown) <= 2
    clear = found.alpha == 0
    np.testing.assert_array_equal(found.ground[clear], one.shown[clear])
    assert clear[~one.hole].all()


def test_the_thing_has_its_own_colours() -> None:
    one = scene(softness=3)
    found = one.lifted()
    half = (one.alpha > 0.3) & (one.alpha < 0.7)

    shift = found.colours[half].mean(axis=0) - np.array(RED)

    assert np.abs(shift).max() < 25  # its ground would shift it by 80


def test_a_picture_with_alpha_keeps_it() -> None:
    one = scene()
    alpha = np.full((SIDE, SIDE, 1), 255, np.uint8)
    alpha[:40] = 90
    clear = np.dstack((one.shown, alpha))

    found = lift(clear, np.dstack((one.without, alpha)), one.hole)

    again = shown_through(found.colours, found.ground, found.alpha)
    white = np.full((SIDE, SIDE, 3), 255, np.uint8)
    apart = painted_over(white, again).astype(int) - painted_over(white, clear)
    assert np.abs(apart).max() <= 2
    assert np.abs(again[..., 3].astype(int) - clear[..., 3]).max() <= 1


def test_two_grounds_hold_no_thing() -> None:
    one = scene()

    with pytest.raises(InputError, match="Nothing stands out"):
        lift(one.without, one.without, one.hole)


def test_it_can_be_stopped() -> None:
    one = scene()

    def stop() -> None:
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        lift(one.shown, one.without, one.hole, stop)


def test_the_same_fills_give_the_same_parts() -> None:
    first, second = scene().lifted(), scene().lifted()

    np.testing.assert_array_equal(first.alpha, second.alpha)
    np.testing.assert_array_equal(first.colours, second.colours)
