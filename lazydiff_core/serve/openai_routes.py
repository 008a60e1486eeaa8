"""`POST /v1/images/edits`, as OpenAI's clients ask for it."""

from __future__ import annotations

import time
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from lazydiff_core.contract import EditRequest, IsCancelled, OnProgress
from lazydiff_core.engine.engine import Engine
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.geometry.pixels import with_alpha
from lazydiff_core.serve.answers import UnreadableError, generated_png, outcome
from lazydiff_core.serve.engine_queue import EngineQueue
from lazydiff_core.serve.seeds import random_seed
from lazydiff_core.serve.uploads import (
    file_field,
    form_of,
    number_field,
    pixels_of,
    text_field,
)


def openai_routes(engines: EngineQueue) -> APIRouter:
    """The route that runs OpenAI's edits on this queue."""
    router = APIRouter(prefix="/v1")

    @router.post("/images/edits")
    async def edits(request: Request) -> dict[str, Any]:
        form = await form_of(request)
        try:
            image = await file_field(form, "image", "image[]")
            mask = await file_field(form, "mask")
            if image is None:
                raise UnreadableError("image is missing: send the picture as a file.")
            settings = _settings(form)
        finally:
            await form.close()
        edit = await run_in_threadpool(_request, image, mask, settings)

        def work(engine: Engine, tell: OnProgress, stop: IsCancelled) -> list[str]:
            result = engine.run(edit, tell, stop)
            return [generated_png(result.image_of(k)) for k in range(settings.variants)]

        pictures = await outcome(engines.submit(work), request)
        return {
            "created": int(time.time()),
            "data": [{"b64_json": picture} for picture in pictures],
            "seed": settings.seed,
        }

    return router


def _settings(form: FormData) -> GenerationSettings:
    if text_field(form, "response_format", "b64_json") != "b64_json":
        raise UnreadableError("Pictures are answered as b64_json only: no file is kept to link to.")
    return GenerationSettings(
        prompt=text_field(form, "prompt"),
        variants=int(number_field(form, "n", 1)),
        seed=int(number_field(form, "seed", random_seed())),
        steps=None if "steps" not in form else int(number_field(form, "steps", 0)),
        strength=number_field(form, "strength", 1),
    )


def _request(image: bytes, mask: bytes | None, settings: GenerationSettings) -> EditRequest:
    """The hole is where the mask, or else the picture itself, is transparent.

    Below a strength of 1, the fill starts from the picture.
    """
    canvas = pixels_of(image, "image")
    clear = with_alpha(canvas if mask is None else pixels_of(mask, "mask"))
    hole = clear[..., 3] < 128
    if not hole.any():
        raise UnreadableError(
            f"The {'image' if mask is None else 'mask'} has no transparent pixels: "
            "they say where to paint."
        )
    sketch = with_alpha(canvas) if settings.strength < 1 else None
    return EditRequest(canvas, hole, settings=settings, sketch=sketch)
