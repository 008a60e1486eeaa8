from __future__ import annotations

import numpy as np
import pytest

from lazydiff_core.evaluation.kit import Kit
from lazydiff_core.evaluation.trials import (
    HOLE,
    SIDE,
    Trial,
    bare_trials,
    heldout_trials,
    prompt_trials,
    truth_of,
    with_truth,
)


def test_one_trial_a_concept_always_the_same(kit: Kit) -> None:
    first, second = (prompt_trials(kit, kit.judge.config.concepts) for _ in range(2))
    assert [t.prompt for t in first] == ["a disc", "a triangle", "a square"]
    for one, other in zip(first, second, strict=True):
        assert np.array_equal(one.image, other.image)
        assert np.array_equal(one.mask, other.mask)
    assert not np.array_equal(first[0].image, first[1].image)


def test_fewer_trials_keep_their_canvases(kit: Kit) -> None:
    every = prompt_trials(kit, kit.judge.config.concepts)
    some = prompt_trials(kit, kit.judge.config.concepts, most=2)
    assert [t.concept for t in some] == ["disc", "triangle"]
    assert np.array_equal(some[1].image, every[1].image)
    assert len(prompt_trials(kit, ("disc",), most=9)) == 1


def test_other_seeds_give_other_canvases(kit: Kit) -> None:
    here, there = (prompt_trials(kit, ("disc",), seed)[0] for seed in (0, 50))
    assert not np.array_equal(here.image, there.image)


def all_trials(kit: Kit) -> list[Trial]:
    return [*prompt_trials(kit, ("disc", "square")), *heldout_trials(kit, 1), *bare_trials(kit, 3)]


def test_canvases_and_holes_are_what_an_engine_takes(kit: Kit) -> None:
    for trial in all_trials(kit):
        assert trial.image.shape == (SIDE, SIDE, 3)
        assert trial.image.dtype == np.uint8
        assert trial.image.flags.c_contiguous
        assert trial.mask.dtype == np.bool_
        extent = np.ptp(np.argwhere(trial.mask), axis=0).max() / SIDE
        assert HOLE[0] <= extent <= HOLE[1] * 1.5


def test_the_square_lies_in_the_hole(kit: Kit) -> None:
    for trial in all_trials(kit):
        part = trial.mask[trial.square.slices]
        assert part.mean() > 0.85
        assert part[:, part.shape[1] // 2].all()


def test_heldout_trials_are_of_heldout_renderings_in_their_style(kit: Kit) -> None:
    trials = heldout_trials(kit, 2)
    assert len(trials) == 2 * len(kit.heldout)
    assert [t.group for t in trials] == [0, 0, 1, 1, 2, 2]
    assert {t.style for t in trials} == {kit.bank.stickers[k].style for k in kit.heldout}
    assert {t.concept for t in trials} == {"disc"}


def test_fewer_heldout_renderings_keep_their_canvases(kit: Kit) -> None:
    every, some = heldout_trials(kit, 1), heldout_trials(kit, 1, most=2)
    assert [t.group for t in some] == [0, 1]
    assert np.array_equal(some[1].image, every[1].image)


def test_a_truth_that_nobody_knows_is_told(kit: Kit) -> None:
    with pytest.raises(ValueError, match="not known"):
        truth_of(prompt_trials(kit, ("disc",))[0])


def test_the_truth_differs_in_the_hole_only(kit: Kit) -> None:
    for trial in heldout_trials(kit, 1):
        assert trial.truth is not None
        changed = (trial.truth != trial.image).any(axis=2)
        assert changed.any()
        assert not (changed & ~trial.mask).any()


def test_a_bare_hole_is_its_own_truth(kit: Kit) -> None:
    trial = bare_trials(kit, 1)[0]
    assert trial.truth is trial.image
    assert trial.prompt == ""


def test_a_rendering_is_pasted_where_the_square_is(kit: Kit) -> None:
    trial = with_truth(prompt_trials(kit, ("square",))[0], kit.bank.pixels[8])
    assert trial.truth is not None
    box = trial.square
    middle = trial.truth[(box.top + box.bottom) // 2, (box.left + box.right) // 2]
    assert middle == pytest.approx(kit.bank.pixels[8, 128, 128, :3], abs=2)
