"""Single things against their true renderings: detail, rims, differences."""

from __future__ import annotations

import numpy as np

from lazydiff_core.evaluation import definitions
from lazydiff_core.evaluation.detail import rim, sharpness
from lazydiff_core.evaluation.intervals import bootstrap, mean
from lazydiff_core.evaluation.judge import crop_hole
from lazydiff_core.evaluation.registration import register
from lazydiff_core.evaluation.scores.task import Fills, Measured, Run, Score, Setup, Sheet, Task
from lazydiff_core.evaluation.thing_area import thing_area
from lazydiff_core.evaluation.thing_trials import thing_trials

WIDTH = 168


def things(setup: Setup) -> Task:
    """sharpness, sharpness_worst, rim, rms_to_rendering."""
    kit = setup.kit
    trials = thing_trials(kit, setup.plan.things)

    def measure(fills: Fills) -> Measured:
        sharp, rims, apart, pictures, captions = [], [], [], [], []
        for made in fills["thing"]:
            trial = made.trial
            truth = register(
                made.image, trial.image, trial.square, kit.renderings_of(trial.concept)
            )
            area = thing_area(made.image, trial.image, trial.mask)
            sharp.append(sharpness(made.image, area, truth.picture, truth.cover))
            rims.append(rim(made.image, area) - rim(truth.picture, truth.cover))
            apart.append(truth.difference)
            pictures += [
                crop_hole(image, trial.mask, WIDTH, 0.0) for image in (made.image, truth.picture)
            ]
            captions += [f"{trial.prompt} {sharp[-1]:.2f} {rims[-1]:.1f}", f"rms {apart[-1]:.0f}"]
        values = np.array(sharp)
        return Measured(
            [
                Score(definitions.SHARPNESS, mean(values)),
                Score(
                    definitions.SHARPNESS_WORST,
                    bootstrap(len(values), lambda rows: float(values[rows].min())),
                ),
                Score(definitions.RIM, mean(rims)),
                Score(definitions.RMS_TO_RENDERING, mean(apart)),
            ],
            {
                "things": Sheet(
                    "things, each beside its true rendering (sharpness, rim; difference)",
                    pictures,
                    captions,
                )
            },
        )

    return Task({"thing": Run(trials)}, measure)
