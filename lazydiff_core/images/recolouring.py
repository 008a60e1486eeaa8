"""Recolours things: the main colour moves in CIELAB; other colours and the shading stay.

Lightness L is in 0..100, chroma and hue are the polar form of a and b (CIE 1976).
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.images.colour_names import COLOURS, SHADES, Colour

Picture = npt.NDArray[np.float32]

GREY: Final = 12.0  # chroma below which a pixel has no hue
COLOURFUL: Final = 0.35  # share of a thing that must have a hue for one to be its main colour
SMALL: Final = 0.45  # share of a thing below which its main colour takes the white parts along
NAMED: Final = 30.0  # how far in CIELAB, lightness counting half, a colour is what its name says
MEANT: Final = 50.0  # from here on a name cannot mean the main colour: green tea in a blue cup
HALF: Final = 0.5  # cover from which a pixel is of the thing
CENTRE: Final = 0.3  # of a thing's size: what is further from its middle says less of its colour
SPREAD: Final = 0.25  # of the hues around the main one, how much stays
PATTERN: Final = 3  # seed of the patches of a second colour
PATCHES: Final = 4  # points of their field across a thing
SOFT: Final = 0.25  # of their field's deviation, how soft their edges are
_NEAR, _FAR = 38.0, 62.0  # degrees from the main hue: all of it moves, none of it does
_SHOWABLE: Final = 1.0  # how far in CIELAB what sRGB shows of a colour may be off


def recoloured(
    rgb: Picture, cover: Picture, colour: Colour, second: Colour | None = None
) -> Picture:
    """(H,W,3) in [0,1] in another colour; `cover` (H,W) in [0,1] says where the thing is.

    What has the thing's main hue takes the colour's hue, chroma and lightness on average, and
    keeps its variations of light; a thing without a main hue has its greys coloured, its darkest
    and, where others are left, its lightest parts excepted. Where the main colour is only that of
    a small part (a bus is half windows), the white parts are coloured, too. Of a thing in two
    colours patches of what would take the first take the second.
    """
    lab = _in_lab(rgb)
    share = _main_share(lab, cover)
    if (share * cover).sum() < 1:
        return np.asarray(rgb, np.float32)
    moved = _moved(lab, share, cover, colour)
    if (share * cover).sum() < SMALL * cover.sum():
        moved = _moved(moved, _white_share(lab) * (1 - share), cover, colour)
    if second is not None:
        other = _moved(lab, share, cover, second)
        moved = moved + (other - moved) * (_patches(share * cover) * share)[..., None]
    return np.clip(cv2.cvtColor(moved, cv2.COLOR_LAB2RGB), 0, 1)


def _patches(weight: Picture) -> Picture:
    """(H,W) in [0,1]: large round patches over about half of what has weight."""
    rows, columns = np.nonzero(weight > HALF)
    if not len(rows):
        return np.zeros_like(weight)
    noise = np.random.default_rng(PATTERN).standard_normal((PATCHES, PATCHES)).astype(np.float32)
    box = bounding_box(weight > HALF)
    field = np.zeros_like(weight)
    field[box.slices] = cv2.resize(noise, (box.width, box.height), interpolation=cv2.INTER_CUBIC)
    level = float(np.median(field[rows, columns]))
    return _step((field - level) / SOFT + HALF)


def misses(rgb: Picture, cover: Picture, colour: Colour) -> bool:
    """Whether a thing that is said to have a colour by nature (a green dragon) has another one.

    As for `recoloured`.
    """
    lab = _in_lab(rgb)
    weight = _main_share(lab, cover) * cover
    if weight.sum() < 1:
        return False
    main = (lab * weight[..., None]).sum((0, 1)) / weight.sum()
    light, a, b = main - np.array(_lab(colour), np.float32)
    return NAMED < float(np.hypot(light / 2, np.hypot(a, b))) <= MEANT


def _moved(lab: Picture, share: Picture, cover: Picture, colour: Colour) -> Picture:
    """(H,W,3) CIELAB with this share of each pixel in the colour."""
    weight = share * cover
    if weight.sum() < 1:
        return lab
    light, chroma, hue = _polar(lab)
    goal, a, b = _lab(colour)
    vivid, turn = float(np.hypot(a, b)), np.full_like(hue, np.arctan2(b, a))
    has_hue = _mean(chroma, weight) > GREY
    if has_hue:  # pale parts are not what a colour is measured by
        weight = weight * chroma
    mean = _mean(chroma, weight)
    new_light = _relit(light, _median(light, weight), goal)
    new_chroma = np.full_like(chroma, vivid)
    if vivid < GREY:
        new_chroma = chroma * (vivid / max(mean, GREY))
    elif has_hue:
        new_chroma = np.minimum(chroma * (vivid / mean), 1.25 * vivid)
        turn += SPREAD * np.radians(_apart(hue, _mean_hue(hue, weight)))
    new_chroma *= np.clip(new_light / 20, 0, 1)  # what is very dark is black
    target = _showable(new_light, new_chroma, turn)
    return np.asarray(lab + (target - lab) * share[..., None], np.float32)


def _in_lab(rgb: Picture) -> Picture:
    pixels = np.ascontiguousarray(rgb, np.float32)
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB), np.float32)


def _polar(lab: Picture) -> tuple[Picture, Picture, Picture]:
    """Lightness, chroma and hue in degrees, (H,W) each."""
    light, a, b = (lab[..., k] for k in range(3))
    return light, np.hypot(a, b), np.degrees(np.arctan2(b, a))


def _lab(colour: Colour) -> tuple[float, float, float]:
    """L, a and b of a named colour."""
    rgb = np.array([[COLOURS[colour.name]]], np.float32) / np.float32(255)
    light, a, b = (float(v) for v in _in_lab(rgb)[0, 0])
    towards, part = SHADES[colour.shade]
    return light + (towards - light) * part, a * (1 - part), b * (1 - part)


def _relit(light: Picture, level: float, goal: float) -> Picture:
    """Lightness whose mean `level` becomes `goal`; black stays black and white stays white."""
    gamma = np.log(goal / 100) / np.log(np.clip(level, 5, 96) / 100)
    bent = 100 * np.power(np.clip(light, 0, 100) / 100, gamma)
    return np.asarray(np.clip(0.5 * bent + 0.5 * (light + goal - level), 0, 100), np.float32)


def _showable(light: Picture, chroma: Picture, turn: Picture) -> Picture:
    """(H,W,3) CIELAB of this hue (radians), with less chroma where sRGB shows no more."""
    a, b = np.cos(turn), np.sin(turn)
    low, high, part = np.zeros_like(chroma), np.ones_like(chroma), np.ones_like(chroma)
    for _ in range(6):
        lab = np.stack([light, part * chroma * a, part * chroma * b], axis=-1).astype(np.float32)
        shown = _in_lab(np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), 0, 1))
        fits = np.linalg.norm(shown - lab, axis=-1) < _SHOWABLE
        low, high = np.where(fits, part, low), np.where(fits, high, part)
        part = np.asarray((low + high) / 2, np.float32)
    return np.stack([light, low * chroma * a, low * chroma * b], axis=-1).astype(np.float32)


def _mean(values: Picture, weight: Picture) -> float:
    return float((values * weight).sum() / weight.sum())


def _median(values: Picture, weight: Picture) -> float:
    order = np.argsort(values, axis=None)
    summed = np.cumsum(weight.ravel()[order])
    return float(values.ravel()[order[np.searchsorted(summed, summed[-1] / 2)]])


def _central(cover: Picture) -> Picture:
    """The cover, less of it away from the thing's middle: a boat's sea is not its colour."""
    covered = cover > HALF
    if covered.all() or not covered.any():  # a surface, or nothing
        return cover
    box = bounding_box(covered)
    rows, columns = np.indices(cover.shape, np.float32) + 0.5
    across = (columns - (box.left + box.right) / 2) / (CENTRE * box.width)
    down = (rows - (box.top + box.bottom) / 2) / (CENTRE * box.height)
    return np.asarray(cover * np.exp(-(across**2 + down**2) / 2), np.float32)


def _white_share(lab: Picture) -> Picture:
    """How much of each pixel is white or nearly so."""
    light, chroma, _ = _polar(lab)
    return np.asarray(_step((light - 70) / 15) * (1 - _step((chroma - GREY) / GREY)), np.float32)


def _main_share(lab: Picture, cover: Picture) -> Picture:
    """How much of each pixel is the thing's main colour, (H,W) in [0,1]."""
    light, chroma, hue = _polar(lab)
    tinted = np.clip((chroma - GREY) / GREY, 0, 1)
    total = max(float(cover.sum()), 1e-6)
    if (cover * tinted).sum() >= COLOURFUL * total:
        peak = _peak(hue, _central(cover) * tinted * np.sqrt(chroma))
        near = 1 - _step((np.abs(_apart(hue, peak)) - _NEAR) / (_FAR - _NEAR))
        return np.asarray(near * _step((chroma - 0.4 * GREY) / (0.9 * GREY)), np.float32)
    grey = cover * (1 - tinted)
    dark = _step((light - 12) / 20)
    if (grey * dark).sum() < COLOURFUL * total:  # all of it is black
        dark = np.ones_like(light)
    return np.asarray(dark * (1 - _step((chroma - 1.5 * GREY) / GREY)), np.float32)


def _peak(hue: Picture, weight: Picture) -> float:
    """The hue in degrees around which most of the weight lies."""
    bins = 72
    counts, _ = np.histogram(hue % 360, bins, (0, 360), weights=weight)
    window = np.exp(-0.5 * (np.arange(-9, 10) / 3.5) ** 2)
    smooth = np.convolve(np.concatenate([counts[-9:], counts, counts[:9]]), window, "valid")
    return float((smooth.argmax() + 0.5) * 360 / bins)


def _mean_hue(hue: Picture, weight: Picture) -> float:
    angle = np.angle((weight * np.exp(1j * np.radians(hue))).sum())
    return float(np.degrees(angle))


def _apart(hue: Picture, other: float) -> Picture:
    """Signed degrees from another hue."""
    return np.asarray((hue - other + 180) % 360 - 180, np.float32)


def _step(x: npt.NDArray[np.floating]) -> Picture:
    """A smooth step from 0 to 1 over [0,1]."""
    part = np.clip(x, 0, 1)
    return np.asarray(part * part * (3 - 2 * part), np.float32)
