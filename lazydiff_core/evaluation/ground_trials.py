"""Trials of several things in one hole, on flat and graded canvases: their ground is known."""

from __future__ import annotations

import numpy as np

from lazydiff_core.contract import RGB
from lazydiff_core.evaluation.kit import Kit
from lazydiff_core.evaluation.prompt_sheet import gradient
from lazydiff_core.evaluation.surface_trials import BLANKS, OPEN
from lazydiff_core.evaluation.thing_trials import noun_of
from lazydiff_core.evaluation.trials import SIDE, Trial
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.training.scenes import RESERVED_SEED


def ground_trials(kit: Kit, count: int) -> list[Trial]:
    """So many holes of every shape, in turns for three of a thing and for a pair of things; the
    truth is the canvas, where no thing is."""
    return [_trial(kit, k) for k in range(count)]


def _trial(kit: Kit, k: int) -> Trial:
    seed, things = RESERVED_SEED + 700_000 + k, kit.thing_names
    one, other = (noun_of(kit, things[at % len(things)]) for at in (2 * k, 2 * k + 1))
    plural = f"{one}es" if one.endswith("s") else f"{one}s"
    prompt = f"three {plural}" if k % 2 else f"a {one} and a {other}"
    mask = OPEN[k % len(OPEN)](np.random.default_rng(seed))
    image: RGB = gradient(seed)
    if k % 4 == 0:
        image = np.full((SIDE, SIDE, 3), BLANKS[k // 4 % len(BLANKS)], np.uint8)
    return Trial(
        image, mask, prompt, things[2 * k % len(things)], bounding_box(mask), k, truth=image
    )
