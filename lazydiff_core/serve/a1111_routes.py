"""`/sdapi/v1/...`: the part of AUTOMATIC1111's interface that painting programs' plugins use."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from lazydiff_core.contract import EditRequest, IsCancelled, OnProgress, Progress
from lazydiff_core.engine.engine import Engine
from lazydiff_core.generation_settings import LIMITS, GenerationSettings
from lazydiff_core.geometry.pixels import with_alpha
from lazydiff_core.remote.wire import png_text
from lazydiff_core.serve.answers import UnreadableError, generated_png, outcome
from lazydiff_core.serve.engine_queue import EngineQueue, Ticket
from lazydiff_core.serve.seeds import random_seed
from lazydiff_core.serve.uploads import bytes_of, grey_of, rgb_of

_FROM_PICTURE = 1  # inpainting_fill: the hole starts from what it covers


class Img2Img(BaseModel):
    """The fields that mean something here; others are accepted and have no effect."""

    init_images: list[str] = Field(min_length=1, max_length=1)
    mask: str | None = None
    inpainting_mask_invert: int = 0
    inpainting_fill: int = _FROM_PICTURE
    prompt: str = ""
    negative_prompt: str = ""
    seed: int = -1
    batch_size: int = Field(1, ge=1)
    n_iter: int = Field(1, ge=1)
    steps: int | None = None
    cfg_scale: float | None = None
    sampler_name: str | None = None
    denoising_strength: float = Field(0.75, ge=0, le=1)


def a1111_routes(engines: EngineQueue) -> APIRouter:
    """The routes that run A1111's requests on this queue.

    `progress` and `interrupt` speak of the requests of this interface only: other clients' work is
    neither shown nor stopped.
    """
    router = APIRouter(prefix="/sdapi/v1")
    asked: list[Ticket] = []

    def running() -> Ticket | None:
        return next((ticket for ticket in asked if ticket is engines.current), None)

    @router.post("/img2img")
    async def img2img(body: Img2Img, request: Request) -> dict[str, Any]:
        edit = await run_in_threadpool(_request, body)

        def work(engine: Engine, tell: OnProgress, stop: IsCancelled) -> dict[str, Any]:
            known = edit.settings.sampler in engine.info.samplers  # clients send A1111's names
            settings = edit.settings if known else replace(edit.settings, sampler=None)
            result = engine.run(replace(edit, settings=settings), tell, stop)
            about = {
                "seed": result.seeds[0],
                "all_seeds": list(result.seeds),
                "prompt": edit.settings.prompt,
                "negative_prompt": edit.settings.negative,
                "steps": result.steps,
                "sd_model_name": result.model,
            }
            return {
                "images": [generated_png(result.image_of(k)) for k in range(len(result.patches))],
                "parameters": {},
                "info": json.dumps(about),
            }

        ticket = engines.submit(work)
        asked.append(ticket)
        try:
            answer: dict[str, Any] = await outcome(ticket, request)
        finally:
            asked.remove(ticket)
        return answer

    @router.get("/progress")
    async def progress(skip_current_image: bool = False) -> dict[str, Any]:
        ticket = running()
        now = None if ticket is None else ticket.progress
        return {
            "progress": 0.0 if now is None or not now.steps else now.step / now.steps,
            "eta_relative": 0.0 if now is None else now.seconds_left or 0.0,
            "state": {
                "job_count": len(asked),
                "sampling_step": 0 if now is None else now.step,
                "sampling_steps": 0 if now is None else now.steps,
                "interrupted": ticket is not None and ticket.cancelled.is_set(),
            },
            "current_image": None if skip_current_image else _preview(now),
            "textinfo": None,
        }

    @router.post("/interrupt")
    async def interrupt() -> dict[str, Any]:
        ticket = running()
        if ticket is not None:
            ticket.cancelled.set()
        return {}

    @router.get("/sd-models")
    async def sd_models() -> list[dict[str, Any]]:
        info = await engines.info()
        return [
            {
                "title": info.model,
                "model_name": info.model,
                "hash": info.model_hash[:10],
                "sha256": info.model_hash,
                "filename": info.model,
                "config": None,
            }
        ]

    @router.get("/samplers")
    async def samplers() -> list[dict[str, Any]]:
        info = await engines.info()
        return [{"name": name, "aliases": [], "options": {}} for name in info.samplers]

    @router.get("/options")
    async def options() -> dict[str, Any]:
        return {"sd_model_checkpoint": (await engines.info()).model}

    return router


def _preview(progress: Progress | None) -> str | None:
    """The region that is being painted, as it looks so far."""
    if progress is None or progress.preview is None:
        return None
    return png_text(progress.preview)


def _request(body: Img2Img) -> EditRequest:
    canvas = rgb_of(bytes_of(body.init_images[0], "init_images[0]"), "init_images[0]")
    height, width = canvas.shape[:2]
    if body.mask is None:
        hole = np.ones((height, width), np.bool_)
    else:
        grey = grey_of(bytes_of(body.mask, "mask"), "mask")
        if grey.shape != (height, width):  # A1111 scales it as well
            grey = np.asarray(cv2.resize(grey, (width, height), interpolation=cv2.INTER_NEAREST))
        hole = (grey < 128) if body.inpainting_mask_invert else (grey > 127)
    starts_from_picture = body.inpainting_fill == _FROM_PICTURE and body.denoising_strength < 1
    sketch = with_alpha(canvas) if starts_from_picture else None
    variants = body.batch_size * body.n_iter
    if variants > LIMITS["variants"].high:
        raise UnreadableError(f"Ask for {LIMITS['variants'].high} pictures at most.")
    settings = GenerationSettings(
        prompt=body.prompt,
        negative=body.negative_prompt,
        seed=random_seed() if body.seed < 0 else body.seed,
        variants=variants,
        steps=body.steps,
        guidance=body.cfg_scale,
        sampler=body.sampler_name,
        strength=body.denoising_strength if starts_from_picture else 1.0,
    )
    return EditRequest(canvas, hole, settings=settings, sketch=sketch)
