"""Trials that fill holes with a surface: rectangles, strips, whole canvases and blobs, by seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np

from lazydiff_core.contract import RGB, Mask
from lazydiff_core.evaluation.prompt_sheet import busy, gradient
from lazydiff_core.evaluation.surface_share import surface_share
from lazydiff_core.evaluation.surface_words import SURFACES, Surface
from lazydiff_core.evaluation.trials import SIDE, Trial
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.training.backgrounds import waves
from lazydiff_core.training.scenes import RESERVED_SEED

Rng = np.random.Generator

BLANKS = ((255, 255, 255), (243, 234, 214), (96, 60, 112))
HOLES_EACH = 3  # a surface, on one canvas of each kind
MAX_BEFORE = 0.05  # share of a hole that may look like the surface before it is filled


def surface_trials(surfaces: int | None = None, holes: int = HOLES_EACH) -> list[Trial]:
    """`holes` holes for each surface, or for so many of them, spread evenly over the list.

    Trial.group is the surface's place in SURFACES. No canvas looks like the surface already.
    """
    count = len(SURFACES) if surfaces is None else min(surfaces, len(SURFACES))
    picked = [k * len(SURFACES) // count for k in range(count)]
    return [_trial(k, hole) for k in picked for hole in range(holes)]


def _trial(index: int, hole: int) -> Trial:
    surface, row = SURFACES[index], index // len(SHAPES)  # rows take turns with what comes first
    seed = RESERVED_SEED + 500_000 + 10 * index + hole
    mask = SHAPES[(index + row + hole) % len(SHAPES)](np.random.default_rng(seed))
    canvases = CANVASES[(row + hole) % len(CANVASES)](seed)
    image = next(c for c in canvases if surface_share(c, mask, surface) <= MAX_BEFORE)
    return Trial(image, mask, surface.prompt, surface.prompt, bounding_box(mask), index)


def surface_of(trial: Trial) -> Surface:
    """The surface that a trial asks for."""
    return SURFACES[trial.group]


def _blank(seed: int) -> Iterator[RGB]:
    for colour in BLANKS:
        yield np.full((SIDE, SIDE, 3), colour, np.uint8)


def _graded(seed: int) -> Iterator[RGB]:
    for again in range(100):
        yield gradient(seed + 1000 * again)


def _busy(seed: int) -> Iterator[RGB]:
    for again in range(100):
        yield busy(seed + 1000 * again)


def _rectangle(rng: Rng) -> Mask:
    """A rectangle, mostly at an edge or in a corner."""
    high, wide = (round(v * SIDE) for v in rng.uniform(0.35, 0.75, 2))
    top, left = _start(rng, SIDE - high), _start(rng, SIDE - wide)
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[top : top + high, left : left + wide] = True
    return mask


def _start(rng: Rng, room: int) -> int:
    """At one edge, at the other, or anywhere between."""
    return (0, room, int(rng.integers(0, room)))[int(rng.integers(3))]


def _strip(rng: Rng) -> Mask:
    """A strip from edge to edge, more often horizontal than vertical."""
    thick = round(rng.uniform(0.2, 0.5) * SIDE)
    start = _start(rng, SIDE - thick)
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[start : start + thick] = True
    return mask if rng.random() < 0.6 else mask.T.copy()


def _whole(rng: Rng) -> Mask:
    return np.ones((SIDE, SIDE), np.bool_)


def _blob(rng: Rng) -> Mask:
    """A brushed, closed outline, sometimes cut off by an edge."""
    angles = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    radius = rng.uniform(0.2, 0.36) * SIDE * (1 + 4 * waves(rng, angles / (2 * np.pi), 4))
    centre = rng.uniform(0.2, 0.8, 2) * SIDE
    points = centre + radius[:, None] * np.stack([np.cos(angles), np.sin(angles)], 1)
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(mask, [np.rint(points).astype(np.int32)], 1)
    return mask.astype(np.bool_)


OPEN: tuple[Callable[[Rng], Mask], ...] = (_rectangle, _strip, _blob)  # some canvas is seen
SHAPES = (_rectangle, _strip, _whole, _blob)
CANVASES: tuple[Callable[[int], Iterator[RGB]], ...] = (_blank, _graded, _busy)
