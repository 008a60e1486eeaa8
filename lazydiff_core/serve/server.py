"""Runs the application on a socket until it is interrupted."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from lazydiff_core.engine.engine import Engine
from lazydiff_core.errors import InputError
from lazydiff_core.serve.access import MEBIBYTE, Access
from lazydiff_core.serve.application import create_application
from lazydiff_core.serve.engine_queue import EngineQueue

STOP_SECONDS = 3  # how long open answers may take once the server is stopped


@dataclass(frozen=True)
class Tls:
    """Files of a certificate and its key, in PEM."""

    certificate: Path
    key: Path

    @classmethod
    def of(cls, certificate: Path | None, key: Path | None) -> Tls | None:
        """None where neither is given; raises InputError for a missing file."""
        if certificate is None and key is None:
            return None
        if certificate is None or key is None:
            raise InputError("A certificate and its key belong together: give both.")
        for path in (certificate, key):
            if not path.is_file():
                raise InputError(f"There is no file {path}: check the name.")
        return cls(certificate, key)


def serve(
    load: Callable[[], Engine],
    *,
    host: str,
    port: int,
    token: str,
    max_upload: int = 64,
    tls: Tls | None = None,
    on_ready: Callable[[str], None] = lambda _address: None,
) -> str:
    """Load an engine and serve it until SIGINT or SIGTERM; returns the address it was served at.

    max_upload: largest request in MiB. on_ready: called with the address once it is open.
    Raises what `load` raises, and InputError for an address or certificate that cannot be used.
    """
    listener = _listener(host, port)
    with listener:
        scheme = "http" if tls is None else "https"
        shown, number = listener.getsockname()[:2]
        address = f"{scheme}://{f'[{shown}]' if ':' in shown else shown}:{number}"
        engines = EngineQueue(load)
        engines.start()
        try:
            app = create_application(engines, Access(token, max_upload * MEBIBYTE))
            config = uvicorn.Config(
                app,
                access_log=False,  # requests are nobody's business
                log_level="warning",
                lifespan="off",
                timeout_graceful_shutdown=STOP_SECONDS,
                ssl_certfile=None if tls is None else tls.certificate,
                ssl_keyfile=None if tls is None else tls.key,
            )
            try:
                config.load()
            except OSError as error:  # ssl.SSLError is one
                raise InputError(f"The certificate cannot be used: {error}.") from error
            on_ready(address)
            with suppress(KeyboardInterrupt):  # raised again by uvicorn once it has ended
                uvicorn.Server(config).run(sockets=[listener])
        finally:
            engines.close()
    return address


def _listener(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise InputError(f"{host}:{port} cannot be used: {error.strerror or error}.") from error
