"""Colours that move, and what stays as it was."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from lazydiff_core.images.colour_names import COLOURS, EVERY_COLOUR, Colour
from lazydiff_core.images.recolouring import Picture, misses, recoloured

FULL = np.ones((32, 32), np.float32)


def flat(*rgb: int) -> Picture:
    return np.full((32, 32, 3), np.array(rgb) / 255, np.float32)


def lab(picture: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2LAB), np.float32)


def hue(picture: Picture) -> float:
    _, a, b = lab(picture).reshape(-1, 3).mean(0)
    return float(np.degrees(np.arctan2(b, a)))


CHROMATIC = [name for name in COLOURS if name not in ("white", "grey", "black")]


@pytest.mark.parametrize("name", CHROMATIC)
@pytest.mark.parametrize("own", [(210, 60, 150), (60, 150, 80), (40, 90, 200)])
def test_one_flat_colour_becomes_the_one_that_is_asked_for(
    name: str, own: tuple[int, int, int]
) -> None:
    found = recoloured(flat(*own), FULL, Colour(name))
    wanted = flat(*COLOURS[name])
    assert abs((hue(found) - hue(wanted) + 180) % 360 - 180) < 12
    assert abs(lab(found)[..., 0].mean() - lab(wanted)[..., 0].mean()) < 6


@pytest.mark.parametrize(
    ("name", "least", "most"), [("black", 0, 25), ("grey", 45, 70), ("white", 85, 100)]
)
def test_colours_without_a_hue(name: str, least: float, most: float) -> None:
    for own in ((210, 60, 150), (240, 220, 60), (150, 150, 150)):
        light, a, b = lab(recoloured(flat(*own), FULL, Colour(name))).reshape(-1, 3).mean(0)
        assert least < light < most
        assert np.hypot(a, b) < 12


@pytest.mark.parametrize(
    ("name", "own", "missed"),
    [
        ("black", (75, 60, 110), True),  # a violet cat
        ("black", (50, 45, 55), False),
        ("green", (80, 190, 150), True),  # a turquoise dragon
        ("green", (90, 170, 60), False),
        ("green", (120, 180, 230), False),  # green tea in a blue cup
        ("red", (200, 60, 70), False),
    ],
)
def test_what_is_named_by_a_colour_it_has_not(
    name: str, own: tuple[int, int, int], missed: bool
) -> None:
    assert misses(flat(*own), FULL, Colour(name)) == missed
    assert not misses(flat(*own), 0 * FULL, Colour(name))


@pytest.mark.parametrize("name", CHROMATIC)
def test_light_and_dark(name: str) -> None:
    levels = [
        lab(recoloured(flat(60, 150, 80), FULL, Colour(name, shade)))[..., 0].mean()
        for shade in ("dark", "", "light")
    ]
    assert levels[0] < levels[1] - 5
    assert levels[2] > levels[1] + 2


def test_other_hues_and_greys_stay() -> None:
    """A red car with blue windows, black wheels and white lights."""
    car = flat(220, 40, 50)
    parts = {(40, 110, 230): slice(0, 5), (20, 20, 20): slice(5, 8), (250, 250, 250): slice(8, 11)}
    for rgb, rows in parts.items():
        car[rows] = np.array(rgb) / 255
    green = recoloured(car, FULL, Colour("green"))
    assert abs(green[:11] - car[:11]).max() < 0.03
    assert (green[12:, :, 1] > green[12:, :, 0] + 0.2).all()


def test_the_order_of_light_and_dark_stays() -> None:
    ramp = flat(200, 60, 60) * np.linspace(0.35, 1.1, 32, dtype=np.float32)[None, :, None]
    for colour in EVERY_COLOUR:
        light = lab(recoloured(np.clip(ramp, 0, 1), FULL, colour))[0, :, 0]
        assert (np.diff(light) > -0.5).all(), colour


def test_a_grey_thing_takes_a_colour_but_for_its_dark_parts() -> None:
    sheep = flat(205, 205, 210)
    sheep[:4] = 0.06
    pink = recoloured(sheep, FULL, Colour("pink"))
    assert abs((hue(pink[6:]) - hue(flat(*COLOURS["pink"])) + 180) % 360 - 180) < 12
    assert abs(pink[:4] - sheep[:4]).max() < 0.03


def test_nothing_there_is_nothing_to_colour() -> None:
    assert np.array_equal(recoloured(flat(9, 99, 199), 0 * FULL, Colour("red")), flat(9, 99, 199))


def test_what_is_not_covered_has_no_say() -> None:
    """A small red thing on a blue ground that its cover leaves out."""
    picture, cover = flat(30, 60, 220), 0 * FULL
    picture[8:16, 8:16], cover[8:16, 8:16] = np.array((220, 40, 40)) / 255, 1
    yellow = recoloured(picture, cover, Colour("yellow"))
    assert (yellow[8:16, 8:16, :2] > 0.5).all()
    assert abs(yellow[20:] - picture[20:]).max() < 0.03


def test_the_colour_of_a_thing_is_that_of_its_middle() -> None:
    """A boat on a broad sea: the boat is what is coloured."""
    picture, cover = flat(255, 180, 30), 0 * FULL
    cover[2:24, 10:22] = 1
    picture[24:], cover[24:] = np.array((70, 150, 250)) / 255, 1
    green = recoloured(picture, cover, Colour("green"))
    assert abs((hue(green[4:20, 12:20]) - hue(flat(*COLOURS["green"])) + 180) % 360 - 180) < 12
    assert abs(green[26:] - picture[26:]).max() < 0.03


def test_a_thing_of_many_colours_has_its_white_parts_coloured() -> None:
    """A bus: a yellow body below blue windows, a white roof."""
    bus = flat(250, 190, 40)
    bus[:10], bus[10:20] = np.array((250, 250, 252)) / 255, np.array((70, 180, 250)) / 255
    red = recoloured(bus, FULL, Colour("red"))
    assert (red[:10, :, 0] > red[:10, :, 2] + 0.3).all()
    assert (red[20:, :, 0] > red[20:, :, 2] + 0.3).all()
    assert abs(red[10:20] - bus[10:20]).max() < 0.03


def test_the_pale_part_of_a_dark_thing_does_not_say_how_dark_it_is() -> None:
    """A penguin: a violet body around a belly that is nearly white."""
    penguin = flat(60, 40, 100)
    penguin[8:26, 8:24] = np.array((238, 232, 246)) / 255
    orange = lab(recoloured(penguin, FULL, Colour("orange")))
    assert abs(orange[:6, :, 0].mean() - lab(flat(*COLOURS["orange"]))[..., 0].mean()) < 6
    assert orange[10:24, 10:22, 0].mean() > 85


@pytest.mark.parametrize("name", CHROMATIC)
@pytest.mark.parametrize("shade", ["", "light", "dark"])
def test_every_shade_is_still_a_colour(name: str, shade: str) -> None:
    found = lab(recoloured(flat(60, 150, 80), FULL, Colour(name, shade)))
    assert np.hypot(found[..., 1], found[..., 2]).mean() > 14


def test_a_thing_in_two_colours_has_large_patches_of_both() -> None:
    thing = flat(90, 60, 200)
    thing[:8] = (0.6, 0.2, 0.2)  # of another hue
    cover = np.ones(thing.shape[:2], np.float32)
    red, white = (recoloured(thing, cover, Colour(name)) for name in ("red", "white"))
    both = recoloured(thing, cover, Colour("red"), Colour("white"))
    is_red, is_white = (np.isclose(both, one, atol=0.02).all(-1)[8:] for one in (red, white))
    assert 0.3 < is_red.mean() < 0.6
    assert 0.3 < is_white.mean() < 0.6
    assert np.allclose(both[:8], red[:8], atol=0.02)
    assert np.array_equal(both, recoloured(thing, cover, Colour("red"), Colour("white")))
    patches, _ = cv2.connectedComponents(is_white.astype(np.uint8))
    assert patches <= 6
