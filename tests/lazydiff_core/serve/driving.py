"""A server of the fake engine on a thread, and plain requests to it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import numpy as np
import uvicorn

from lazydiff_core.backends.fake import FakeBackend
from lazydiff_core.contract import RGB, Mask
from lazydiff_core.engine.engine import Engine
from lazydiff_core.serve.access import Access
from lazydiff_core.serve.application import create_application
from lazydiff_core.serve.engine_queue import EngineQueue

TOKEN = "a token"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Served:
    """A running server."""

    port: int
    engines: EngineQueue

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        token: str = TOKEN,
    ) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        shown = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            connection.request(method, path, body, shown | (headers or {}))
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def post(self, path: str, document: Any) -> Answer:
        body = json.dumps(document).encode()
        return self.ask("POST", path, body, {"Content-Type": "application/json"})

    def post_form(self, path: str, fields: dict[str, str | bytes]) -> Answer:
        """A multipart form; bytes are files."""
        boundary, parts = "boundary", []
        for name, value in fields.items():
            is_file = isinstance(value, bytes)
            extra = f'; filename="{name}.png"' if is_file else ""
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'
            parts.append(head.encode() + (value if is_file else value.encode()) + b"\r\n")
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        return self.ask("POST", path, body, {"Content-Type": kind})


@contextmanager
def serving(
    load: Callable[[], Engine] | None = None,
    step_seconds: float = 0.0,
    port: int = 0,
    **access: Any,
) -> Iterator[Served]:
    """A server of the fake engine on this machine; port 0 = any that is free."""
    engines = EngineQueue(load or (lambda: Engine(FakeBackend(step_seconds=step_seconds))))
    engines.start()
    app = create_application(engines, Access(TOKEN, **access))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Served(port, engines)
    finally:
        server.should_exit = True
        thread.join()
        engines.close()


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "in vain"
        time.sleep(0.005)


def canvas(side: int = 96, seed: int = 0) -> RGB:
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)


def hole(side: int = 96, left: int = 24, across: int = 32) -> Mask:
    mask = np.zeros((side, side), np.bool_)
    mask[left : left + across, left : left + across] = True
    return mask
