from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.engine.priority import BEHIND, give_way


def now() -> int:
    """Niceness of the calling thread."""
    return os.getpriority(os.PRIO_PROCESS, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_a_thread_gives_way_once_and_the_window_stays() -> None:
    before = now()

    def twice() -> tuple[int, int]:
        give_way()
        first = now()
        give_way()
        return first, now()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(twice).result() == (min(19, before + BEHIND),) * 2
    assert now() == before


def test_the_main_thread_never_gives_way() -> None:
    before = now() if sys.platform == "linux" else 0
    give_way()
    assert (now() if sys.platform == "linux" else 0) == before
