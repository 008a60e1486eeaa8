"""Whether the judge recognises the prompt's concept, and the distance of the judge's features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGB
from lazydiff_core.evaluation import definitions
from lazydiff_core.evaluation.fills import Fill, Verdict, judge_images
from lazydiff_core.evaluation.frechet import Moments, frechet_distance, moments
from lazydiff_core.evaluation.intervals import Estimate, mean, share, spread
from lazydiff_core.evaluation.judge import crop_hole
from lazydiff_core.evaluation.scores.task import Fills, Measured, Run, Score, Setup, Sheet, Task
from lazydiff_core.evaluation.trials import truth_of

WIDTH = 168  # width of a picture on a sheet, in pixels
LOOSE = 0.15  # margin around the hole, as a share of its box


def accuracy(setup: Setup) -> Task:
    """judge_top1, judge_top1_real, heldout_top1, frechet."""
    kit = setup.kit
    names = {name: kit.prompt(name) for name in setup.concepts}

    def measure(fills: Fills) -> Measured:
        first, held = fills["prompt"], fills["heldout"]
        verdict, held_verdict = _verdict(setup, first), _verdict(setup, held)
        scores = [
            Score(definitions.JUDGE_TOP1, share(verdict.right)),
            *_heldout_scores(setup, held, held_verdict),
            Score(definitions.FRECHET, apart(verdict.opinion.features, kit.reference)),
        ]
        right = verdict.right
        sheets = {
            "judged-right": _sheet(
                "fills that the judge named as asked", first, verdict, names, right
            ),
            "judged-wrong": _sheet(
                "fills that it named otherwise (asked: named)", first, verdict, names, ~right
            ),
            "held-out": _sheet("held-out concept x style", held, held_verdict, names),
        }
        return Measured(scores, sheets)

    return Task({"prompt": setup.prompted, "heldout": Run(setup.heldout)}, measure)


def apart(features: npt.NDArray[np.float32], reference: Moments) -> Estimate:
    """100 x the Frechet distance of features (N,D) from the reference."""
    return spread(
        len(features), lambda rows: 100 * frechet_distance(moments(features[rows]), reference)
    )


def _verdict(setup: Setup, fills: Sequence[Fill]) -> Verdict:
    trials = [fill.trial for fill in fills]
    return judge_images(setup.kit, trials, [fill.image for fill in fills], setup.allowed)


def _heldout_scores(setup: Setup, fills: Sequence[Fill], verdict: Verdict) -> list[Score]:
    trials = [fill.trial for fill in fills]
    if not trials:
        return []
    real = judge_images(setup.kit, trials, [truth_of(t) for t in trials], setup.allowed)
    groups = [trial.group for trial in trials]
    return [
        Score(definitions.JUDGE_TOP1_REAL, mean(real.right, groups)),
        Score(definitions.HELDOUT_TOP1, mean(verdict.right, groups)),
    ]


def _sheet(
    title: str,
    fills: Sequence[Fill],
    verdict: Verdict,
    prompts: Mapping[str, str],
    shown: npt.NDArray[np.bool_] | None = None,
) -> Sheet:
    """A sheet of fills (by default all) with prompts and, if different, the judge's answers."""
    pictures: list[RGB] = []
    captions: list[str] = []
    which = np.ones(len(fills), np.bool_) if shown is None else shown
    for k in map(int, np.flatnonzero(which)):
        trial, said = fills[k].trial, prompts[verdict.named[k]]
        pictures.append(crop_hole(fills[k].image, trial.mask, WIDTH, LOOSE))
        captions.append(trial.prompt if verdict.right[k] else f"{trial.prompt}: {said}")
    return Sheet(title, pictures, captions)
