"""Trials of single things on quiet canvases: in every colour, and in their own.

Every prompt is a plain noun of the kit's forty things, with or without words of colour.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.evaluation.colour_words import COLOURS, Shade
from lazydiff_core.evaluation.kit import Kit
from lazydiff_core.evaluation.trials import SIDE, Trial
from lazydiff_core.training.colours import plain_nouns
from lazydiff_core.training.scenes import RESERVED_SEED

COLOURED, PLAIN = 168, 224  # sides of the holes, pixels
SHADES: tuple[Shade, ...] = ("", "light", "dark")
# Upper and lower colour of the grounds that things are painted on.
LIGHT = ((255, 255, 255), (255, 255, 255)), ((250, 246, 238), (232, 236, 244))
DEEP = ((70, 78, 92), (96, 100, 108)), ((92, 84, 76), (70, 70, 84))
PALE = 70.0  # lightness from which a colour is hard to tell from a light ground


@dataclass(frozen=True, eq=False)
class ColourTrial(Trial):
    """A thing in a colour of COLOURS, which may be light or dark."""

    colour: str = ""
    shade: Shade = ""


def colour_trials(kit: Kit, count: int | None = None) -> list[ColourTrial]:
    """Each thing in each colour, or so many of these pairs, which differ in both."""
    things = range(len(kit.thing_names))
    pairs = [(k, (5 * k + turn) % len(COLOURS)) for turn in range(len(COLOURS)) for k in things]
    if count is not None and count < len(things):
        pairs = [pairs[k * len(things) // count] for k in range(count)]
    return [_coloured(kit, *pair) for pair in pairs[:count]]


def thing_trials(kit: Kit, count: int | None = None) -> list[Trial]:
    """Each thing as it is, or so many of them; Trial.group is its place in kit.thing_names."""
    things = kit.thing_names
    most = len(things) if count is None else min(count, len(things))
    trials = []
    for k in range(most):
        index = k * len(things) // most
        image, mask, box = _place(index, PLAIN, LIGHT[1])
        noun = noun_of(kit, things[index])
        trials.append(Trial(image, mask, noun, things[index], box, index))
    return trials


def noun_of(kit: Kit, concept: str) -> str:
    """A thing's name without words of colour."""
    return (plain_nouns((kit.prompt(concept),)) or [kit.prompt(concept)])[0]


def _coloured(kit: Kit, thing: int, index: int) -> ColourTrial:
    concept, name = kit.thing_names[thing], tuple(COLOURS)[index]
    colour = COLOURS[name]
    shade = (
        SHADES[(thing // len(SHADES) + thing + index) % len(SHADES)]
        if colour.light is not None
        else ""
    )
    middle = colour.light if shade == "light" else sum(colour.lightness) / 2
    grounds = DEEP if middle is not None and middle >= PALE else LIGHT
    image, mask, box = _place(1000 + 100 * thing + index, COLOURED, grounds[index % 2])
    prompt = " ".join(filter(None, (shade, name, noun_of(kit, concept))))
    return ColourTrial(image, mask, prompt, concept, box, thing, colour=name, shade=shade)


def _place(seed: int, side: int, ground: tuple[tuple[int, ...], ...]) -> tuple[RGB, Mask, Box]:
    """A canvas with a gradient, and a square hole away from its edges."""
    rng = np.random.default_rng(RESERVED_SEED + 600_000 + seed)
    upper, lower = (np.array(colour, np.float32) for colour in ground)
    ramp = np.linspace(0, 1, SIDE, dtype=np.float32)[:, None, None]
    rows = np.rint(upper + (lower - upper) * ramp).astype(np.uint8)
    image = np.ascontiguousarray(np.broadcast_to(rows, (SIDE, SIDE, 3)))
    top, left = (int(v) for v in rng.integers(32, SIDE - side - 32, 2))
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[top : top + side, left : left + side] = True
    return image, mask, Box(left, top, left + side, top + side)
