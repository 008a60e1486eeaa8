"""Decides whether a thing has the requested colour, by hue and lightness as people name them.

Colours are ranges of CIELAB's lightness L, chroma C and hue angle h. Neighbouring ranges overlap
where people disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from lazydiff_core.evaluation.seams import Lab

Shade = Literal["", "light", "dark"]
Flags = npt.NDArray[np.bool_]

MIN_AREA = 0.25  # of the thing that must have a colour
MAX_COLOURED = 0.45  # of what is coloured at all that must have the colour
MAX_GREY = 0.5  # of the thing that must be white, grey or black where that is asked
NEUTRAL, DARKEST = 10.0, 14.0  # chroma and lightness below which nothing is coloured


@dataclass(frozen=True)
class Colour:
    """hues: degrees from .. to, None for white, grey and black; chroma and lightness: from .. to.

    light, dark: the median lightness from which and up to which it is called so; None = never.
    """

    name: str
    hues: tuple[float, float] | None
    chroma: tuple[float, float]
    lightness: tuple[float, float]
    light: float | None = None
    dark: float | None = None

    def shaded(self, shade: Shade) -> Colour:
        """The range of the light or dark kind: the pale ones have little chroma, dark ones less."""
        chroma, (low, high) = (self.chroma[0] * 0.5, self.chroma[1]), self.lightness
        if shade == "light":
            return replace(self, chroma=chroma, lightness=(low, min(97.0, high + 22)))
        if shade == "dark":
            return replace(self, chroma=chroma, lightness=(max(6.0, low - 25), high))
        return self


COLOURS = {
    c.name: c
    for c in (
        Colour("red", (350, 44), (38, 140), (18, 66), light=56, dark=44),
        Colour("orange", (44, 82), (35, 140), (46, 90), light=70, dark=62),
        Colour("yellow", (76, 116), (30, 140), (58, 100), light=84, dark=76),
        Colour("green", (108, 175), (14, 140), (15, 95), light=62, dark=48),
        Colour("turquoise", (160, 232), (12, 140), (25, 97), light=70, dark=58),
        Colour("blue", (214, 308), (14, 140), (12, 90), light=58, dark=44),
        Colour("purple", (296, 345), (14, 140), (12, 78), light=54, dark=40),
        Colour("pink", (325, 18), (12, 140), (52, 95), light=74, dark=66),
        Colour("brown", (25, 90), (10, 64), (14, 58), light=46, dark=38),
        Colour("white", None, (0, 14), (80, 101)),
        Colour("grey", None, (0, 14), (22, 83), light=60, dark=48),
        Colour("black", None, (0, 18), (0, 35)),
    )
}


def has_colour(lab: Lab, name: str, shade: Shade = "") -> bool:
    """Whether pixels (N,3) in CIELAB, those of one thing, have that colour on the whole.

    A hue must hold for most of what is coloured at all (eyes and outlines are not) and for a good
    part of the thing; white, grey and black for most of the thing.
    """
    if not len(lab):
        return False
    colour = COLOURS[name].shaded(shade)
    lightness, chroma = lab[:, 0], np.hypot(lab[:, 1], lab[:, 2])
    hit = _within(chroma, colour.chroma) & _within(lightness, colour.lightness)
    if colour.hues is None:
        enough = float(hit.mean()) >= MAX_GREY
    else:
        hit &= _hue_within(lab, colour.hues)
        coloured = hit | ((chroma >= NEUTRAL) & (lightness >= DARKEST))
        enough = hit.mean() >= MIN_AREA and hit.sum() >= MAX_COLOURED * coloured.sum()
    return bool(enough) and _is_shade(lightness[hit], colour, shade)


def _within(values: npt.NDArray[np.float32], bounds: tuple[float, float]) -> Flags:
    return np.asarray((values >= bounds[0]) & (values <= bounds[1]))


def _hue_within(lab: Lab, hues: tuple[float, float]) -> Flags:
    start, end = hues
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1]))
    return np.asarray((hue - start) % 360 <= (end - start) % 360)


def _is_shade(lightness: npt.NDArray[np.float32], colour: Colour, shade: Shade) -> bool:
    middle = float(np.median(lightness))
    if shade == "light":
        return colour.light is not None and middle >= colour.light
    if shade == "dark":
        return colour.dark is not None and middle <= colour.dark
    return True
