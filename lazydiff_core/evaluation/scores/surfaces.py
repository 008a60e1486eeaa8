"""How much of a hole a requested surface covers, for holes of every shape."""

from __future__ import annotations

import numpy as np

from lazydiff_core.evaluation import definitions
from lazydiff_core.evaluation.intervals import bootstrap, mean
from lazydiff_core.evaluation.prompt_sheet import outlined
from lazydiff_core.evaluation.scores.task import Fills, Measured, Run, Score, Setup, Sheet, Task
from lazydiff_core.evaluation.surface_share import surface_share
from lazydiff_core.evaluation.surface_trials import surface_of, surface_trials


def surfaces(setup: Setup) -> Task:
    """surface_coverage, surface_worst."""
    trials = surface_trials(setup.plan.surfaces, setup.plan.surface_holes)

    def measure(fills: Fills) -> Measured:
        made = fills["surface"]
        shares = np.array([surface_share(f.image, f.trial.mask, surface_of(f.trial)) for f in made])
        groups = np.array([f.trial.group for f in made])
        by_surface = np.array([shares[groups == group].mean() for group in np.unique(groups)])
        worst = bootstrap(len(by_surface), lambda rows: float(by_surface[rows].min()))
        sheet = Sheet(
            "surfaces in holes of every shape, and the share of the hole that each covers",
            [outlined(f.image, f.trial.mask) for f in made],
            [f"{f.trial.prompt} {share:.2f}" for f, share in zip(made, shares, strict=True)],
            columns=6,
        )
        return Measured(
            [
                Score(definitions.SURFACE_COVERAGE, mean(shares, groups)),
                Score(definitions.SURFACE_WORST, worst),
            ],
            {"surfaces": sheet},
        )

    return Task({"surface": Run(trials)}, measure)
