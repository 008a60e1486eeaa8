from __future__ import annotations

from typing import cast

import pytest

from app.lab.measure.heartbeat import measure


@pytest.mark.slow
def test_a_session_is_watched_from_end_to_end(qapp: object) -> None:
    found = measure("fake:slow=0.02", 512, 1)
    worst = cast(dict[str, float], found["worst_own_ms"])
    assert {"brush", "brush while filling", "journal", "undo", "save"} <= set(worst)
    assert 0 < cast(float, found["p50_ms"]) <= cast(float, found["p99_ms"])
    assert cast(float, found["own_p50_ms"]) < 33  # of computing, however busy the machine is
