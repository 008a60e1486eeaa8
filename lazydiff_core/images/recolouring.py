"""Recolours things: the main colour moves in CIELAB; other colours and the shading stay.

Lightness L is in 0..100, chroma and hue are the polar form of a and b (CIE 1976).
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.images.colour_names import COLOURS, SHADES, Colour

Picture = npt.NDArray[np.float32]

GREY: Final = 12.0  # chroma below which a pixel has no hue
COLOURFUL: Final = 0.35  # share of a thing that must have a hue for one to be its main colour
NAMED: Final = 30.0  # how far in CIELAB, lightness counting half, a colour is what its name says
MEANT: Final = 50.0  # from here on a name cannot mean the main colour: green tea in a blue cup
_NEAR, _FAR = 38.0, 62.0  # degrees from the main hue: all of it moves, none of it does


def recoloured(rgb: Picture, cover: Picture, colour: Colour) -> Picture:
    """(H,W,3) in [0,1] in another colour; `cover` (H,W) in [0,1] says where the thing is.

    What has the thing's main hue takes the colour's hue, chroma and lightness on average, and
    keeps its variations of light; a thing without a main hue has its greys coloured, its darkest
    and, where others are left, its lightest parts excepted.
    """
    lab = _in_lab(rgb)
    light, chroma = lab[..., 0], np.hypot(lab[..., 1], lab[..., 2])
    hue = np.degrees(np.arctan2(lab[..., 2], lab[..., 1]))
    share = _main_share(light, chroma, hue, cover)
    weight = share * cover
    if weight.sum() < 1:
        return np.asarray(rgb, np.float32)
    goal, a, b = _lab(colour)
    vivid = float(np.hypot(a, b))
    level = float((light * weight).sum() / weight.sum())
    new_light = _relit(light, level, goal)
    mean = float((chroma * weight).sum() / weight.sum())
    new_chroma = np.full_like(chroma, vivid)
    if vivid < GREY:
        new_chroma = chroma * (vivid / max(mean, GREY))
    elif mean > GREY:
        new_chroma = np.minimum(chroma * (vivid / mean), 1.25 * vivid)
    # Less colour fits into what is very dark or very light.
    room = np.clip(np.minimum(new_light / 20, (101 - new_light) / 14), 0, 1)
    new_chroma *= room
    turn = np.arctan2(b, a)
    if vivid >= GREY and mean > GREY:
        turn = turn + 0.35 * np.radians(_apart(hue, _mean_hue(hue, chroma * weight)))
    target = np.stack([new_light, new_chroma * np.cos(turn), new_chroma * np.sin(turn)], axis=-1)
    moved = lab + (target - lab) * share[..., None]
    return np.clip(cv2.cvtColor(moved.astype(np.float32), cv2.COLOR_LAB2RGB), 0, 1)


def misses(rgb: Picture, cover: Picture, colour: Colour) -> bool:
    """Whether a thing that is said to have a colour by nature (a green dragon) has another one.

    As for `recoloured`.
    """
    lab = _in_lab(rgb)
    hue = np.degrees(np.arctan2(lab[..., 2], lab[..., 1]))
    share = _main_share(lab[..., 0], np.hypot(lab[..., 1], lab[..., 2]), hue, cover)
    weight = share * cover
    if weight.sum() < 1:
        return False
    main = (lab * weight[..., None]).sum((0, 1)) / weight.sum()
    light, a, b = main - np.array(_lab(colour), np.float32)
    return NAMED < float(np.hypot(light / 2, np.hypot(a, b))) <= MEANT


def _in_lab(rgb: Picture) -> Picture:
    pixels = np.ascontiguousarray(rgb, np.float32)
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB), np.float32)


def _lab(colour: Colour) -> tuple[float, float, float]:
    """L, a and b of a named colour."""
    rgb = np.array([[COLOURS[colour.name]]], np.float32) / np.float32(255)
    light, a, b = (float(v) for v in _in_lab(rgb)[0, 0])
    return min(max(light + SHADES[colour.shade], 4.0), 97.0), a, b


def _relit(light: Picture, level: float, goal: float) -> Picture:
    """Lightness whose mean `level` becomes `goal`; black stays black and white stays white."""
    gamma = np.log(goal / 100) / np.log(np.clip(level, 5, 96) / 100)
    bent = 100 * np.power(np.clip(light, 0, 100) / 100, gamma)
    return np.asarray(np.clip(0.5 * bent + 0.5 * (light + goal - level), 0, 100), np.float32)


def _main_share(light: Picture, chroma: Picture, hue: Picture, cover: Picture) -> Picture:
    """How much of each pixel is the thing's main colour, (H,W) in [0,1]."""
    coloured = cover * np.clip((chroma - GREY) / GREY, 0, 1)
    total = max(float(cover.sum()), 1e-6)
    if coloured.sum() >= COLOURFUL * total:
        peak = _peak(hue, coloured * np.sqrt(chroma))
        near = 1 - _step((np.abs(_apart(hue, peak)) - _NEAR) / (_FAR - _NEAR))
        return np.asarray(near * _step((chroma - 0.4 * GREY) / (0.9 * GREY)), np.float32)
    grey = cover * (1 - np.clip((chroma - GREY) / GREY, 0, 1))
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
