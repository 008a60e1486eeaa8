from __future__ import annotations

from itertools import count

import pytest

from lazydiff_core.backends.fake import FakeBackend
from lazydiff_core.bench.batch_cost import MASKS, measure_batch
from lazydiff_core.engine.engine import Engine


def test_both_ways_are_timed_and_compared() -> None:
    ticks = count()
    backend = FakeBackend()
    row = measure_batch(Engine(backend), 40, 2, 2, lambda: float(next(ticks)))
    assert (row.apart_seconds, row.together_seconds) == (1.0, 1.0)
    assert row.difference == 0
    assert row.tokens >= 9
    assert backend.contexts_seen == MASKS, "neither way pays for them"
    assert row.to_dict()["gain"] == pytest.approx(1.0)
