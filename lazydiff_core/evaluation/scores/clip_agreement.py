"""Scores by CLIP, if one was given."""

from __future__ import annotations

from lazydiff_core.evaluation import definitions
from lazydiff_core.evaluation.clip import clip_scores, image_features
from lazydiff_core.evaluation.frechet import moments
from lazydiff_core.evaluation.intervals import mean
from lazydiff_core.evaluation.scores.accuracy import apart
from lazydiff_core.evaluation.scores.task import Fills, Measured, Score, Setup, Task


def clip_agreement(setup: Setup) -> Task:
    """clip_score and clip_frechet; nothing without a CLIP."""
    reference = setup.clip
    if reference is None:
        return Task({}, lambda fills: Measured([]))

    def measure(fills: Fills) -> Measured:
        features = image_features(reference.clip, [f.image for f in fills["prompt"]])
        prompts = [f.trial.prompt for f in fills["prompt"]]
        agreed = clip_scores(reference.clip, features, prompts)
        scores = [Score(definitions.CLIP_SCORE, mean(agreed))]
        if reference.real is not None:
            far = apart(features, moments(reference.real))
            scores.append(Score(definitions.CLIP_FRECHET, far))
        return Measured(scores)

    return Task({"prompt": setup.prompted}, measure)
