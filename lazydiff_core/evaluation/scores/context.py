"""Agreement of a regenerated object with the similar objects around it."""

from __future__ import annotations

from collections.abc import Sequence

from lazydiff_core.evaluation import definitions
from lazydiff_core.evaluation.context_agreement import (
    ASPECTS,
    agreement,
    context_agreement,
    grid_trials,
)
from lazydiff_core.evaluation.definitions import Definition
from lazydiff_core.evaluation.scores.task import Fills, Measured, Run, Score, Setup, Sheet, Task
from lazydiff_core.evaluation.trials import truth_of


def context(setup: Setup) -> Task:
    """context_agreement and its three parts."""
    grids = grid_trials(setup.kit, setup.plan.grids)
    parts: list[tuple[Definition, Sequence[str]]] = [(definitions.CONTEXT_AGREEMENT, ASPECTS)]
    parts += [(definitions.CONTEXT_ASPECTS[name], (name,)) for name in ASPECTS]

    def measure(fills: Fills) -> Measured:
        images = [fill.image for fill in fills["context"]]
        drawn, true, random = (
            agreement(setup.kit.judge, grids, shown, setup.allowed)
            for shown in (images, [truth_of(g.trial) for g in grids], [g.other for g in grids])
        )
        captions = [f"{g.trial.prompt}{', tint' if g.tinted else ''}" for g in grids]
        return Measured(
            [Score(d, context_agreement(drawn, true, random, names)) for d, names in parts],
            {"context": Sheet("one of several alike objects regenerated", images, captions)},
        )

    return Task({"context": Run([grid.trial for grid in grids])}, measure)
