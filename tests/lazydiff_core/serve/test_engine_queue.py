"""The queue before the engine: order, cancelling, limits, and an engine that fails."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

import pytest

from lazydiff_core.backends.fake import FakeBackend
from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import Cancelled, DeviceLostError, LazyDiffError, ModelError
from lazydiff_core.serve.engine_queue import BusyError, EngineQueue, Ticket


def fake() -> Engine:
    return Engine(FakeBackend())


def with_queue(script: Any, load: Any = fake, most_waiting: int = 8) -> None:
    engines = EngineQueue(load, most_waiting)
    engines.start()

    async def run() -> None:
        task: Coroutine[Any, Any, None] = script(engines)
        await asyncio.wait_for(task, 10)

    try:
        asyncio.run(run())
    finally:
        engines.close()


async def end_of(ticket: Ticket) -> Any:
    async for _ in ticket.reports(0.1):
        pass
    return ticket.result()


def test_work_is_done_in_turn() -> None:
    done: list[int] = []

    async def script(engines: EngineQueue) -> None:
        tickets = [engines.submit(lambda *_, k=k: done.append(k)) for k in range(5)]
        for ticket in tickets:
            await end_of(ticket)

    with_queue(script)
    assert done == [0, 1, 2, 3, 4]


def test_a_full_queue_says_so_and_loses_nothing() -> None:
    gate = threading.Event()

    async def script(engines: EngineQueue) -> None:
        first = engines.submit(lambda *_: gate.wait(10))
        while engines.current is not first:
            await asyncio.sleep(0.005)
        tickets = [engines.submit(lambda *_, k=k: k) for k in range(2)]
        with pytest.raises(BusyError):
            engines.submit(lambda *_: None)
        gate.set()
        assert [await end_of(ticket) for ticket in tickets] == [0, 1]

    with_queue(script, most_waiting=2)


def test_cancelled_work_is_not_begun() -> None:
    async def script(engines: EngineQueue) -> None:
        gate = threading.Event()
        first = engines.submit(lambda *_: gate.wait(10))
        second = engines.submit(lambda *_: pytest.fail("was begun"))
        second.cancelled.set()
        gate.set()
        await end_of(first)
        with pytest.raises(Cancelled):
            await end_of(second)

    with_queue(script)


def test_a_lost_device_is_loaded_again_for_the_next() -> None:
    loaded: list[Engine] = []

    def load() -> Engine:
        loaded.append(fake())
        return loaded[-1]

    def lose(*_: Any) -> None:
        raise DeviceLostError("It is gone.")

    async def script(engines: EngineQueue) -> None:
        with pytest.raises(DeviceLostError):
            await end_of(engines.submit(lose))
        assert await end_of(engines.submit(lambda engine, *_: engine)) is loaded[1]

    with_queue(script, load)


def test_an_unexpected_fault_ends_its_ticket_only(caplog: pytest.LogCaptureFixture) -> None:
    async def script(engines: EngineQueue) -> None:
        with pytest.raises(LazyDiffError, match="unexpected fault"):
            await end_of(engines.submit(lambda *_: 1 / 0))
        assert await end_of(engines.submit(lambda *_: 7)) == 7

    with_queue(script)
    assert "division by zero" in caplog.text


def test_what_loading_raises_is_raised_by_start() -> None:
    def load() -> Engine:
        raise ModelError("There is no model.")

    with pytest.raises(ModelError):
        EngineQueue(load).start()


def test_closing_ends_what_waits() -> None:
    async def script(engines: EngineQueue) -> None:
        gate = threading.Event()
        engines.submit(lambda _engine, _tell, stop: gate.wait(10))
        waiting = engines.submit(lambda *_: None)
        threading.Timer(0.05, gate.set).start()
        await asyncio.to_thread(engines.close)
        with pytest.raises(Cancelled):
            await end_of(waiting)

    engines = EngineQueue(fake)
    engines.start()
    asyncio.run(script(engines))
