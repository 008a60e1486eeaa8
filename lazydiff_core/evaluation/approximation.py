"""The quality that a DiT loses when made lazy: lazy against full runs of the same model and seed.

A full run is blended inpainting, every token at every step. The distance of a run is the root mean
square difference of its latents in the hole, in standard deviations of the latents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from statistics import median
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lazydiff_core.backends.cached_dit.abilities import ReferenceFamily
from lazydiff_core.backends.cached_dit.backend import CachedDit, DitContext, DitText
from lazydiff_core.backends.cached_dit.cache_settings import CacheSettings
from lazydiff_core.backends.cached_dit.family import Family
from lazydiff_core.backends.cached_dit.refresh_run import full_steps
from lazydiff_core.backends.protocols import DenoiseParams, ModelInput, OnStep
from lazydiff_core.contract import RGB, Computed, EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.evaluation.fills import allowed_concepts, judge_images
from lazydiff_core.evaluation.intervals import Estimate, mean, share
from lazydiff_core.evaluation.kit import Kit
from lazydiff_core.evaluation.trials import Trial, heldout_trials
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.geometry.tokens import token_mask

FULL = "full"


@dataclass(frozen=True)
class Way:
    """A way to run a model; `seed` is added to the trial's."""

    name: str
    settings: CacheSettings
    seed: int = 0


WAYS = (
    Way(FULL, CacheSettings("full")),
    Way("full, another seed", CacheSettings("full"), seed=1),
    Way("refresh 2", CacheSettings("refresh", every=2)),
    Way("refresh 5", CacheSettings("refresh", every=5)),
    Way("refresh 10", CacheSettings("refresh", every=10)),
    Way("bank", CacheSettings("bank")),
    Way("refresh 5, fresh noise", CacheSettings("refresh", fresh_noise=True)),
    Way("bank, fresh noise", CacheSettings("bank", fresh_noise=True)),
    Way("refresh 5, last 2 full", CacheSettings("refresh", last_full=2)),
    Way("refresh 5, hole not grown", CacheSettings("refresh", dilate=0)),
    Way("bank, hole not grown", CacheSettings("bank", dilate=0)),
)


_BY_REFERENCE = Way("reference", CacheSettings("reference"))


def ways_of(family: Family) -> tuple[Way, ...]:
    """All ways to run a family."""
    return (*WAYS, _BY_REFERENCE) if isinstance(family, ReferenceFamily) else WAYS


@dataclass(frozen=True, eq=False)
class Row:
    """Results of one way over all trials.

    full: steps that compute the whole canvas; tokens: share of all that are computed in a run;
    distance: to `full`, mean over trials; judge_top1: as in `eval model`; seconds: a run's median.
    """

    way: str
    steps: int
    full: int
    tokens: float
    distance: Estimate
    judge_top1: Estimate
    seconds: float
    pictures: list[RGB] = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The row as JSON values, without pictures and replicates."""
        document = {k: v for k, v in asdict(self).items() if k != "pictures"}
        for name in ("distance", "judge_top1"):
            document[name] = {k: v for k, v in document[name].items() if k != "replicates"}
        return document


class _Remembering(CachedDit):
    """Keeps the latents that the last run made for the tokens of the hole."""

    hole: Tensor
    latents: Tensor

    def __init__(self, family: Family, model: str, settings: CacheSettings) -> None:
        super().__init__(family, model, settings)
        # As if everything were computed: all ways are told the same hole, never a wider one.
        self.info = replace(self.info, computed=Computed(everything=True))

    def encode_context(self, model_input: ModelInput) -> DitContext:
        self.hole = torch.from_numpy(
            np.flatnonzero(token_mask(model_input.mask, self.info.token_pixels))
        ).to(self.family.device)
        return super().encode_context(model_input)

    def denoise(
        self, context: DitContext, text: DitText, params: DenoiseParams, on_step: OnStep
    ) -> Tensor:
        latents = super().denoise(context, text, params, on_step)
        canvas = context.canvas.tokens.clone()
        canvas[:, context.canvas.hole_N] = latents
        self.latents = canvas[0, self.hole]
        return latents


@dataclass(eq=False)
class _Runs:
    """Results of one way so far."""

    backend: _Remembering
    pictures: list[RGB] = field(default_factory=list)
    latents: list[Tensor] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    grown: list[float] = field(default_factory=list)

    def fill(self, trial: Trial, settings: GenerationSettings, seed: int) -> None:
        request = EditRequest(
            trial.image,
            trial.mask,
            settings=replace(settings, prompt=trial.prompt, seed=settings.seed + seed),
        )
        result = Engine(self.backend).run(request)
        self.pictures.append(result.image)
        self.latents.append(self.backend.latents)
        self.seconds.append(result.seconds["denoise"])
        self.grown.append(result.tokens.hole / result.tokens.canvas)


def some_trials(family: Family, kit: Kit, count: int) -> list[Trial]:
    """At most `count` trials of held-out renderings of concepts that the model knows."""
    trials = [
        trial
        for trial in heldout_trials(kit, -(-count // len(kit.heldout)) + 1)
        if not family.concepts or kit.prompt(trial.concept) in family.concepts
    ]
    count = min(count, len(trials))
    return [trials[k * len(trials) // count] for k in range(count)]


def measure_approximation(
    family: Family,
    kit: Kit,
    trials: Sequence[Trial],
    settings: GenerationSettings,
    ways: Sequence[Way] = WAYS,
    on_fill: Callable[[], object] = lambda: None,
) -> list[Row]:
    """Run all ways on each trial in turn; the first way is what the others are compared with."""
    runs = {way: _Runs(_Remembering(family, "model", way.settings)) for way in ways}
    for trial in trials:
        for way, run in runs.items():
            run.fill(trial, settings, way.seed)
            on_fill()
    steps = settings.steps or family.defaults.steps
    best = runs[ways[0]].latents
    return [_row(way, run, best, kit, trials, steps) for way, run in runs.items()]


def _row(
    way: Way, run: _Runs, best: list[Tensor], kit: Kit, trials: Sequence[Trial], steps: int
) -> Row:
    settings = way.settings
    full = {
        "full": steps,
        "refresh": len(full_steps(steps, settings.every, settings.last_full)),
        "bank": 0,
        "reference": 0,
    }[settings.mode]
    grown = float(np.mean(run.grown))
    apart = [
        float((one - other).square().mean().sqrt())
        for one, other in zip(run.latents, best, strict=True)
    ]
    allowed = allowed_concepts(kit, run.backend.info)
    right = judge_images(kit, trials, run.pictures, allowed).right
    return Row(
        way.name,
        steps,
        full,
        (full + (steps - full) * grown) / steps,
        mean(apart),
        share(right),
        median(run.seconds),
        run.pictures,
    )


def text_of(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| way | full steps | tokens computed | distance to full | judge top-1 | seconds |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        far, right = row.distance, row.judge_top1
        lines.append(
            f"| {row.way} | {row.full} of {row.steps} | {row.tokens:.0%} "
            f"| {far.value:.3f} ({far.low:.3f}-{far.high:.3f}) "
            f"| {right.value:.2f} ({right.low:.2f}-{right.high:.2f}) | {row.seconds:.2f} |"
        )
    return "\n".join(lines)
