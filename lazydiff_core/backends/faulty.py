"""The fake backend with planned faults, for testing how the app handles them.

    lazydiff --backend fake --model "fake:slow=0.2,oom@denoise*1,hang@decode"

`slow=S` makes each step take S seconds. `KIND@STAGE*N` makes the first N visits of a stage fail
(without `*N`, every visit). Stages: load, text, context, denoise (in its second step), decode.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from lazydiff_core.backends.fake import FakeBackend, FakeContext
from lazydiff_core.backends.protocols import DenoiseParams, ModelInput, OnStep
from lazydiff_core.contract import RGB
from lazydiff_core.errors import InputError

PREFIX = "fake:"
STAGES = ("load", "text", "context", "denoise", "decode")
_ORDER = re.compile(r"(?P<kind>[a-z-]+)@(?P<stage>[a-z]+)(\*(?P<times>\d{1,6}))?")
_ALWAYS = 10**9


def _no_memory() -> NoReturn:
    raise MemoryError


def _no_device_memory() -> NoReturn:
    raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB.")


def _no_cpu_memory() -> NoReturn:
    raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")


def _assert() -> NoReturn:
    raise RuntimeError("CUDA error: device-side assert triggered\nCompile with TORCH_USE_CUDA_DSA")


def _error() -> NoReturn:
    raise ZeroDivisionError("a fault to order")


def _hang() -> None:
    threading.Event().wait()


# Kind of fault -> a function that raises it as PyTorch or Python does.
FAULTS: dict[str, Callable[[], None]] = {
    "oom": _no_memory,
    "cuda-oom": _no_device_memory,
    "cpu-oom": _no_cpu_memory,
    "assert": _assert,
    "error": _error,
    "hang": _hang,
}


@dataclass(frozen=True)
class PlannedFault:
    """A fault raised by the first `times` visits of a stage."""

    kind: str
    stage: str
    times: int = _ALWAYS


class FaultyBackend(FakeBackend):
    """The fake backend, which raises the planned faults."""

    def __init__(self, faults: tuple[PlannedFault, ...], step_seconds: float = 0.0) -> None:
        self._planned = faults
        self._visits: Counter[str] = Counter()
        self._visit("load")
        super().__init__("fake", step_seconds)

    def _visit(self, stage: str) -> None:
        self._visits[stage] += 1
        for order in self._planned:
            if order.stage == stage and self._visits[stage] <= order.times:
                FAULTS[order.kind]()

    def encode_prompt(self, prompt: str, negative: str) -> bytes:
        self._visit("text")
        return super().encode_prompt(prompt, negative)

    def encode_context(self, model_input: ModelInput) -> FakeContext:
        self._visit("context")
        return super().encode_context(model_input)

    def denoise(
        self, context: FakeContext, text: bytes, params: DenoiseParams, on_step: OnStep
    ) -> npt.NDArray[np.float32]:
        def visited(step: int, steps: int, estimate: npt.NDArray[np.float32]) -> None:
            if step == min(2, steps):
                self._visit("denoise")
            on_step(step, steps, estimate)

        return super().denoise(context, text, params, visited)

    def decode(self, context: FakeContext, latents: npt.NDArray[np.float32], variant: int) -> RGB:
        self._visit("decode")
        return super().decode(context, latents, variant)


def load(model: str, device: str | None) -> FakeBackend:
    """The fake backend, or one with the faults that a model name of this prefix lists.

    It needs no weights and ignores the device.
    """
    return faulty(model) if model.startswith(PREFIX) else FakeBackend("fake")


def faulty(model: str) -> FaultyBackend:
    """The backend with the faults that a model name lists; InputError if it cannot be read."""
    step_seconds, faults = 0.0, []
    for word in filter(None, model.removeprefix(PREFIX).split(",")):
        found = _ORDER.fullmatch(word)
        if word.startswith("slow="):
            step_seconds = _seconds(word)
        elif found and found["kind"] in FAULTS and found["stage"] in STAGES:
            times = int(found["times"]) if found["times"] else _ALWAYS
            faults.append(PlannedFault(found["kind"], found["stage"], times))
        else:
            raise InputError(f"{word!r} is not a fault; see lazydiff_core/backends/faulty.py.")
    return FaultyBackend(tuple(faults), step_seconds)


def _seconds(word: str) -> float:
    try:
        seconds = float(word.removeprefix("slow="))
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 60:
        raise InputError(f"{word!r} is not a step time: write slow=0.2, at most 60 seconds.")
    return seconds
