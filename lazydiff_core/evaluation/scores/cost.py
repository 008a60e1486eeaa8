"""The cost of the fills for the concept accuracy: tokens and seconds."""

from __future__ import annotations

from statistics import median

import numpy as np

from lazydiff_core.evaluation import definitions
from lazydiff_core.evaluation.intervals import bootstrap, mean
from lazydiff_core.evaluation.scores.task import Fills, Measured, Score, Setup, Task


def cost(setup: Setup) -> Task:
    """decoder_tokens, fill_seconds."""

    def measure(fills: Fills) -> Measured:
        tenth = np.array([f.computed / f.area for f in fills["prompt"]]) / 10
        seconds = [f.seconds for f in fills["prompt"]]
        middle = bootstrap(len(seconds), lambda rows: median(seconds[k] for k in rows))
        return Measured(
            [Score(definitions.COMPUTE, mean(tenth)), Score(definitions.SECONDS, middle)]
        )

    return Task({"prompt": setup.prompted}, measure)
