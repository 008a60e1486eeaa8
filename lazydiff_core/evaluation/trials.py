"""The canvases and holes of trials, the same for every model: pure functions of kit and seed.

Canvases are SIDE pixels wide; seeds are those reserved for evaluation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGB, Box, Mask
from lazydiff_core.evaluation.kit import Kit
from lazydiff_core.training.backgrounds import draw_background
from lazydiff_core.training.masks import rough_mask
from lazydiff_core.training.pasting import paste, to_bytes
from lazydiff_core.training.scenes import RESERVED_SEED

SIDE = 512
HOLE = (0.22, 0.42)  # range of an object's extent, as a share of the side
OTHERS = (0.15, 0.32)
SNUG = 0.84  # a square of this size lies well inside the hole that was brushed for it

Canvas = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Trial:
    """`image` (SIDE,SIDE,3) uint8 and the hole to fill; `truth`, where known, with it filled.

    `square` is where an object would be pasted; `group` tells trials of one object from others.
    """

    image: RGB
    mask: Mask
    prompt: str
    concept: str
    square: Box
    group: int
    style: str = ""
    truth: RGB | None = None


def prompt_trials(
    kit: Kit, concepts: Sequence[str], first_seed: int = 0, most: int | None = None
) -> list[Trial]:
    """One canvas for each concept, with up to two other objects on it.

    `most` picks so many of the concepts, spread evenly; each keeps the canvas that it has anyway.
    """
    count = len(concepts) if most is None else min(most, len(concepts))
    picked = [k * len(concepts) // count for k in range(count)]
    return [
        _object_trial(kit, concepts[k], "fluent-3d", first_seed + k, k, least_others=0)
        for k in picked
    ]


def heldout_trials(kit: Kit, scenes: int, most: int | None = None) -> list[Trial]:
    """`scenes` canvases for each held-out rendering, among objects drawn in its style.

    `most` picks so many of the renderings, spread evenly.
    """
    count = len(kit.heldout) if most is None else min(most, len(kit.heldout))
    trials = []
    for group in (k * len(kit.heldout) // count for k in range(count)):
        index = kit.heldout[group]
        sticker = kit.bank.stickers[index]
        for scene in range(scenes):
            seed = 100_000 + group * 100 + scene
            trial = _object_trial(kit, sticker.concept, sticker.style, seed, group, least_others=2)
            trials.append(with_truth(trial, kit.bank.pixels[index]))
    return trials


def bare_trials(kit: Kit, count: int) -> list[Trial]:
    """Holes in bare background, to be continued without a prompt; the truth is known."""
    trials = []
    for k in range(count):
        rng = np.random.default_rng(RESERVED_SEED + 200_000 + k)
        canvas = draw_background(rng, SIDE)
        square, mask = _hole(rng)
        image = to_bytes(canvas)
        trials.append(Trial(image, mask, "", "", square, k, truth=image))
    return trials


def truth_of(trial: Trial) -> RGB:
    """The image with the right content in the hole; raises ValueError if it is not known."""
    if trial.truth is None:
        raise ValueError(f"The truth of {trial.prompt!r} is not known.")
    return trial.truth


def with_truth(trial: Trial, sticker: Pixels) -> Trial:
    """The same trial with this RGBA rendering in its hole as the truth."""
    return replace(trial, truth=filled(trial.image, trial.mask, sticker, trial.square))


def filled(image: RGB, mask: Mask, sticker: Pixels, square: Box) -> RGB:
    """The image with a rendering pasted into its hole; what would overhang is cut off."""
    canvas: Canvas = (image / 255).astype(np.float32)
    _paste(canvas, sticker, square)
    return np.where(mask[..., None], to_bytes(canvas), image)


def _object_trial(
    kit: Kit, concept: str, style: str, seed: int, group: int, least_others: int
) -> Trial:
    rng = np.random.default_rng(RESERVED_SEED + seed)
    canvas = draw_background(rng, SIDE)
    others = [k for k in kit.grid_of(style) if kit.bank.stickers[k].concept != concept]
    for _ in range(int(rng.integers(least_others, 3))):
        extent = round(rng.uniform(*OTHERS) * SIDE)
        left, top = (int(v) for v in rng.integers(0, SIDE - extent, 2))
        other = kit.bank.pixels[others[int(rng.integers(len(others)))]]
        _paste(canvas, other, Box(left, top, left + extent, top + extent))
    square, mask = _hole(rng)
    return Trial(to_bytes(canvas), mask, kit.prompt(concept), concept, square, group, style)


def _hole(rng: np.random.Generator) -> tuple[Box, Mask]:
    """A hole brushed around a round thing somewhere, and the square that fits into it."""
    extent = round(rng.uniform(*HOLE) * SIDE)
    left, top = (int(v) for v in rng.integers(0, SIDE - extent, 2))
    return hole_around(Box(left, top, left + extent, top + extent), rng)


def hole_around(box: Box, rng: np.random.Generator) -> tuple[Box, Mask]:
    """A rough mask around the disc in a square box, and the square that fits into it."""
    entity = np.zeros((SIDE, SIDE), np.uint8)
    centre = ((box.left + box.right) // 2, (box.top + box.bottom) // 2)
    cv2.circle(entity, centre, box.width // 2, 1, -1)
    snug = box.grow(-round(box.width * (1 - SNUG) / 2))
    return snug, rough_mask(entity.astype(np.bool_), rng)


def _paste(canvas: Canvas, sticker: Pixels, box: Box) -> None:
    paste(canvas, sticker, (box.top, box.left), box.width)
