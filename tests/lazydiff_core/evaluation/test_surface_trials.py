from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from lazydiff_core.evaluation.surface_share import surface_share
from lazydiff_core.evaluation.surface_trials import (
    CANVASES,
    HOLES_EACH,
    MAX_BEFORE,
    SHAPES,
    surface_of,
    surface_trials,
)
from lazydiff_core.evaluation.surface_words import SURFACES, Surface
from lazydiff_core.evaluation.trials import SIDE, Trial
from lazydiff_core.images.recolouring import recoloured
from lazydiff_core.prompts.parts import Vocabulary
from lazydiff_core.storage.resources import resource
from lazydiff_core.training.pasting import to_bytes
from lazydiff_core.training.surfaces.catalogue import SURFACES as DRAWN
from lazydiff_core.training.surfaces.catalogue import draw_surface
from lazydiff_core.training.vocabulary import SURFACES_SECTION, read_concepts


@pytest.fixture(scope="module")
def trials() -> list[Trial]:
    return surface_trials()


def test_every_surface_gets_its_holes_always_the_same(trials: list[Trial]) -> None:
    assert len(trials) == HOLES_EACH * len(SURFACES) == 120
    assert all(trial.prompt == surface_of(trial).prompt for trial in trials)
    for one, other in zip(trials[:: 4 * HOLES_EACH], surface_trials(10, holes=1), strict=True):
        assert one.prompt == other.prompt
        assert np.array_equal(one.image, other.image)
        assert np.array_equal(one.mask, other.mask)


def test_few_trials_still_vary_in_shape() -> None:
    few = surface_trials(10, holes=1)
    assert len({t.prompt for t in few}) == 10
    whole = sum(bool(t.mask.all()) for t in few)
    assert whole == len(few) // len(SHAPES)
    assert len(CANVASES) == HOLES_EACH


def test_holes_reach_edges_and_corners_and_some_are_everything(trials: list[Trial]) -> None:
    masks = [t.mask for t in trials]
    assert sum(bool(m.all()) for m in masks) == len(masks) // len(SHAPES)
    corners = Counter(bool(m[0, 0] or m[0, -1] or m[-1, 0] or m[-1, -1]) for m in masks)
    inside = sum(not (m[0].any() or m[-1].any() or m[:, 0].any() or m[:, -1].any()) for m in masks)
    assert corners[True] > 40
    assert inside > 5
    assert all(m.mean() > 0.08 for m in masks)


def test_no_canvas_looks_like_the_surface_already(trials: list[Trial]) -> None:
    for trial in trials:
        assert surface_share(trial.image, trial.mask, surface_of(trial)) <= MAX_BEFORE


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    concepts = read_concepts(resource("train/concepts.toml"), (SURFACES_SECTION,))
    return Vocabulary({}, {said: name for name, prompts in concepts.items() for said in prompts})


@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.prompt)
def test_the_true_drawing_of_each_surface_passes(surface: Surface, vocabulary: Vocabulary) -> None:
    part = next(part for part in vocabulary.parts(surface.prompt) if part.meaning)
    drawing = draw_surface(part.meaning, np.random.default_rng(20), SIDE)
    everywhere = np.ones((SIDE, SIDE), np.bool_)
    if part.colour is not None and not part.native:
        drawing = recoloured(drawing, everywhere.astype(np.float32), part.colour)
    assert surface_share(to_bytes(drawing), everywhere, surface) >= 0.97


def test_the_score_and_the_catalogue_name_the_same_surfaces(vocabulary: Vocabulary) -> None:
    asked = {p.meaning for s in SURFACES for p in vocabulary.parts(s.prompt) if p.meaning}
    assert asked <= set(DRAWN)
    assert set(vocabulary.surfaces.values()) == set(DRAWN)
