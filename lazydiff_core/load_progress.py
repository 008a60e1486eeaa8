"""What a model that is being loaded tells whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

# Called with (done, total); may raise Cancelled, which ends the work.
OnMeasure: TypeAlias = Callable[[int, int], None]

_listener: ContextVar[OnMeasure | None] = ContextVar("listener", default=None)


@contextmanager
def hearing_of_measures(listener: OnMeasure) -> Iterator[None]:
    """Within the block, hear how far a measurement is that a model needs once."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell_of_measure(done: int, total: int) -> None:
    """Tell whoever listens, if anyone does."""
    listener = _listener.get()
    if listener is not None:
        listener(done, total)
