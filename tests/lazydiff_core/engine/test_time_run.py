"""Short runs that tell what runs cost, and leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from lazydiff_core.backends.fake import FakeBackend
from lazydiff_core.contract import EditRequest
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import Cancelled


class CountingBackend(FakeBackend):
    """Says that it took 7 bytes."""

    @contextmanager
    def counting(self) -> Iterator[Callable[[], int]]:
        yield lambda: 7


def request() -> EditRequest:
    mask = np.zeros((300, 300), np.bool_)
    mask[50:90, 60:99] = True
    return EditRequest(np.full((300, 300, 3), 9, np.uint8), mask, prompt="disc")


@pytest.mark.parametrize(("across", "tokens"), [(1, 1), (2, 4), (8, 64), (99, 256)])
def test_the_hole_has_as_many_tokens_as_asked_for(across: int, tokens: int) -> None:
    result = Engine(FakeBackend()).time_run(across)
    assert result.tokens.hole == tokens
    assert result.steps == 3
    assert 0 < result.seconds["denoise"] < result.seconds["total"]
    assert not result.context_reused


def test_contexts_are_as_they_were() -> None:
    engine = Engine(FakeBackend())
    engine.run(request())
    for across in range(1, 7):  # more than are kept
        assert not engine.time_run(across).context_reused
    assert engine.run(request()).context_reused


def test_it_gives_way() -> None:
    engine = Engine(FakeBackend())
    engine.run(request())
    with pytest.raises(Cancelled):
        engine.time_run(4, lambda: True)
    assert engine.run(request()).context_reused


def test_memory_is_counted_where_the_backend_can() -> None:
    assert Engine(CountingBackend()).time_run(2, counting=True).peak_bytes == 7
    assert Engine(CountingBackend()).time_run(2).peak_bytes == 0
    assert Engine(FakeBackend()).time_run(2, counting=True).peak_bytes == 0
