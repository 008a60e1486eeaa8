"""`/v1/engine/...`: the engine for our own app on another machine (remote.RemoteEngine)."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import asdict, fields
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from lazydiff_core.contract import RGB, RGBA, EditRequest, IsCancelled, OnProgress
from lazydiff_core.engine.engine import Engine
from lazydiff_core.generation_settings import LIMITS, GenerationSettings
from lazydiff_core.geometry.pixels import with_alpha
from lazydiff_core.geometry.window import Scope
from lazydiff_core.remote import wire
from lazydiff_core.serve.answers import UnreadableError, outcome, refusal, stream
from lazydiff_core.serve.engine_queue import EngineQueue
from lazydiff_core.serve.price import PriceList
from lazydiff_core.serve.uploads import bytes_of, grey_of, pixels_of

KEPT_CANVASES = 4  # so that a client need not send one again


class Canvas(BaseModel):
    """image: base64 of a picture file, or "sha256:..." of one that was sent before; mask: of a
    picture that is white where to paint."""

    image: str
    mask: str


class Context(Canvas):
    scope: Scope = "auto"
    edit: bool = False


class Run(Canvas):
    """cover, sketch, settings, backend: as in EditRequest; pictures as base64 of files."""

    cover: str | None = None
    sketch: str | None = None
    backend: str | None = None
    settings: dict[str, Any] = Field(default_factory=dict)


class Asked(BaseModel):
    """A fill whose price is asked for; mask: as in Canvas."""

    mask: str
    scope: Scope = "auto"
    variants: int = Field(1, ge=1, le=LIMITS["variants"].high)


class Time(BaseModel):
    across: int = Field(ge=1, le=256)
    counting: bool = False


class _UnknownCanvasError(Exception):
    """A request names a canvas that is not kept."""


class _Canvases:
    """The last canvases that clients sent, by digest; for several threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, RGB | RGBA] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, image: str) -> RGB | RGBA:
        if not image.startswith(wire.SENT):
            canvas = pixels_of(bytes_of(image, "image"), "image")
            with self._lock:
                self._keep(wire.digest(canvas), canvas)
            return canvas
        with self._lock:
            if image not in self._kept:
                raise _UnknownCanvasError
            canvas = self._kept[image]
            self._keep(image, canvas)
        return canvas

    def _keep(self, name: str, canvas: RGB | RGBA) -> None:
        self._kept[name] = canvas
        self._kept.move_to_end(name)
        while len(self._kept) > KEPT_CANVASES:
            self._kept.popitem(last=False)


def engine_routes(engines: EngineQueue) -> APIRouter:
    """The routes that run requests of `/v1/engine` on this queue."""
    router = APIRouter(prefix="/v1/engine")
    canvases, prices = _Canvases(), PriceList()

    @router.get("/info")
    async def info() -> dict[str, Any]:
        return wire.info_document(await engines.info())

    @router.post("/run")
    async def run(body: Run) -> Response:
        try:
            request = await run_in_threadpool(_request, body, canvases)
        except _UnknownCanvasError:
            return _unknown_canvas()

        def work(engine: Engine, tell: OnProgress, stop: IsCancelled) -> Any:
            return wire.result_document(engine.run(request, tell, stop))

        return stream(engines.submit(work))

    @router.post("/context")
    async def context(body: Context) -> Response:
        try:
            image = await run_in_threadpool(canvases.find, body.image)
        except _UnknownCanvasError:
            return _unknown_canvas()
        mask = grey_of(bytes_of(body.mask, "mask"), "mask") > 127

        def work(engine: Engine, _tell: OnProgress, stop: IsCancelled) -> Any:
            return {"encoded": engine.prepare(image, mask, body.scope, stop, edit=body.edit)}

        return stream(engines.submit(work))

    @router.post("/price")
    async def price(body: Asked, request: Request) -> dict[str, Any]:
        mask = grey_of(bytes_of(body.mask, "mask"), "mask") > 0

        def work(engine: Engine, _tell: OnProgress, stop: IsCancelled) -> dict[str, Any]:
            return asdict(prices.of(engine, mask, body.scope, body.variants, stop))

        answer: dict[str, Any] = await outcome(engines.submit(work), request)
        return answer

    @router.post("/time")
    async def time(body: Time) -> Response:
        def work(engine: Engine, _tell: OnProgress, stop: IsCancelled) -> Any:
            result = engine.time_run(body.across, stop, counting=body.counting)
            return {**wire.result_document(result), "canvas": wire.png_text(result.canvas)}

        return stream(engines.submit(work))

    return router


def _request(body: Run, canvases: _Canvases) -> EditRequest:
    unknown = set(body.settings) - {row.name for row in fields(GenerationSettings)}
    if unknown:
        raise UnreadableError(f"There is no setting {min(unknown)!r}.")
    try:
        settings = GenerationSettings(**body.settings)
    except TypeError as error:
        raise UnreadableError("A setting has a value of another type.") from error
    if settings.loras:
        raise UnreadableError("LoRAs are files of the server, which no client may name.")
    if settings.references:
        raise UnreadableError("Reference pictures cannot be read from the server's files.")
    if settings.control:
        raise UnreadableError("A control network cannot be read from the server's files.")
    image = canvases.find(body.image)
    cover = None if body.cover is None else grey_of(bytes_of(body.cover, "cover"), "cover")
    sketch = (
        None
        if body.sketch is None
        else with_alpha(pixels_of(bytes_of(body.sketch, "sketch"), "sketch"))
    )
    mask = grey_of(bytes_of(body.mask, "mask"), "mask") > 127
    return EditRequest(
        image, mask, settings=settings, cover=cover, sketch=sketch, backend=body.backend
    )


def _unknown_canvas() -> Response:
    return refusal(409, "The canvas is not there any more: send it again.", "UnknownCanvasError")
