"""Things in twelve colours: whether they have the colour that was asked for."""

from __future__ import annotations

from lazydiff_core.evaluation import definitions
from lazydiff_core.evaluation.colour_words import has_colour
from lazydiff_core.evaluation.fills import Fill
from lazydiff_core.evaluation.intervals import mean
from lazydiff_core.evaluation.judge import crop_hole
from lazydiff_core.evaluation.scores.task import Fills, Measured, Run, Score, Setup, Sheet, Task
from lazydiff_core.evaluation.seams import to_lab
from lazydiff_core.evaluation.thing_area import shrunk, thing_area
from lazydiff_core.evaluation.thing_trials import ColourTrial, colour_trials

BORDER = 2  # pixels along the outline, where thing and ground mix
MIN_THING = 0.06  # of the hole that must differ from the ground for there to be a thing
WIDTH = 120


def colours(setup: Setup) -> Task:
    """colour_obeyed."""
    trials = colour_trials(setup.kit, setup.plan.colours)

    def measure(fills: Fills) -> Measured:
        made = fills["colour"]
        obeyed = [obeys(fill, trial) for fill, trial in zip(made, trials, strict=True)]
        sheet = Sheet(
            "things in colours (- where the colour is not the one asked for)",
            [crop_hole(f.image, f.trial.mask, WIDTH) for f in made],
            [
                f.trial.prompt if good else f"- {f.trial.prompt}"
                for f, good in zip(made, obeyed, strict=True)
            ],
            columns=12,
            width=WIDTH,
        )
        groups = [trial.group for trial in trials]
        return Measured(
            [Score(definitions.COLOUR_OBEYED, mean(obeyed, groups))], {"colours": sheet}
        )

    return Task({"colour": Run(trials)}, measure)


def obeys(fill: Fill, trial: ColourTrial) -> bool:
    """Whether there is a thing in the hole, and whether it has the colour."""
    area = thing_area(fill.image, trial.image, trial.mask)
    if area.sum() < MIN_THING * trial.mask.sum():
        return False
    inner = shrunk(area, BORDER)
    pixels = fill.image[inner if inner.any() else area]
    return has_colour(to_lab(pixels[None])[0], trial.colour, trial.shade)
