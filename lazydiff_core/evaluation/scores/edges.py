"""Seams and colour shifts of holes in bare background, filled without a prompt."""

from __future__ import annotations

from lazydiff_core.evaluation import definitions
from lazydiff_core.evaluation.intervals import mean
from lazydiff_core.evaluation.scores.task import Fills, Measured, Run, Score, Setup, Sheet, Task
from lazydiff_core.evaluation.seams import colour_shift, seam_jump
from lazydiff_core.evaluation.trials import bare_trials, truth_of

WITHOUT, WITH = "bare without blending", "bare"
PARTS = (
    (WITHOUT, definitions.SEAM_BEFORE, definitions.COLOUR_SHIFT),
    (WITH, definitions.SEAM_AFTER, definitions.COLOUR_SHIFT_BLENDED),
)


def edges(setup: Setup) -> Task:
    """seam_before, seam_after, colour_shift, colour_shift_blended."""
    trials = bare_trials(setup.kit, setup.plan.bare)

    def measure(fills: Fills) -> Measured:
        scores = []
        for run, seam, shift in PARTS:
            jumps = [seam_jump(f.image, f.trial.mask) for f in fills[run]]
            shifts = [colour_shift(f.image, truth_of(f.trial), f.trial.mask) for f in fills[run]]
            scores += [Score(seam, mean(jumps)), Score(shift, mean(shifts))]
        images = [fill.image for fill in fills[WITH]]
        sheet = Sheet("holes in bare background, no prompt", images, [""] * len(images))
        return Measured(scores, {"no-prompt": sheet})

    return Task({WITHOUT: Run(trials, "none"), WITH: Run(trials)}, measure)
