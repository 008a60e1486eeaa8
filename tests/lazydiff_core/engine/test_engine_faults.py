"""What the engine does where memory ends, the device is lost, or a backend meets a fault."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable

import numpy as np
import pytest

from lazydiff_core.backends.fake import FakeBackend, FakeContext
from lazydiff_core.backends.protocols import DenoiseParams, OnStep
from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import DeviceLostError, InputError, OutOfMemoryError

Make = Callable[..., EditRequest]
STAGES = ("text", "context", "denoise", "decode")
KINDS = ("oom", "cuda-oom", "cpu-oom")


def engine(orders: str) -> Engine:
    return Engine.load(f"fake:{orders}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stage", STAGES)
def test_memory_that_ends_once_costs_nothing_but_time(
    make_request: Make, stage: str, kind: str
) -> None:
    request = make_request(variants=3, steps=4)
    result = engine(f"{kind}@{stage}*1").run(request)
    plain = Engine(FakeBackend()).run(request)
    assert result.seeds == plain.seeds
    for patch, expected in zip(result.patches, plain.patches, strict=True):
        assert np.array_equal(patch, expected)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stage", STAGES)
def test_memory_that_ends_again_is_a_typed_error_and_the_next_job_works(
    make_request: Make, stage: str, kind: str
) -> None:
    tried = engine(f"{kind}@{stage}*2")
    request = make_request(steps=4)
    with pytest.raises(OutOfMemoryError, match="smaller mask or fewer variants"):
        tried.run(request)
    assert tried.run(request).pixels_changed_outside_mask == 0


class Hungry(FakeBackend):
    """Has room for one variant, and remembers what it was holding when that ended."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[int] = []
        self.held: weakref.ref[FakeContext] | None = None
        self.was_let_go = False

    def denoise(
        self, context: FakeContext, text: bytes, params: DenoiseParams, on_step: OnStep
    ) -> object:  # type: ignore[override]
        self.batches.append(len(params.seeds))
        if len(params.seeds) > 1:
            self.held = weakref.ref(context)
            raise MemoryError
        self.was_let_go = self.held is None or self.held() is None
        return super().denoise(context, text, params, on_step)


def test_the_second_try_goes_variant_by_variant_with_all_else_let_go(make_request: Make) -> None:
    backend = Hungry()
    gc.disable()  # what is gone must be gone by itself
    try:
        result = Engine(backend).run(make_request(variants=3))
    finally:
        gc.enable()
    assert backend.batches == [3, 1, 1, 1]
    assert len(result.patches) == 3
    assert backend.was_let_go


def test_memory_that_ends_ahead_of_time(make_request: Make) -> None:
    request = make_request()
    with pytest.raises(OutOfMemoryError):
        engine("oom@context").prepare(request.image, request.mask)


@pytest.mark.parametrize("stage", STAGES)
def test_a_lost_device_is_told_from_other_faults(make_request: Make, stage: str) -> None:
    with pytest.raises(DeviceLostError, match="device-side assert"):
        engine(f"assert@{stage}").run(make_request(steps=4))


def test_faults_while_loading() -> None:
    with pytest.raises(OutOfMemoryError):
        engine("oom@load")
    with pytest.raises(DeviceLostError):
        engine("assert@load")


@pytest.mark.parametrize("stage", STAGES)
def test_any_other_fault_is_the_backend_s_own(make_request: Make, stage: str) -> None:
    with pytest.raises(ZeroDivisionError):
        engine(f"error@{stage}").run(make_request(steps=4))


@pytest.mark.parametrize(
    "orders", ["nonsense", "oom@nowhere", "slow=fast", "slow=-1", "oom@text*x"]
)
def test_orders_that_are_none(orders: str) -> None:
    with pytest.raises(InputError):
        engine(orders)


def test_a_slow_one() -> None:
    assert Engine.load("fake:slow=0.01").info.backend == "fake"
