"""What the server answers: refusals, and streams of events."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response, StreamingResponse

from lazydiff_core.contract import Pixels
from lazydiff_core.errors import (
    Cancelled,
    DeviceLostError,
    InputError,
    LazyDiffError,
    ModelError,
    OutOfMemoryError,
)
from lazydiff_core.images.writing import encode
from lazydiff_core.remote.wire import progress_document
from lazydiff_core.serve.engine_queue import BusyError, Ticket

_PNG = Path("picture.png")
PULSE_SECONDS = 0.25  # a waiting client hears from the server as often
_STOPPED = 499  # nobody reads it: the client has gone
# The first class that fits decides.
_STATUS: tuple[tuple[type[LazyDiffError], int], ...] = (
    (BusyError, 503),
    (InputError, 422),
    (OutOfMemoryError, 503),
    (DeviceLostError, 503),
    (ModelError, 503),
    (Cancelled, _STOPPED),
)


def generated_png(pixels: Pixels) -> str:
    """Base64 of a PNG that says that parts of the picture were generated."""
    return base64.b64encode(encode(pixels, _PNG, generated=True)).decode("ascii")


class UnreadableError(InputError):
    """A request cannot be read."""


class TooLargeError(InputError):
    """A picture has more pixels than the server takes."""


def error_document(error: LazyDiffError) -> dict[str, str]:
    return {"type": type(error).__name__, "message": str(error)}


def refusal(status: int, sentence: str, kind: str) -> JSONResponse:
    """An answer that says why not, in the form of OpenAI's and of A1111's interface at once."""
    document = {"error": {"type": kind, "message": sentence}, "detail": sentence}
    return JSONResponse(document, status)


def refusal_of(error: LazyDiffError) -> JSONResponse:
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    if isinstance(error, TooLargeError):
        status = 413
    answer = refusal(status, str(error), type(error).__name__)
    if status == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def add_refusals(app: FastAPI) -> None:
    """Let an application answer every error by one sentence."""

    async def of_ours(_request: Request, error: Exception) -> Response:
        assert isinstance(error, LazyDiffError)
        return refusal_of(error)

    async def of_fields(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part != "body")
        sentence = f"{place or 'The request'}: {first['msg']}."
        return refusal(422, sentence, "UnreadableError")

    async def of_http(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        status = 422 if error.status_code == 400 else error.status_code
        return refusal(status, str(error.detail), "UnreadableError")

    app.add_exception_handler(LazyDiffError, of_ours)
    app.add_exception_handler(RequestValidationError, of_fields)
    app.add_exception_handler(HTTPException, of_http)


async def outcome(ticket: Ticket, request: Request) -> Any:
    """The result of a ticket; a client that goes away cancels it. Raises the ticket's error."""
    try:
        async for _ in ticket.reports(PULSE_SECONDS):
            if await request.is_disconnected():
                ticket.cancelled.set()
    finally:
        ticket.cancelled.set()  # no effect on one that is done
    return ticket.result()


def stream(ticket: Ticket) -> StreamingResponse:
    """A ticket with a JSON result as server-sent events: `progress`, then `result` or `error`."""
    return StreamingResponse(_events(ticket), media_type="text/event-stream")


async def _events(ticket: Ticket) -> AsyncIterator[str]:
    try:
        async for progress in ticket.reports(PULSE_SECONDS):
            yield ":\n\n" if progress is None else _event("progress", progress_document(progress))
        try:
            yield _event("result", ticket.result())
        except LazyDiffError as error:
            yield _event("error", error_document(error))
    finally:  # also where the client has closed the connection
        ticket.cancelled.set()


def _event(name: str, document: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(document)}\n\n"
