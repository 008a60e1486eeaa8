"""A group of scores: the fills it needs, and the function that measures them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from lazydiff_core.contract import RGB
from lazydiff_core.evaluation.clip import Clip
from lazydiff_core.evaluation.definitions import Definition
from lazydiff_core.evaluation.fills import Allowed, Fill
from lazydiff_core.evaluation.intervals import Estimate
from lazydiff_core.evaluation.kit import Kit
from lazydiff_core.evaluation.trials import Trial, heldout_trials, prompt_trials
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.prompts.parts import Part


@dataclass(frozen=True)
class Plan:
    """The number of trials of each kind; None = all."""

    concepts: int | None = None
    heldout: int | None = None  # renderings
    heldout_scenes: int = 2
    grids: int = 48
    bare: int = 48
    pictures: int = 24
    again: int = 48
    surfaces: int | None = None
    surface_holes: int = 3
    colours: int | None = None
    things: int | None = None
    groups: int = 24


FULL = Plan()
QUICK = Plan(
    concepts=12, heldout=12, heldout_scenes=1, grids=6, bare=4, pictures=6, again=4,
    surfaces=10, surface_holes=1, colours=24, things=10, groups=4,
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class ClipReference:
    """A CLIP model, and its features (N,D) of real pictures, or None."""

    clip: Clip
    real: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True, eq=False)
class Setup:
    """The inputs of every group of scores.

    allowed:    the judge's concepts that this model was trained on.
    codec:      its autoencoder; None unless it is a LazyDiff model.
    clip:       the CLIP to measure with, or None.
    understood: how the model understands a prompt.
    """

    kit: Kit
    plan: Plan
    allowed: Allowed
    codec: LatentCodec | None = None
    clip: ClipReference | None = None
    understood: Callable[[str], Sequence[Part]] = lambda prompt: (Part(prompt, "text"),)

    @property
    def concepts(self) -> tuple[str, ...]:
        """The concepts that the judge chooses among."""
        names = self.kit.judge.config.concepts
        return tuple(name for name, known in zip(names, self.allowed, strict=True) if known)

    @cached_property
    def prompted(self) -> Run:
        """One fill for each concept; several groups of scores use this run."""
        return Run(prompt_trials(self.kit, self.concepts, most=self.plan.concepts))

    @cached_property
    def heldout(self) -> list[Trial]:
        """Trials of held-out renderings of concepts that the model knows."""
        trials = heldout_trials(self.kit, self.plan.heldout_scenes, self.plan.heldout)
        return [trial for trial in trials if trial.concept in self.concepts]


@dataclass(frozen=True, eq=False)
class Run:
    """Trials to be filled; `later` is added to the seed."""

    trials: Sequence[Trial]
    blender: str = "poisson"
    later: int = 0


@dataclass(frozen=True, eq=False)
class Score:
    """A definition and its measured value."""

    definition: Definition
    estimate: Estimate

    @property
    def name(self) -> str:
        return self.definition.name


@dataclass(frozen=True, eq=False)
class Sheet:
    """A contact sheet: pictures of one size, with a line of text each."""

    title: str
    pictures: Sequence[RGB]
    captions: Sequence[str]
    columns: int = 8
    width: int = 168  # of a picture


@dataclass(frozen=True, eq=False)
class Measured:
    """Scores, and sheets by file stem."""

    scores: Sequence[Score]
    sheets: Mapping[str, Sheet] = field(default_factory=dict)


Fills = Mapping[str, list[Fill]]


@dataclass(frozen=True, eq=False)
class Task:
    """The runs a group of scores needs, by name, and what measures their fills.

    Groups that need the same run give it the same name; it is made once.
    """

    runs: Mapping[str, Run]
    measure: Callable[[Fills], Measured]
