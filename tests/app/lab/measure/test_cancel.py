"""The measurement itself, on a few fills of a slow fake: 200 are the command's."""

from __future__ import annotations

import pytest

from app.lab.measure.cancel import measure


@pytest.mark.slow
def test_cancelled_fills_never_land(qapp: object) -> None:
    found = measure("fake:slow=0.05", 15, seed=3)
    assert found["cancels"] == 15
    assert found["stale"] == 0
    assert 0 < found["worker_p50_ms"] <= found["worker_max_ms"]
