"""Runs a model on trials through the engine, and lets the judge classify the results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGB, EditRequest, EngineInfo
from lazydiff_core.engine.engine import Engine
from lazydiff_core.evaluation.judge import Opinion, crop_hole, judge_crops
from lazydiff_core.evaluation.kit import Kit
from lazydiff_core.evaluation.trials import Trial
from lazydiff_core.generation_settings import GenerationSettings

Allowed = npt.NDArray[np.bool_]
OnFill = Callable[[], object]


@dataclass(frozen=True, eq=False)
class Fill:
    """A trial's result; `computed` is decoder tokens x steps, not counting guidance branches."""

    trial: Trial
    image: RGB
    seconds: float
    computed: int
    area: float


def fill(
    engine: Engine,
    trials: Sequence[Trial],
    settings: GenerationSettings,
    on_fill: OnFill,
    blender: str = "poisson",
) -> list[Fill]:
    """Fill the hole of every trial once; `on_fill` is called after each."""
    fills = []
    for trial in trials:
        settings = replace(settings, prompt=trial.prompt, blender=blender)
        result = engine.run(EditRequest(trial.image, trial.mask, settings=settings))
        computed = result.tokens.hole * result.steps
        area = float(trial.mask.mean())
        fills.append(Fill(trial, result.image, result.seconds["total"], computed, area))
        on_fill()
    return fills


def allowed_concepts(kit: Kit, info: EngineInfo) -> Allowed:
    """(C,) bool: the judge's classes that the model was trained on; all if it declares none."""
    prompts = kit.judge.config.prompts
    known = np.array([prompt in info.concepts for prompt in prompts])
    return known if known.any() else np.ones(len(prompts), np.bool_)


@dataclass(frozen=True, eq=False)
class Verdict:
    """The judge's answers for N pictures: the concept named, and whether it is the prompt's."""

    named: tuple[str, ...]
    right: npt.NDArray[np.bool_]
    opinion: Opinion


def judge_images(
    kit: Kit, trials: Sequence[Trial], images: Sequence[RGB], allowed: Allowed
) -> Verdict:
    """Judge the hole of each image, choosing among the allowed concepts."""
    crops = [crop_hole(image, t.mask) for image, t in zip(images, trials, strict=True)]
    opinion = judge_crops(kit.judge, crops)
    names = kit.judge.config.concepts
    named = tuple(names[k] for k in (opinion.concepts * allowed).argmax(1))
    right = np.array([n == t.concept for n, t in zip(named, trials, strict=True)])
    return Verdict(named, right, opinion)
