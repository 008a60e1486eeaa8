"""Runs one request through the stages: window, context, denoising, decoding, blending."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import reduce
from typing import TypeAlias

import numpy as np

from lazydiff_core.backends.protocols import (
    Backend,
    Context,
    DenoiseParams,
    Latents,
    SupportsPrepare,
    Text,
)
from lazydiff_core.blending import BLENDERS, poisson
from lazydiff_core.contract import (
    RGB,
    Box,
    EditRequest,
    EditResult,
    IsCancelled,
    OnProgress,
    Pixels,
    Progress,
    Stage,
    Tokens,
)
from lazydiff_core.engine.context_cache import ContextCache
from lazydiff_core.engine.control_pictures import ControlPicture
from lazydiff_core.engine.model_crop import (
    BLEND_MARGIN,
    ModelCrop,
    crop_for_model,
    cut_sketch,
    pieces_for_model,
)
from lazydiff_core.engine.transparency import laid_over, surroundings
from lazydiff_core.errors import Cancelled
from lazydiff_core.generation_settings import ResolvedSettings
from lazydiff_core.geometry.pixels import count_changed_outside
from lazydiff_core.geometry.resample import uncut
from lazydiff_core.prompts.markup import chosen
from lazydiff_core.prompts.reading import Reading

Clock: TypeAlias = Callable[[], float]  # seconds since a fixed moment

PREVIEW_SECONDS = 0.12


@dataclass(frozen=True, eq=False)
class _Filled:
    """What has become of a box of the canvas; the fields are those of an EditResult."""

    box: Box
    patches: tuple[Pixels, ...]
    tokens: Tokens
    context_reused: bool
    notice: str


class EditRun:
    """The run of one request."""

    def __init__(
        self,
        backend: Backend,
        contexts: ContextCache,
        clock: Clock,
        request: EditRequest,
        on_progress: OnProgress | None,
        is_cancelled: IsCancelled | None,
        *,
        read: Callable[[str, str], Reading],
        references: tuple[RGB, ...] = (),
        control: ControlPicture | None = None,
        one_at_a_time: bool = False,
    ) -> None:
        """one_at_a_time: run the variants one after another, to need memory for one only.

        read: what a prompt is in English, by the language of who wrote it.
        references: the pictures that the prompt may refer to, as in ModelInput.
        control: the picture that the fill follows.
        """
        self.references, self.control = references, control
        self.read = read
        self.one_at_a_time = one_at_a_time
        self.backend, self.contexts, self.request = backend, contexts, request
        self.on_progress, self.is_cancelled = on_progress, is_cancelled
        self.clock = _Stopwatch(clock)
        self.texts: dict[str, Text] = {}
        self.shown = 0.0

    def finish(self) -> EditResult:
        """All stages, in order, for each piece of the hole."""
        request, info = self.request, self.backend.info
        settings = info.resolve(request.settings)
        seeds = tuple(settings.seed + k for k in range(settings.variants))
        pieces = pieces_for_model(request.mask, settings.scope, info)
        filled = self._fill(pieces[0], seeds) if len(pieces) == 1 else self._in_turn(pieces, seeds)
        return EditResult(
            id=request.id,
            box=filled.box,
            patches=filled.patches,
            seeds=seeds,
            seconds=self.clock.finish(),
            tokens=filled.tokens,
            device=info.device,
            backend=info.backend,
            model=info.model,
            steps=settings.steps,
            pixels_changed_outside_mask=self._changed_outside(filled.box, filled.patches),
            context_reused=filled.context_reused,
            canvas=request.image,
            notice=filled.notice,
        )

    def _fill(self, piece: Box, seeds: tuple[int, ...]) -> _Filled:
        """One piece with all stages, for all seeds at once."""
        request, backend = self.request, self.backend
        settings = backend.info.resolve(request.settings)
        with self._stage("context"):
            crop = crop_for_model(
                *(request.image, request.mask, settings.scope, backend.info, piece),
                edit=settings.edit,
                references=self.references,
                control=self.control,
            )
            context, reused = self.contexts.find(crop)
        prompts = [chosen(settings.prompt, seed) for seed in seeds]
        with self._stage("text"):
            texts = [self._text(prompt, settings) for prompt in prompts]
        params = DenoiseParams(settings, seeds, cut_sketch(request, crop.window, crop.ground))
        pictures: list[RGB] = []
        for batch in _batches(prompts, one_at_a_time=self.one_at_a_time):
            own = replace(params, seeds=seeds[batch])
            pictures += self._generate(crop, context, texts[batch.start], own)
        with self._stage("blend"):
            patches = tuple(self._blend(crop, picture) for picture in pictures)
        notice = backend.notice(context) if isinstance(backend, SupportsPrepare) else ""
        return _Filled(piece, patches, backend.tokens(context), reused, notice)

    def _in_turn(self, pieces: list[Box], seeds: tuple[int, ...]) -> _Filled:
        """Piece by piece, each seeing what those before it have become, and none of the others."""
        whole, on_progress, kept = self.request, self.on_progress, self.contexts
        box = reduce(Box.union, pieces)
        images, hole = [whole.image.copy() for _ in seeds], whole.mask.copy()
        done: list[_Filled] = []
        for piece in pieces:
            # Of what the later ones see, nothing comes again with another prompt or seed.
            self.contexts = ContextCache(self.backend.encode_context, 1) if done else kept
            for seed, image in zip(seeds, images, strict=True):
                self.request = replace(whole, image=image, mask=hole, cover=None)
                self.on_progress = _as_part(
                    on_progress, len(done), len(pieces) * len(seeds), piece, box, image
                )
                done.append(self._fill(piece, (seed,)))
                image[piece.slices] = done[-1].patches[0]
            hole[piece.slices] = False
        self.request, self.on_progress, self.contexts = whole, on_progress, kept
        each = done[:: len(seeds)]
        tokens = Tokens(sum(f.tokens.canvas for f in each), sum(f.tokens.hole for f in each))
        patches = (self._laid(image[box.slices][..., :3], box) for image in images)
        return _Filled(
            box,
            tuple(np.ascontiguousarray(patch) for patch in patches),
            tokens,
            done[0].context_reused,
            done[0].notice,
        )

    def _text(self, prompt: str, settings: ResolvedSettings) -> Text:
        """A prompt and the negative one, encoded once."""
        if prompt not in self.texts:
            wanted, negative = (
                self.read(text, settings.language) for text in (prompt, settings.negative)
            )
            # "no hat" among what is to be avoided means the same as "hat" there.
            avoided = (negative.english, negative.avoided, wanted.avoided)
            self.texts[prompt] = self.backend.encode_prompt(
                wanted.english, ", ".join(filter(None, avoided))
            )
        return self.texts[prompt]

    def _generate(
        self, crop: ModelCrop, context: Context, text: Text, params: DenoiseParams
    ) -> list[RGB]:
        """(S,S,3) uint8 pictures of the window, one per seed."""
        with self._stage("denoise"):
            begin = time.perf_counter()

            def on_step(step: int, steps: int, estimate: Latents) -> None:
                self._stop_if_cancelled()
                left = (time.perf_counter() - begin) / step * (steps - step)
                self._report_step(crop, context, step, steps, left, estimate)

            latents = self.backend.denoise(context, text, params, on_step)
        with self._stage("decode"):
            return [self.backend.decode(context, latents, k) for k in range(len(params.seeds))]

    @contextmanager
    def _stage(self, name: Stage) -> Iterator[None]:
        self._stop_if_cancelled()
        if self.on_progress:
            self.on_progress(Progress(self.request.id, name))
        with self.clock.stage(name):
            yield

    def _stop_if_cancelled(self) -> None:
        if self.is_cancelled is not None and self.is_cancelled():
            raise Cancelled("The edit was cancelled; the canvas is as it was.")

    def _report_step(
        self,
        crop: ModelCrop,
        context: Context,
        step: int,
        steps: int,
        left: float,
        estimate: Latents,
    ) -> None:
        """Report a step, with a preview if the last one is old enough."""
        if self.on_progress is None:
            return
        preview = None
        now = time.perf_counter()
        if step < steps and now - self.shown >= PREVIEW_SECONDS:
            picture = self.backend.decode(context, estimate, 0)
            preview = self._laid(uncut(picture, crop.window, crop.box), crop.box)
            self.shown = time.perf_counter()
        box = crop.box if preview is not None else None
        self.on_progress(
            Progress(self.request.id, "denoise", step, steps, left, box=box, preview=preview)
        )

    def _laid(self, fill: RGB, box: Box) -> Pixels:
        """A box of the canvas with (h,w,3) generated pixels in the hole, as soft as the request."""
        canvas, hole, cover = (self.request.image, self.request.mask, self.request.cover)
        part = box.slices
        soft = None if cover is None else cover[part]
        return laid_over(fill, canvas[part], hole[part], soft)

    def _blend(self, crop: ModelCrop, picture: RGB) -> Pixels:
        """Blend on a margin around the hole, where both generated and visible pixels exist."""
        request = self.request
        visible = crop.window.box.clip(Box.of(request.mask.shape))
        around = crop.box.grow(BLEND_MARGIN).clip(visible)
        source = uncut(picture, crop.window, around)
        settings = request.settings
        is_poisson = settings.blender == "poisson"
        blend = poisson.blend_shifts if is_poisson else BLENDERS[settings.blender]
        canvas, hole = surroundings(request.image[around.slices], request.mask[around.slices])
        blended = blend(source, canvas, hole)
        return self._laid(blended[crop.box.relative_to(around).slices], crop.box)

    def _changed_outside(self, box: Box, patches: tuple[Pixels, ...]) -> int:
        """Count the visible pixels that differ in the patches; it must be 0."""
        before, mask = self.request.image[box.slices], self.request.mask[box.slices]
        return sum(count_changed_outside(before, patch, mask) for patch in patches)


def _batches(prompts: list[str], *, one_at_a_time: bool) -> Iterator[slice]:
    """Variants that can be made together: neighbours with the same prompt."""
    start = 0
    for stop in range(1, len(prompts) + 1):
        if stop == len(prompts) or one_at_a_time or prompts[stop] != prompts[start]:
            yield slice(start, stop)
            start = stop


def _as_part(
    on_progress: OnProgress | None, done: int, parts: int, piece: Box, box: Box, image: Pixels
) -> OnProgress | None:
    """Reports one part of a run as what it is of the whole: steps of all, and what is there so far.

    done: parts before this one. box: of the whole hole. image: the canvas before this part.
    """
    if on_progress is None:
        return None

    def report(progress: Progress) -> None:
        preview, steps, left = progress.preview, progress.steps, progress.seconds_left
        if preview is not None:
            so_far = image[box.slices].copy()
            so_far[piece.relative_to(box).slices] = preview
            preview = so_far
        if left is not None and progress.step:
            left += (parts - done - 1) * steps * left / max(steps - progress.step, 1)
        on_progress(
            replace(
                progress,
                step=done * steps + progress.step if steps else 0,
                steps=parts * steps,
                seconds_left=left,
                box=None if preview is None else box,
                preview=preview,
            )
        )

    return report


class _Stopwatch:
    """Seconds spent in each stage."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.start = clock, clock()
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: Stage) -> Iterator[None]:
        begin = self.clock()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + self.clock() - begin

    def finish(self) -> dict[str, float]:
        return self.seconds | {"total": self.clock() - self.start}
