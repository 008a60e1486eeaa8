"""Several requests of one canvas, one after the other: each with a life of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from lazydiff_core.backends.fake import FakeBackend
from lazydiff_core.contract import EditRequest, EditResult, Progress
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import Cancelled, ImageError

Make = Callable[..., EditRequest]
HOLES = ((4, 4, 20, 18), (30, 6, 44, 30), (8, 26, 22, 44))


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(FakeBackend())


def three(make: Make) -> list[EditRequest]:
    return [make((64, 48), hole, seed=seed, steps=3) for seed, hole in enumerate(HOLES)]


def test_each_is_what_it_is_alone(engine: Engine, make_request: Make) -> None:
    requests = three(make_request)
    news: list[Progress] = []
    outcomes = list(engine.run_all(requests, news.append))
    assert [number for number, _ in outcomes] == [request.id for request in requests]
    for request, (_, outcome) in zip(requests, outcomes, strict=True):
        assert isinstance(outcome, EditResult)
        assert (outcome.image == engine.run(request).image).all()
        own = [one for one in news if one.id == request.id]
        assert [one.step for one in own if one.stage == "denoise" and one.step] == [1, 2, 3]


def test_one_that_is_cancelled_or_cannot_be_served_hurts_no_other(
    engine: Engine, make_request: Make
) -> None:
    requests = three(make_request)
    requests[0] = dataclasses.replace(requests[0], mask=np.zeros((3, 3), np.bool_))
    gone = requests[1].id
    outcomes = dict(engine.run_all(requests, None, lambda number: number == gone))
    assert isinstance(outcomes[requests[0].id], ImageError)
    assert isinstance(outcomes[gone], Cancelled)
    assert isinstance(outcomes[requests[2].id], EditResult)
