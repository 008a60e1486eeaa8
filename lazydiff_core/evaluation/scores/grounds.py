"""How far the ground around generated things is from the one that the canvas has."""

from __future__ import annotations

from lazydiff_core.evaluation import definitions
from lazydiff_core.evaluation.ground_trials import ground_trials
from lazydiff_core.evaluation.intervals import mean
from lazydiff_core.evaluation.prompt_sheet import outlined
from lazydiff_core.evaluation.scores.task import Fills, Measured, Run, Score, Setup, Sheet, Task
from lazydiff_core.evaluation.seams import ground_step
from lazydiff_core.evaluation.thing_trials import thing_trials

SINGLE, GROUP = "thing", "group"


def grounds(setup: Setup) -> Task:
    """ground_step, ground_step_groups."""
    runs = {
        SINGLE: Run(thing_trials(setup.kit, setup.plan.things)),
        GROUP: Run(ground_trials(setup.kit, setup.plan.groups)),
    }

    def measure(fills: Fills) -> Measured:
        steps = {
            name: [ground_step(f.image, f.trial.image, f.trial.mask) for f in fills[name]]
            for name in runs
        }
        made = fills[GROUP]
        sheet = Sheet(
            "groups of things on smooth grounds, and how far the ground is from the canvas's",
            [outlined(f.image, f.trial.mask) for f in made],
            [f"{f.trial.prompt} {step:.1f}" for f, step in zip(made, steps[GROUP], strict=True)],
            columns=6,
        )
        return Measured(
            [
                Score(definitions.GROUND_STEP, mean(steps[SINGLE])),
                Score(definitions.GROUND_STEP_GROUPS, mean(steps[GROUP])),
            ],
            {"grounds": sheet},
        )

    return Task(runs, measure)
