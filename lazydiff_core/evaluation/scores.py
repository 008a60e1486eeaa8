"""The scores of a model, each with its definition. `evaluate` runs them all; ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
import numpy.typing as npt
import torch

from lazydiff_core.contract import RGB, EngineInfo
from lazydiff_core.engine.engine import Engine
from lazydiff_core.evaluation import definitions
from lazydiff_core.evaluation.clip import Clip, clip_scores, image_features
from lazydiff_core.evaluation.context_agreement import (
    ASPECTS,
    GridTrial,
    agreement,
    context_agreement,
    grid_trials,
)
from lazydiff_core.evaluation.definitions import Definition
from lazydiff_core.evaluation.fills import (
    Allowed,
    Fill,
    Verdict,
    allowed_concepts,
    fill,
    judge_images,
)
from lazydiff_core.evaluation.frechet import Moments, frechet_distance, moments
from lazydiff_core.evaluation.intervals import Estimate, bootstrap, mean, share, spread
from lazydiff_core.evaluation.judge import as_tensor
from lazydiff_core.evaluation.kit import Kit
from lazydiff_core.evaluation.seams import colour_shift, seam_jump, unlikeness
from lazydiff_core.evaluation.trials import (
    Trial,
    bare_trials,
    heldout_trials,
    prompt_trials,
)
from lazydiff_core.generation_settings import DEFAULT_SETTINGS, GenerationSettings
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.checkpoint.checkpoint import load_checkpoint
from lazydiff_core.model.files.config import ARCHITECTURES
from lazydiff_core.model_store.locate import locate_model
from lazydiff_core.training.autoencoder_trainer import psnr


@dataclass(frozen=True)
class Plan:
    """How many trials of each kind; `concepts` None = every trained concept."""

    concepts: int | None = None
    heldout_scenes: int = 2
    grids: int = 48
    bare: int = 48
    pictures: int = 24
    again: int = 48


FULL = Plan()
QUICK = Plan(concepts=24, heldout_scenes=1, grids=9, bare=8, pictures=6, again=8)


@dataclass(frozen=True, eq=False)
class Score:
    """A definition and what was measured."""

    definition: Definition
    estimate: Estimate

    @property
    def name(self) -> str:
        return self.definition.name


@dataclass(frozen=True, eq=False)
class Judged:
    """Fills of prompts and what the judge said of them."""

    fills: list[Fill]
    verdict: Verdict


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Everything measured of one engine; `prompted` and the rest are kept to be looked at."""

    model: str
    backend: str
    prompts: dict[str, str]  # of the concepts that the judge chose among
    scores: tuple[Score, ...]
    prompted: Judged
    heldout: Judged
    grids: list[tuple[GridTrial, Fill]]
    bare: list[Fill]

    def value(self, name: str) -> float | None:
        """A score's value, None where it could not be measured."""
        return next((s.estimate.value for s in self.scores if s.name == name), None)


@dataclass(frozen=True, eq=False)
class ClipReference:
    """A CLIP to measure with, and its features (N,D) of real pictures, where there are some."""

    clip: Clip
    real: npt.NDArray[np.float32] | None = None


OnProgress = Callable[[int, int, str], object]


class _Counter:
    """Counts fills for the progress bar."""

    def __init__(self, total: int, report: OnProgress) -> None:
        self.done, self.total, self.report, self.what = 0, total, report, ""

    def step(self) -> None:
        self.done += 1
        self.report(self.done, self.total, self.what)


def evaluate(
    engine: Engine,
    kit: Kit,
    codec: LatentCodec | None,
    plan: Plan = FULL,
    settings: GenerationSettings = DEFAULT_SETTINGS,
    clip_reference: ClipReference | None = None,
    on_progress: OnProgress = lambda done, total, what: None,
) -> Evaluation:
    """Measure an engine; `codec` is its autoencoder, None where it has none of ours.

    `clip_reference` adds CLIP's scores.

    `on_progress(done, total, what)` is called after each fill.
    """
    allowed = allowed_concepts(kit, engine.info)
    names = _names(kit, allowed)
    prompts = prompt_trials(kit, names, most=plan.concepts)
    held = [t for t in heldout_trials(kit, plan.heldout_scenes) if t.concept in names]
    grids, bare = grid_trials(kit, plan.grids), bare_trials(kit, plan.bare)
    again = prompts[:: max(1, len(prompts) // plan.again)][: plan.again]
    total = len(prompts) + len(held) + len(grids) + 2 * len(bare) + 2 * len(again)
    counter = _Counter(total, on_progress)

    def run(
        what: str, trials: Sequence[Trial], blender: str = "poisson", later: int = 0
    ) -> list[Fill]:
        counter.what = what
        seeded = replace(settings, seed=settings.seed + later)
        return fill(engine, trials, seeded, counter.step, blender)

    prompted = _judged(kit, run("prompts", prompts), allowed)
    heldout = _judged(kit, run("held-out", held), allowed)
    regrown = run("context", [g.trial for g in grids])
    raw, blended = run("no prompt", bare, "none"), run("no prompt", bare)
    other = [
        replace(trial, prompt=kit.prompt(following.concept))
        for trial, following in zip(again, again[1:] + again[:1], strict=True)
    ]
    twice, otherwise = run("another seed", again, later=1), run("another prompt", other)
    scores = [
        *_accuracy(kit, prompted, heldout, allowed),
        *_distance(kit, prompted),
        *_variety(prompted.fills, twice, otherwise),
        *_context(kit, grids, regrown, allowed),
        *_edges(raw, blended),
        *_reconstruction(codec, held[: plan.pictures]),
        *_costs(prompted.fills),
        *_clip(clip_reference, prompted.fills),
    ]
    info = engine.info
    return Evaluation(
        model=info.model,
        backend=info.backend,
        prompts={name: kit.prompt(name) for name in names},
        scores=tuple(scores),
        prompted=prompted,
        heldout=heldout,
        grids=list(zip(grids, regrown, strict=True)),
        bare=blended,
    )


def codec_of(model: str, info: EngineInfo) -> LatentCodec | None:
    """The autoencoder of a model folder of ours, None for other kinds of model."""
    if info.backend not in ARCHITECTURES:
        return None
    return load_checkpoint(locate_model(model)).autoencoder.eval()


def _names(kit: Kit, allowed: Allowed) -> tuple[str, ...]:
    names = kit.judge.config.concepts
    return tuple(name for name, known in zip(names, allowed, strict=True) if known)


def _judged(kit: Kit, fills: list[Fill], allowed: Allowed) -> Judged:
    trials = [f.trial for f in fills]
    return Judged(fills, judge_images(kit, trials, [f.image for f in fills], allowed))


def _accuracy(kit: Kit, prompted: Judged, heldout: Judged, allowed: Allowed) -> list[Score]:
    trials = [f.trial for f in heldout.fills]
    scores = [Score(definitions.JUDGE_TOP1, share(prompted.verdict.right))]
    if trials:
        real = judge_images(kit, trials, [_truth(t) for t in trials], allowed)
        groups = [t.group for t in trials]
        scores += [
            Score(definitions.JUDGE_TOP1_REAL, mean(real.right, groups)),
            Score(definitions.HELDOUT_TOP1, mean(heldout.verdict.right, groups)),
        ]
    return scores


def _truth(trial: Trial) -> RGB:
    assert trial.truth is not None
    return trial.truth


def _distance(kit: Kit, prompted: Judged) -> list[Score]:
    features = prompted.verdict.opinion.features
    return [Score(definitions.FRECHET, _apart(features, kit.reference))]


def _variety(first: list[Fill], twice: list[Fill], otherwise: list[Fill]) -> list[Score]:
    by_group = {f.trial.group: f for f in first}
    scores = []
    for definition, fills in (
        (definitions.VARIETY, twice), (definitions.VARIETY_OF_WORDS, otherwise),
    ):  # fmt: skip
        before = [by_group[f.trial.group].image for f in fills]
        pairs = zip(fills, before, strict=True)
        apart = [unlikeness(f.image, image, f.trial.mask) for f, image in pairs]
        scores.append(Score(definition, mean(apart)))
    return scores


def _context(kit: Kit, grids: list[GridTrial], fills: list[Fill], allowed: Allowed) -> list[Score]:
    drawn, true, random = (
        agreement(kit.judge, grids, images, allowed)
        for images in (
            [f.image for f in fills],
            [_truth(g.trial) for g in grids],
            [g.other for g in grids],
        )
    )
    parts: list[tuple[Definition, Sequence[str]]] = [(definitions.CONTEXT_AGREEMENT, ASPECTS)]
    parts += [(definitions.CONTEXT_ASPECTS[name], (name,)) for name in ASPECTS]
    return [Score(d, context_agreement(drawn, true, random, names)) for d, names in parts]


def _edges(raw: list[Fill], blended: list[Fill]) -> list[Score]:
    scores = []
    for fills, seam, shift in (
        (raw, definitions.SEAM_BEFORE, definitions.COLOUR_SHIFT),
        (blended, definitions.SEAM_AFTER, definitions.COLOUR_SHIFT_BLENDED),
    ):
        jumps = [seam_jump(f.image, f.trial.mask) for f in fills]
        shifts = [colour_shift(f.image, _truth(f.trial), f.trial.mask) for f in fills]
        scores += [Score(seam, mean(jumps)), Score(shift, mean(shifts))]
    return scores


def _reconstruction(codec: LatentCodec | None, trials: Sequence[Trial]) -> list[Score]:
    if codec is None or not trials:
        return []
    device = next(codec.parameters()).device
    decibels = []
    with torch.inference_mode():
        for trial in trials:
            image = as_tensor(_truth(trial)[None]).to(device)
            decibels.append(psnr(codec.decode(codec.encode(image)).float(), image))
    return [Score(definitions.PSNR, mean(decibels))]


def _costs(fills: list[Fill]) -> list[Score]:
    tenth = np.array([f.computed / f.area for f in fills]) / 10
    seconds = [f.seconds for f in fills]
    return [
        Score(definitions.COMPUTE, mean(tenth)),
        Score(definitions.SECONDS, _median(seconds)),
    ]


def _clip(reference: ClipReference | None, fills: list[Fill]) -> list[Score]:
    if reference is None:
        return []
    features = image_features(reference.clip, [f.image for f in fills])
    prompts = [f.trial.prompt for f in fills]
    scores = [Score(definitions.CLIP_SCORE, mean(clip_scores(reference.clip, features, prompts)))]
    if reference.real is not None:
        scores.append(Score(definitions.CLIP_FRECHET, _apart(features, moments(reference.real))))
    return scores


def _apart(features: npt.NDArray[np.float32], reference: Moments) -> Estimate:
    return spread(
        len(features), lambda rows: 100 * frechet_distance(moments(features[rows]), reference)
    )


def _median(values: Sequence[float]) -> Estimate:
    return bootstrap(len(values), lambda rows: median(values[k] for k in rows))
