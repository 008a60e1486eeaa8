"""Several requests of one canvas in one batch: the same pixels, each with a life of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from lazydiff_core.backends.base import Denoising, Job, OnStep
from lazydiff_core.backends.fake import FakeBackend, FakeContext
from lazydiff_core.contract import EditRequest, EditResult, Outcome, Progress
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import Cancelled, ImageError, OutOfMemoryError

Make = Callable[..., EditRequest]
HOLES = ((4, 4, 20, 18), (30, 6, 44, 30), (8, 26, 22, 44))


@pytest.fixture(scope="module", params=["fake", "tiny"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "fake":
        return Engine(FakeBackend())
    return Engine(request.getfixturevalue("tiny_backend"))


def three(make: Make, **changes: object) -> list[EditRequest]:
    prompts = ("red apple", "green pear", "")
    return [
        make((64, 48), hole, prompt=prompt, seed=seed, steps=3, **changes)
        for hole, prompt, seed in zip(HOLES, prompts, (3, 8, 5), strict=True)
    ]


def results(outcomes: Sequence[tuple[int, Outcome]]) -> dict[int, EditResult]:
    assert all(isinstance(outcome, EditResult) for _, outcome in outcomes), outcomes
    return {number: one for number, one in outcomes if isinstance(one, EditResult)}


def test_they_are_the_same_pixels_as_one_by_one(engine: Engine, make_request: Make) -> None:
    requests = three(make_request)
    requests[1] = dataclasses.replace(requests[1], variants=2, guidance=1.0)
    together = results(list(engine.run_all(requests)))
    assert list(together) == [request.id for request in requests]
    for request in requests:
        alone, one = engine.run(request), together[request.id]
        assert one.seeds == alone.seeds
        assert one.pixels_changed_outside_mask == 0
        for ours, theirs in zip(one.patches, alone.patches, strict=True):
            # A batch may round otherwise than a single run: by one level of 255 at most.
            assert abs(ours.astype(int) - theirs).max() <= 1


def test_the_same_batch_gives_the_same_pixels(engine: Engine, make_request: Make) -> None:
    requests = three(make_request)
    first, again = (results(list(engine.run_all(requests))) for _ in range(2))
    for number, result in first.items():
        assert (result.image == again[number].image).all()


def test_each_tells_its_own_progress(engine: Engine, make_request: Make) -> None:
    news: list[Progress] = []
    requests = three(make_request)
    results(list(engine.run_all(requests, news.append)))
    for request in requests:
        own = [one for one in news if one.id == request.id]
        assert [one.step for one in own if one.stage == "denoise" and one.step] == [1, 2, 3]
        assert own[-1].stage == "blend"


def test_one_that_is_cancelled_drops_out(engine: Engine, make_request: Make) -> None:
    requests = three(make_request)
    gone = requests[1].id
    news: list[Progress] = []

    def is_cancelled(number: int) -> bool:
        return number == gone and any(one.id == gone and one.step == 1 for one in news)

    outcomes = dict(engine.run_all(requests, news.append, is_cancelled))
    assert isinstance(outcomes[gone], Cancelled)
    assert not any(one.id == gone and one.step > 1 for one in news)
    assert not any(one.id == gone and one.stage in ("decode", "blend") for one in news)
    for request in (requests[0], requests[2]):
        outcome, alone = outcomes[request.id], engine.run(request)
        assert isinstance(outcome, EditResult)
        assert abs(outcome.image.astype(int) - alone.image).max() <= 1


def test_one_that_cannot_be_served_hurts_no_other(engine: Engine, make_request: Make) -> None:
    requests = three(make_request)
    requests[0] = dataclasses.replace(requests[0], mask=np.zeros((3, 3), np.bool_))
    outcomes = dict(engine.run_all(requests))
    assert isinstance(outcomes[requests[0].id], ImageError)
    assert all(isinstance(outcomes[r.id], EditResult) for r in requests[1:])


class Counting(FakeBackend):
    """Knows how many it was given at once; its memory may end where there are several."""

    def __init__(self, *, small: bool = False) -> None:
        super().__init__()
        self.small = small
        self.batches: list[int] = []

    def denoise(
        self, context: FakeContext, text: bytes, job: Job, on_step: OnStep
    ) -> np.typing.NDArray[np.float32]:
        self.batches.append(1)
        return super().denoise(context, text, job, on_step)

    def denoise_together(
        self, members: Sequence[Denoising]
    ) -> list[np.typing.NDArray[np.float32] | Exception]:
        self.batches.append(len(members))
        if self.small:
            raise OutOfMemoryError("There is no room for all.")
        return super().denoise_together(members)


def test_only_what_steps_alike_shares_a_batch(make_request: Make) -> None:
    backend = Counting()
    requests = three(make_request)
    requests[1] = dataclasses.replace(requests[1], steps=5)
    results(list(Engine(backend).run_all(requests)))
    assert backend.batches == [2, 1]


def test_a_backend_that_does_not_pack_runs_them_one_by_one(make_request: Make) -> None:
    backend = Counting()
    backend.info = dataclasses.replace(backend.info, packs=False)
    results(list(Engine(backend).run_all(three(make_request))))
    assert backend.batches == [1, 1, 1]


def test_where_memory_ends_for_all_there_may_be_room_for_each(make_request: Make) -> None:
    backend = Counting(small=True)
    results(list(Engine(backend).run_all(three(make_request))))
    assert backend.batches == [3, 1, 1, 1]
