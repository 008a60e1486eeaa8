"""Whether a model follows the surroundings: one of several similar objects is regenerated.

The paper's contextual test set: only the surroundings tell the object's style and tint. Agreement
is measured three ways, each scaled so that the true object scores 1 and a random other object 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGB, Box
from lazydiff_core.evaluation.intervals import Estimate, Rows, bootstrap
from lazydiff_core.evaluation.judge import Judge, crop_hole, judge_crops
from lazydiff_core.evaluation.kit import KIT_STYLES, Kit
from lazydiff_core.evaluation.seams import to_lab
from lazydiff_core.evaluation.trials import SIDE, Trial, filled, hole_around
from lazydiff_core.training.backgrounds import draw_background
from lazydiff_core.training.colours import tinted
from lazydiff_core.training.pasting import paste, to_bytes
from lazydiff_core.training.scenes import RESERVED_SEED

TINTS = (40.0, 320.0)  # degrees that a tint turns the hue by, as in training
CORE = 0.35  # radius of the disc in which colours are compared, as a share of an object's extent
ASPECTS = ("identity", "style", "tint")

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GridTrial:
    """`trial.truth` has the true object in the hole, `other` a random one.

    `neighbours` are the boxes of the objects that stayed.
    """

    trial: Trial
    other: RGB
    neighbours: tuple[Box, ...]
    tinted: bool


def grid_trials(kit: Kit, count: int) -> list[GridTrial]:
    """Grids of 2x2 or 3x3, cycling through the renderings; every second one is tinted."""
    stickers = [k for style in KIT_STYLES for k in kit.grid_of(style)]
    # This stride visits all styles and concepts even for a few grids.
    stride = next(n for n in range(len(stickers) * 5 // 13, 999) if np.gcd(n, len(stickers)) == 1)
    return [_grid(kit, stickers[k * stride % len(stickers)], k, stickers) for k in range(count)]


def _grid(kit: Kit, index: int, number: int, stickers: list[int]) -> GridTrial:
    rng = np.random.default_rng(RESERVED_SEED + 300_000 + number)
    canvas = draw_background(rng, SIDE)
    sticker, is_tinted = kit.bank.stickers[index], number % 2 == 1
    hue = rng.uniform(*TINTS) if is_tinted else 0.0
    drawn = tinted(kit.bank.pixels[index], hue)
    others = [k for k in stickers if kit.bank.stickers[k].concept != sticker.concept]
    other_index = others[int(rng.integers(len(others)))]
    stranger = tinted(kit.bank.pixels[other_index], rng.uniform(*TINTS))
    boxes = _cells(rng)
    free = boxes.pop(int(rng.integers(len(boxes))))
    for box in boxes:
        paste(canvas, drawn, (box.top, box.left), box.width)
    image = to_bytes(canvas)
    square, mask = hole_around(free, rng)
    truth, other = (filled(image, mask, pixels, square) for pixels in (drawn, stranger))
    prompt = kit.prompt(sticker.concept)
    trial = Trial(image, mask, prompt, sticker.concept, square, number, sticker.style, truth)
    return GridTrial(trial, other, tuple(boxes), is_tinted)


def _cells(rng: np.random.Generator) -> list[Box]:
    """The squares of a jittered grid."""
    across = int(rng.integers(2, 4))
    cell = SIDE / across
    size = round(cell * rng.uniform(0.66, 0.8))
    boxes = []
    for index in range(across**2):
        row, column = divmod(index, across)
        slack = (cell - size) / 2
        top, left = (round(k * cell + slack * (1 + rng.uniform(-0.3, 0.3))) for k in (row, column))
        boxes.append(Box(left, top, left + size, top + size))
    return boxes


@dataclass(frozen=True, eq=False)
class Agreement:
    """How well one filling of N grids agrees with the neighbours; each aspect is (N,).

    identity: the judge names the prompt's concept. style: the probability it gives to the
    neighbours' style. tint: minus the distance, in CIELAB, of mean colours from the neighbours'.
    """

    identity: Values
    style: Values
    tint: Values

    def aspect(self, name: str) -> Values:
        values: Values = getattr(self, name)
        return values


def agreement(
    judge: Judge, grids: Sequence[GridTrial], images: Sequence[RGB], allowed: npt.NDArray[np.bool_]
) -> Agreement:
    """Compare each image's fill with its neighbours; `allowed` (C,): concepts to name."""
    config = judge.config
    crops = [crop_hole(i, g.trial.mask) for i, g in zip(images, grids, strict=True)]
    opinion = judge_crops(judge, crops)
    named = (opinion.concepts * allowed).argmax(1)
    styles = [config.styles.index(g.trial.style) for g in grids]
    identity = [config.concepts[k] == g.trial.concept for k, g in zip(named, grids, strict=True)]
    tint = [-_colour_distance(i, g) for i, g in zip(images, grids, strict=True)]
    return Agreement(
        np.array(identity, np.float64),
        opinion.styles[np.arange(len(grids)), styles].astype(np.float64),
        np.array(tint),
    )


def _colour_distance(image: RGB, grid: GridTrial) -> float:
    colour = _core_colour(image, grid.trial.square)
    around = np.mean([_core_colour(image, box) for box in grid.neighbours], axis=0)
    return float(np.linalg.norm(colour - around))


def _core_colour(image: RGB, box: Box) -> npt.NDArray[np.float32]:
    """Mean CIELAB colour (3,) of the disc in the middle of a box."""
    part = to_lab(image[box.slices])
    ys, xs = np.mgrid[0 : part.shape[0], 0 : part.shape[1]]
    middle = np.hypot(ys - (part.shape[0] - 1) / 2, xs - (part.shape[1] - 1) / 2)
    return np.asarray(part[middle <= CORE * box.width].mean(0))


def context_agreement(
    drawn: Agreement, true: Agreement, random: Agreement, aspects: Sequence[str] = ASPECTS
) -> Estimate:
    """Mean over the aspects of (drawn - random) / (true - random), means over grids each."""

    def score(rows: Rows) -> float:
        parts = []
        for name in aspects:
            low, high = random.aspect(name)[rows].mean(), true.aspect(name)[rows].mean()
            span = max(high - low, 1e-6)
            parts.append((drawn.aspect(name)[rows].mean() - low) / span)
        return float(np.mean(parts))

    return bootstrap(len(drawn.tint), score)
