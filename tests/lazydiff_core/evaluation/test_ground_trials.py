from __future__ import annotations

import numpy as np

from lazydiff_core.evaluation.ground_trials import ground_trials
from lazydiff_core.evaluation.kit import Kit


def test_groups_are_asked_for_on_grounds_that_are_seen_always_the_same(kit: Kit) -> None:
    trials = ground_trials(kit, 8)
    for one, other in zip(trials, ground_trials(kit, 8), strict=True):
        assert np.array_equal(one.image, other.image)
        assert np.array_equal(one.mask, other.mask)
        assert 0 < one.mask.mean() < 1
        rows = one.image.astype(int)
        assert not np.diff(rows, axis=1).any()  # flat, or graded downwards
    assert [" and " in trial.prompt for trial in trials] == [True, False] * 4
    assert [len(np.unique(trial.image)) <= 3 for trial in trials] == [True, False, False, False] * 2
