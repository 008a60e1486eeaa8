"""Who may ask, and how much: the token and the size of a request, before anything is read."""

from __future__ import annotations

import base64
import binascii
import secrets
from contextlib import suppress
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lazydiff_core.serve.answers import refusal

MEBIBYTE = 2**20
OPEN_PATHS = ("/health",)


@dataclass(frozen=True)
class Access:
    """token: what a request must show; "" = none is asked for. most_bytes: of a request's body."""

    token: str
    most_bytes: int = 64 * MEBIBYTE


class Gate:
    """ASGI middleware that refuses requests without the token (401) and too large ones (413).

    The token is accepted as a bearer token, as the password of HTTP's basic authentication (any
    user name), or in the header X-API-Key.
    """

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        if scope["path"] not in OPEN_PATHS and not self._is_allowed(connection):
            answer = refusal(401, "This server asks for its token.", "AccessError")
            answer.headers["WWW-Authenticate"] = 'Bearer realm="LazyDiff"'
            await answer(scope, receive, send)
            return
        length = connection.headers.get("content-length", "0")
        if length.isdecimal() and int(length) > self._access.most_bytes:
            await refusal(413, self._sentence, "TooLargeError")(scope, receive, send)
            return
        await self._count(scope, receive, send)

    async def _count(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, and stop as soon as more arrives than it may send."""
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._access.most_bytes:
                raise HTTPException(413, self._sentence)  # FastAPI lets only these through
            return message

        await self._app(scope, counted, send)

    @property
    def _sentence(self) -> str:
        return f"A request may have {self._access.most_bytes // MEBIBYTE} MiB at most."

    def _is_allowed(self, connection: HTTPConnection) -> bool:
        token = self._access.token
        return not token or any(
            secrets.compare_digest(shown.encode(), token.encode()) for shown in _shown(connection)
        )


def _shown(connection: HTTPConnection) -> list[str]:
    """The tokens that a request shows."""
    kind, _, value = connection.headers.get("authorization", "").partition(" ")
    shown = [connection.headers.get("x-api-key", "")]
    if kind.lower() == "bearer":
        shown.append(value.strip())
    elif kind.lower() == "basic":
        with suppress(binascii.Error, UnicodeDecodeError):  # what cannot be read shows nothing
            shown.append(base64.b64decode(value).decode().partition(":")[2])
    return shown
