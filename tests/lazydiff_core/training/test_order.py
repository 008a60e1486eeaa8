from __future__ import annotations

import tracemalloc
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazydiff_core.training.order import deal, permuted

# What a step costs, in the FLOP of ADR 4: the encoder for each sample, the decoder for each token.
ENCODER, TOKEN = 1.13e12, 0.98e12 / 819
TOKENS = 4096


@given(st.integers(1, 300), st.integers(0, 5))
def test_a_shuffle_has_every_number_once(count: int, key: int) -> None:
    assert sorted(permuted(k, count, key, 1) for k in range(count)) == list(range(count))


def test_shuffles_differ_and_show_no_pattern() -> None:
    orders = [tuple(permuted(k, 500, 3, epoch) for k in range(500)) for epoch in range(20)]
    assert len(set(orders)) == 20
    firsts = np.array(orders)
    assert abs(np.corrcoef(firsts[0], np.arange(500))[0, 1]) < 0.15
    assert abs(np.corrcoef(firsts[0], firsts[1])[0, 1]) < 0.15
    assert firsts.mean(axis=0).std() == pytest.approx(144 / 20**0.5, rel=0.25)


def test_a_shuffle_of_many_takes_no_memory() -> None:
    tracemalloc.start()
    found = {permuted(k, 10**8, 1, 0) for k in range(2000)}
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == 2000
    assert max(found) > 9e7
    assert peak < 1e6


def sizes(count: int, seed: int) -> list[int]:
    """Holes of half a percent to half of the picture, each magnitude equally often."""
    source = np.random.default_rng(seed)
    share = np.exp(source.uniform(np.log(0.005), np.log(0.5), count))
    return np.ceil(share * TOKENS).astype(int).tolist()


def idle(pool: int, ranks: int = 56, steps: int = 96, micro: int = 4) -> float:
    """Share of the time that processes wait for the slowest one of a step."""
    cost = np.zeros((ranks, steps))
    for rank in range(ranks):
        for first in range(0, steps, pool):
            own = sizes(pool * micro, seed=1000 * rank + first)
            for k, hand in enumerate(deal(own, pool, 0, rank, first)):
                cost[rank, first + k] = micro * ENCODER + TOKEN * sum(own[one] for one in hand)
    return float(1 - cost.mean() / cost.max(axis=0).mean())


def test_dealt_processes_wait_little_for_each_other() -> None:
    assert idle(pool=1) > 0.3
    assert idle(pool=32) < 0.1


def test_dealing_changes_no_expected_gradient() -> None:
    """Every sample is dealt once, as often to each step, with the same weight in it."""
    own = sizes(16, seed=3)
    seen = Counter[tuple[int, int]]()
    for trial in range(3000):
        hands = deal(own, 8, trial)
        assert sorted(sample for hand in hands for sample in hand) == list(range(16))
        assert {len(hand) for hand in hands} == {2}
        seen.update((sample, step) for step, hand in enumerate(hands) for sample in hand)
    counts = np.array([seen[sample, step] for sample in range(16) for step in range(8)])
    assert counts.min() > 375 - 5 * 375**0.5
    assert counts.max() < 375 + 5 * 375**0.5


def test_dealing_is_fixed_by_its_key() -> None:
    assert deal([1, 2, 3, 4], 2, 7) == deal([1, 2, 3, 4], 2, 7)
    with pytest.raises(ValueError, match="cannot be dealt"):
        deal([1, 2, 3], 2, 0)
