"""How much fills of a canvas differ between seeds and between prompts."""

from __future__ import annotations

from dataclasses import replace

from lazydiff_core.evaluation import definitions
from lazydiff_core.evaluation.intervals import mean
from lazydiff_core.evaluation.scores.task import Fills, Measured, Run, Score, Setup, Task
from lazydiff_core.evaluation.seams import root_mean_square


def variety(setup: Setup) -> Task:
    """variety, variety_of_words."""
    first = setup.prompted
    step = max(1, len(first.trials) // setup.plan.again)
    again = list(first.trials)[::step][: setup.plan.again]
    other = [
        replace(trial, prompt=following.prompt)
        for trial, following in zip(again, again[1:] + again[:1], strict=True)
    ]

    def measure(fills: Fills) -> Measured:
        by_group = {fill.trial.group: fill.image for fill in fills["prompt"]}
        scores = []
        for definition, run in (
            (definitions.VARIETY, "another seed"),
            (definitions.VARIETY_OF_WORDS, "another prompt"),
        ):
            apart = [
                root_mean_square(f.image, by_group[f.trial.group], f.trial.mask) for f in fills[run]
            ]
            scores.append(Score(definition, mean(apart)))
        return Measured(scores)

    runs = {"prompt": first, "another seed": Run(again, later=1), "another prompt": Run(other)}
    return Task(runs, measure)
