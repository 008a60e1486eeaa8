from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from threading import Thread, current_thread

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.system.garbage import Collector, collect_due
from tests.app.doubles import PATIENCE_MS


class Loop:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def collector(qapp: object) -> Iterator[Collector]:
    was = gc.isenabled()
    parent = QObject()
    yield Collector(parent)
    gc.unfreeze()
    if was:
        gc.enable()


def litter() -> None:
    """More than Python would leave lying about."""
    for _ in range(10 * gc.get_threshold()[0]):
        Loop()


def test_other_threads_collect_nothing_and_this_one_does(
    qtbot: QtBot, collector: Collector
) -> None:
    where = []
    watched = Loop()
    weakref.finalize(watched, lambda: where.append(current_thread()))
    del watched
    thread = Thread(target=litter)
    thread.start()
    thread.join()
    assert not where
    qtbot.waitUntil(lambda: bool(where), timeout=PATIENCE_MS)
    assert where == [current_thread()]


def test_old_garbage_is_found_too(collector: Collector) -> None:
    gone = []
    watched = Loop()
    weakref.finalize(watched, lambda: gone.append(True))
    gc.collect(1)  # it grows old while it is in use
    del watched
    for _ in range(300):
        litter()
        collect_due()
    assert gone


def test_what_is_there_when_it_settles_is_not_looked_through_again(collector: Collector) -> None:
    collector.settle()

    assert gc.get_freeze_count() > 1000


def test_nothing_is_collected_while_something_large_is_loaded(
    qtbot: QtBot, collector: Collector
) -> None:
    collector.wait()
    assert not collector._timer.isActive()
    collector.settle()
    gone: list[bool] = []
    watched = Loop()
    weakref.finalize(watched, lambda: gone.append(True))
    del watched
    litter()
    qtbot.waitUntil(lambda: bool(gone), timeout=PATIENCE_MS)


def test_what_takes_the_place_of_something_loaded_lets_it_go(collector: Collector) -> None:
    gone = []
    model = Loop()
    weakref.finalize(model, lambda: gone.append(True))
    collector.settle()
    del model
    gc.collect()
    assert not gone, "it is not looked through"
    collector.settle()
    assert gone
