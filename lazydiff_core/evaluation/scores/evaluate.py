"""The table of scores, and `evaluate`, which makes the fills that they need and measures them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from lazydiff_core.contract import EngineInfo
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import InputError
from lazydiff_core.evaluation.fills import Fill, allowed_concepts, fill
from lazydiff_core.evaluation.kit import Kit
from lazydiff_core.evaluation.scores.accuracy import accuracy
from lazydiff_core.evaluation.scores.autoencoder import autoencoder
from lazydiff_core.evaluation.scores.clip_agreement import clip_agreement
from lazydiff_core.evaluation.scores.colours import colours
from lazydiff_core.evaluation.scores.context import context
from lazydiff_core.evaluation.scores.cost import cost
from lazydiff_core.evaluation.scores.edges import edges
from lazydiff_core.evaluation.scores.grounds import grounds
from lazydiff_core.evaluation.scores.surfaces import surfaces
from lazydiff_core.evaluation.scores.task import (
    FULL,
    ClipReference,
    Plan,
    Run,
    Score,
    Setup,
    Sheet,
    Task,
)
from lazydiff_core.evaluation.scores.things import things
from lazydiff_core.evaluation.scores.unknown import unknown
from lazydiff_core.evaluation.scores.variety import variety
from lazydiff_core.generation_settings import DEFAULT_SETTINGS, GenerationSettings
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.checkpoint.checkpoint import load_checkpoint
from lazydiff_core.model.files.config import ARCHITECTURES
from lazydiff_core.model_store.locate import locate_model

GROUPS: Mapping[str, Callable[[Setup], Task]] = {
    "accuracy": accuracy,
    "surfaces": surfaces,
    "colours": colours,
    "things": things,
    "grounds": grounds,
    "unknown": unknown,
    "variety": variety,
    "context": context,
    "edges": edges,
    "autoencoder": autoencoder,
    "cost": cost,
    "clip": clip_agreement,
}


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Everything measured of one engine, its sheets by file stem and its fills by run."""

    model: str
    backend: str
    candidates: int  # concepts that the judge chose among
    scores: tuple[Score, ...]
    sheets: Mapping[str, Sheet]
    fills: Mapping[str, list[Fill]]

    def value(self, name: str) -> float | None:
        """A score's value; None if it was not measured."""
        return next((s.estimate.value for s in self.scores if s.name == name), None)


OnProgress = Callable[[int, int, str], object]


def evaluate(
    engine: Engine,
    kit: Kit,
    codec: LatentCodec | None,
    plan: Plan = FULL,
    settings: GenerationSettings = DEFAULT_SETTINGS,
    clip_reference: ClipReference | None = None,
    on_progress: OnProgress = lambda done, total, what: None,
    only: Sequence[str] = tuple(GROUPS),
) -> Evaluation:
    """Measure an engine; `codec` is its autoencoder, None unless it is a LazyDiff model.

    `only` names the groups of scores to measure; InputError for an unknown group.
    `clip_reference` adds CLIP's scores. `on_progress(done, total, what)` is called after each fill.
    """
    info = engine.info
    setup = Setup(kit, plan, allowed_concepts(kit, info), codec, clip_reference, engine.understood)
    tasks = [GROUPS[name](setup) for name in checked_groups(only)]
    runs = {name: run for task in tasks for name, run in task.runs.items()}
    fills = _fill_all(engine, runs, settings, on_progress)
    measured = [task.measure(fills) for task in tasks]
    return Evaluation(
        model=info.model,
        backend=info.backend,
        candidates=len(setup.concepts),
        scores=tuple(score for part in measured for score in part.scores),
        sheets={stem: sheet for part in measured for stem, sheet in part.sheets.items()},
        fills=fills,
    )


def checked_groups(names: Sequence[str]) -> Sequence[str]:
    """The names, all of which are groups of scores; raises InputError otherwise."""
    unknown = [name for name in names if name not in GROUPS]
    if unknown:
        raise InputError(
            f"There are no scores called {unknown[0]!r}: choose from {', '.join(GROUPS)}."
        )
    return names


def codec_of(model: str, info: EngineInfo) -> LatentCodec | None:
    """The autoencoder of a LazyDiff model folder; None for other kinds of model."""
    if info.backend not in ARCHITECTURES:
        return None
    return load_checkpoint(locate_model(model)).autoencoder.eval()


def _fill_all(
    engine: Engine, runs: Mapping[str, Run], settings: GenerationSettings, on_progress: OnProgress
) -> dict[str, list[Fill]]:
    total, done = sum(len(run.trials) for run in runs.values()), 0
    fills = {}
    for name, run in runs.items():

        def step(what: str = name) -> None:
            nonlocal done
            done += 1
            on_progress(done, total, what)

        seeded = replace(settings, seed=settings.seed + run.later)
        fills[name] = fill(engine, run.trials, seeded, step, run.blender)
    return fills
