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
    """A thing of known alpha on a ground, another fill of the same ground, and the ground."""

    shown: RGB
    without: RGB
    hole: Mask
    alpha: npt.NDArray[np.float64]
    ground: RGB

    @property
    def elsewhere(self) -> RGB:
        """A canvas that had something else in the hole."""
        return np.where(self.hole[..., None], np.uint8(20), self.ground)

    def lifted(self) -> Lifted:
        """Lifted off a ground that is not known."""
        around = np.random.default_rng(2).integers(0, 256, self.shown.shape, np.uint8)
        return lift(self.shown, self.without, self.hole, around)


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
    return Scene(_pixels(shown), _pixels(other), hole, alpha, _pixels(ground))


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
    on_its_ground = lift(one.shown, one.without, one.hole, one.ground)
    assert on_its_ground.alpha[SIDE // 2, SIDE // 2] == 0


def on_flat(shades: npt.NDArray[np.float64], cover: npt.NDArray[np.float64]) -> Lifted:
    """What differs from one colour by (SIDE, SIDE) shades, lifted from it."""
    ground = np.full((SIDE, SIDE, 3), (180, 150, 90), np.uint8)
    hole = _disc(52) > 0
    ghost = np.random.default_rng(3).normal(scale=1.0, size=ground.shape) * hole[..., None]
    shown = ground + shades[..., None] * np.array((1, 1, 1.5)) * cover[..., None]
    return lift(_pixels(shown + ghost), _pixels(ground + ghost[::-1]), hole, ground)


def test_a_thing_shaded_through_the_colour_of_its_ground_has_no_holes() -> None:
    across = (np.arange(SIDE) - SIDE / 2)[None, :] / 34 + np.zeros((SIDE, 1))
    cover = np.asarray(cv2.GaussianBlur(_disc(34), (0, 0), 1.0), np.float64)

    found = on_flat(45 * across, cover)

    assert found.alpha[_disc(26) > 0].min() == 255
    assert found.alpha[_disc(42) == 0].max() == 0


def test_a_faint_shadow_stays_with_its_ground() -> None:
    body = np.asarray(cv2.GaussianBlur(_disc(20), (0, 0), 0.8), np.float64)
    shadow = np.asarray(cv2.GaussianBlur(np.roll(_disc(20), 22, axis=0), (0, 0), 9), np.float64)
    shades = np.where(body > 0.5, 120, -20 * shadow)

    found = on_flat(shades, np.ones((SIDE, SIDE)))

    assert found.alpha[_disc(14) > 0].min() == 255
    assert found.alpha[SIDE // 2 + 34 :].max() < 100


def test_a_thing_may_fill_its_hole() -> None:
    one = scene(softness=0, radius=52)

    found = one.lifted()

    inner = cv2.erode(one.hole.view(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert found.alpha[inner].min() == 255
    assert not found.alpha[~one.hole].any()


def test_what_was_beneath_is_the_ground() -> None:
    one = scene()
    ghost = one.hole[..., None] * np.array((3, -2, 4))
    shown = _pixels(one.shown + ghost * (1.0 - one.alpha[..., None]))

    found = lift(shown, one.without, one.hole, one.ground)

    np.testing.assert_array_equal(found.ground, one.ground)
    covered = found.alpha > 0
    again = shown_through(found.colours, found.ground, found.alpha).astype(int)
    assert np.abs(again - shown)[covered].max() <= 2
    assert np.abs(again - shown).max() <= 6
    sad, mse = errors(found, one)
    assert sad < 0.3
    assert mse < 0.002


def test_a_smooth_ground_is_smooth_where_another_thing_was_before() -> None:
    one = scene()

    found = lift(one.shown, one.without, one.hole, one.elsewhere)

    assert np.abs(found.ground.astype(int) - one.ground).max() <= 1


def test_an_edge_of_the_ground_is_where_it_was() -> None:
    """Another fill of the hole moves a horizon; the canvas knows better."""
    one = scene()
    shown, without, before = one.shown.copy(), one.without.copy(), one.ground.copy()
    lower = np.array((20, 60, 30), np.uint8)
    before[84:] = lower
    without[78:] = np.where(one.hole[78:, :, None], lower, before[78:])
    clear = one.alpha == 0
    shown[clear] = without[clear]

    found = lift(shown, without, one.hole, before)

    np.testing.assert_array_equal(found.ground, before)


def test_beside_what_was_painted_over_the_ground_stays_as_it_was() -> None:
    one = scene()
    before = one.ground.copy()
    before[98:110, 54:74] = 20
    shown = np.where(one.hole[..., None], one.shown, before)
    without = np.where(one.hole[..., None], one.without, before)

    found = lift(shown, without, one.hole, before)

    known = one.hole.copy()
    known[88:] = False
    np.testing.assert_array_equal(found.ground[known], one.ground[known])
    np.testing.assert_array_equal(found.ground[~one.hole], before[~one.hole])
    ghost = np.abs(found.ground.astype(int) - one.ground)[one.hole]
    assert ghost.mean() < 1
    assert ghost.max() <= 16  # beside the thing that was painted over


def test_a_ground_that_is_asked_for_is_no_ghost() -> None:
    """A fill that changes the ground on purpose keeps its own."""
    one = scene(noise=0.0)
    snow = 40 * one.hole[..., None].astype(int)
    shown = _pixels(one.shown + snow * (1.0 - one.alpha[..., None]))

    found = lift(shown, _pixels(one.without + snow * 1.0), one.hole, one.ground)

    clear = found.alpha == 0
    np.testing.assert_array_equal(found.ground[clear], shown[clear])


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

    before = np.dstack((one.elsewhere, alpha))

    found = lift(clear, np.dstack((one.without, alpha)), one.hole, before)

    again = shown_through(found.colours, found.ground, found.alpha)
    white = np.full((SIDE, SIDE, 3), 255, np.uint8)
    apart = painted_over(white, again).astype(int) - painted_over(white, clear)
    assert np.abs(apart).max() <= 2
    assert np.abs(again[..., 3].astype(int) - clear[..., 3]).max() <= 1


def test_two_grounds_hold_no_thing() -> None:
    one = scene()

    with pytest.raises(InputError, match="Nothing stands out"):
        lift(one.without, one.without, one.hole, one.ground)


def test_it_can_be_stopped() -> None:
    one = scene()

    def stop() -> None:
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        lift(one.shown, one.without, one.hole, one.ground, stop)


def test_the_same_fills_give_the_same_parts() -> None:
    first, second = scene().lifted(), scene().lifted()

    np.testing.assert_array_equal(first.alpha, second.alpha)
    np.testing.assert_array_equal(first.colours, second.colours)
