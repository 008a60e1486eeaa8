from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.evaluation.context_agreement import (
    ASPECTS,
    Agreement,
    GridTrial,
    agreement,
    context_agreement,
    grid_trials,
)
from lazydiff_core.evaluation.kit import KIT_STYLES, Kit


@pytest.fixture(scope="module")
def grids(kit: Kit) -> list[GridTrial]:
    return grid_trials(kit, 9)


def test_grids_visit_every_style_and_concept_and_half_are_tinted(
    kit: Kit, grids: list[GridTrial]
) -> None:
    assert {g.trial.style for g in grids} == set(KIT_STYLES)
    assert {g.trial.concept for g in grids} == set(kit.judge.config.concepts)
    assert [g.tinted for g in grids[:4]] == [False, True, False, True]


def test_neighbours_are_visible_and_alike(grids: list[GridTrial]) -> None:
    for grid in grids:
        assert len(grid.neighbours) in (3, 8)
        parts = [grid.trial.image[box.slices].astype(float).mean((0, 1)) for box in grid.neighbours]
        middles = [
            grid.trial.image[(b.top + b.bottom) // 2, (b.left + b.right) // 2].astype(float)
            for b in grid.neighbours
        ]
        assert np.ptp(middles, axis=0).max() <= 4
        assert len(parts) == len(grid.neighbours)
        for box in grid.neighbours:
            assert not grid.trial.mask[(box.top + box.bottom) // 2, (box.left + box.right) // 2]


def test_a_tint_changes_the_neighbours_colour(kit: Kit, grids: list[GridTrial]) -> None:
    box = grids[1].neighbours[0]
    drawn = grids[1].trial.image[(box.top + box.bottom) // 2, (box.left + box.right) // 2]
    colours = [
        tuple(int(v) for v in kit.bank.pixels[k, 128, 128, :3])
        for k in kit.grids
        if kit.bank.stickers[k].concept == grids[1].trial.concept
    ]
    assert all(np.abs(np.subtract(drawn, colour)).max() > 10 for colour in colours)


def images(grids: list[GridTrial]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    truths = [g.trial.truth for g in grids]
    assert all(truth is not None for truth in truths)
    return [t for t in truths if t is not None], [g.other for g in grids]


def test_the_true_object_has_its_neighbours_colour_and_a_stranger_not(
    kit: Kit, grids: list[GridTrial]
) -> None:
    everything = np.ones(3, bool)
    true, other = (agreement(kit.judge, grids, i, everything) for i in images(grids))
    assert true.tint.mean() > other.tint.mean() + 5
    assert true.tint.max() <= 0


def column(*values: float) -> np.ndarray:
    return np.array(values)


def all_aspects(values: np.ndarray) -> Agreement:
    return Agreement(values, values, values)


def test_truth_scores_one_a_stranger_nought_and_between_lies_between() -> None:
    true, random = all_aspects(column(1, 1, 1, 1)), all_aspects(column(0, 0.2, 0, 0.2))
    assert context_agreement(true, true, random).value == pytest.approx(1)
    assert context_agreement(random, true, random).value == pytest.approx(0)
    half = all_aspects(column(0.55, 0.55, 0.55, 0.55))
    estimate = context_agreement(half, true, random)
    assert estimate.value == pytest.approx(0.5)
    assert estimate.low <= 0.5 <= estimate.high


def test_each_aspect_counts_alike() -> None:
    high, low = column(1, 1), column(0, 0)
    drawn = Agreement(high, low, low)
    score = context_agreement(drawn, all_aspects(high), all_aspects(low)).value
    assert score == pytest.approx(1 / 3)
    alone = context_agreement(drawn, all_aspects(high), all_aspects(low), ASPECTS[:1])
    assert alone.value == pytest.approx(1)
