from __future__ import annotations

import pytest

from lazydiff_core.backends.fake import FakeBackend
from lazydiff_core.bench.scaling import measure_scaling
from lazydiff_core.engine.engine import Engine


def test_the_same_hole_on_growing_canvases() -> None:
    news: list[str] = []
    rows = measure_scaling(Engine(FakeBackend()), (64, 128), 32, 2, rounds=2, say=news.append)
    assert [(row.canvas, row.hole, row.steps) for row in rows] == [(64, 32, 2), (128, 32, 2)]
    assert [row.share for row in rows] == [pytest.approx(1 / 4), pytest.approx(1 / 16)]
    assert all(row.seconds["total"] > 0 for row in rows)
    assert len(news) == 6
