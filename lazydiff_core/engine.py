"""From a request to a result: window, context (cached), denoising, decoding, blending.

Free of torch; a backend does the tensor work. One engine serves one thread.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from lazydiff_core.backends import load_backend, own_backend
from lazydiff_core.backends.base import (
    Backend,
    Context,
    CountsMemory,
    Denoising,
    Job,
    Latents,
    Packs,
    Text,
    View,
    WorksAhead,
)
from lazydiff_core.backends.devices import available_devices
from lazydiff_core.blending import BLENDERS
from lazydiff_core.blending.cover import shown_through
from lazydiff_core.contract import (
    MOST_GUIDANCE,
    MOST_SEED,
    MOST_STEPS,
    MOST_VARIANTS,
    RGB,
    Box,
    EditRequest,
    EditResult,
    EngineInfo,
    IsCancelled,
    Mask,
    OnProgress,
    Outcome,
    Progress,
    Scope,
    Stage,
)
from lazydiff_core.errors import Cancelled, ImageError, InputError, OutOfMemoryError
from lazydiff_core.faults import give_device_memory_back, typed_faults
from lazydiff_core.regions import (
    bounding_box,
    clip,
    count_changed_outside,
    cut,
    cut_mask,
    fill_from_nearest,
    grow,
    uncut,
    whole,
)
from lazydiff_core.sight import Window, choose_window

_log = logging.getLogger(__name__)
Clock: TypeAlias = Callable[[], float]  # seconds from some moment on

CONTEXTS_KEPT = 4
PREVIEW_SECONDS = 0.12
BLEND_MARGIN = 4
REHEARSED_STEPS = 3
BLANK = 127  # what the model sees of a hole: the middle of the range


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


@dataclass(frozen=True, eq=False)
class _Sight:
    """A request's hole as the model sees it."""

    box: Box
    window: Window
    view: View
    key: bytes


class Engine:
    """Runs edits on a loaded backend and remembers the contexts of the last few canvases."""

    def __init__(self, backend: Backend, clock: Clock = time.perf_counter) -> None:
        self._backend, self._clock = backend, clock
        self._devices = available_devices()
        self._contexts: OrderedDict[bytes, Context] = OrderedDict()

    @classmethod
    def load(
        cls, model: str = "bundled", *, backend: str | None = None, device: str | None = None
    ) -> Engine:
        """Load a model: "bundled", a folder, or a hub id; "fake" needs no weights.

        Without `backend` it is the one that the model's folder declares.
        Raises ModelError where the model cannot be used, InputError for an unknown backend,
        OutOfMemoryError and DeviceLostError.
        """
        with typed_faults():
            return cls(load_backend(backend or own_backend(model), model, device))

    @property
    def info(self) -> EngineInfo:
        """What is loaded."""
        return replace(self._backend.info, devices=self._devices)

    def prepare(
        self,
        image: RGB,
        mask: Mask,
        scope: Scope = "auto",
        is_superseded: IsCancelled | None = None,
    ) -> bool:
        """Compute the context ahead, so that the next `run` skips it; True if it was new.

        Backends that can do more ahead go on with it until `is_superseded()` is true.
        """
        _check_canvas(image, mask)
        with typed_faults():
            context, reused = self._see(self._look(image, mask, scope))
            if isinstance(self._backend, WorksAhead):
                self._backend.prepare(context, is_superseded or (lambda: False))
        return not reused

    def run(
        self,
        request: EditRequest,
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> EditResult:
        """Generate the hole of a request; the canvas is not changed.

        Where memory ends it is tried once more with all of it given back, variant by variant.
        Raises InputError for a request that cannot be served, Cancelled as soon as
        `is_cancelled()` is true (polled before each stage and after each step), OutOfMemoryError
        where the second try ends so too, DeviceLostError where only a new engine can go on.
        """
        check_request(request, self.info)
        try:
            with typed_faults():
                return _Run(self, request, on_progress, is_cancelled).finish()
        except OutOfMemoryError as error:
            reason = repr(error.__cause__ or error)  # in words: a log may keep what it is handed
        # Only out here is what the first try had in hand gone.
        _log.warning("Out of memory, trying again with less of it: %s", reason)
        self._contexts.clear()
        give_device_memory_back()
        with typed_faults():
            return _Run(self, request, on_progress, is_cancelled, sparing=True).finish()

    def run_all(
        self,
        requests: Sequence[EditRequest],
        on_progress: OnProgress | None = None,
        is_cancelled: Callable[[int], bool] | None = None,
    ) -> Iterator[tuple[int, Outcome]]:
        """Run several requests; yields each one's id and outcome as soon as it is known.

        An outcome is what `run` would return or raise. `is_cancelled(id)` is polled as there: one
        that is cancelled drops out, the others go on. Requests that step alike are denoised in one
        batch where the backend can, and may round differently then, by a level of 255.
        """
        for batch in self._batches(requests):
            runs = [_Run(self, r, on_progress, _of(is_cancelled, r.id)) for r in batch]
            outcomes = self._run_together(runs) if len(runs) > 1 else ((run, None) for run in runs)
            for run, outcome in outcomes:
                if outcome is None or isinstance(outcome, OutOfMemoryError):
                    outcome = self._run_alone(run)
                yield run.request.id, outcome

    def _batches(self, requests: Sequence[EditRequest]) -> Iterable[list[EditRequest]]:
        """Requests that take the same steps, in the order of the first of each."""
        if not self.info.packs:
            return ([request] for request in requests)
        alike: dict[object, list[EditRequest]] = {}
        for request in requests:
            steps = request.steps or self.info.default_steps
            strength = None if request.sketch is None else request.strength
            key = steps, strength, request.sampler or self.info.default_sampler
            alike.setdefault(key, []).append(request)
        return alike.values()

    def _run_alone(self, run: _Run) -> Outcome:
        try:
            return self.run(run.request, run.on_progress, run.is_cancelled)
        except Exception as error:
            return error

    def _run_together(self, runs: Sequence[_Run]) -> Iterator[tuple[_Run, Outcome]]:
        """Each run up to its denoising, that of all in one batch, each to its end."""
        ready: list[tuple[_Run, Course, Denoising]] = []
        for run in runs:
            course = run.course()
            try:
                check_request(run.request, self.info)
                with typed_faults():
                    ready.append((run, course, next(course)))
            except Exception as error:
                yield run, error
        for (run, course, _), latents in zip(ready, self._denoise(ready), strict=True):
            try:
                with typed_faults():
                    if isinstance(latents, Exception):
                        course.throw(latents)
                    else:
                        course.send(latents)
            except StopIteration as end:
                yield run, end.value
            except Exception as error:
                yield run, error

    def _denoise(
        self, ready: Sequence[tuple[_Run, Course, Denoising]]
    ) -> Sequence[Latents | Exception]:
        assert isinstance(self._backend, Packs)
        try:
            with typed_faults():
                return self._backend.denoise_together([asked for _, _, asked in ready])
        except Exception as error:  # of the batch: it ends all of its members
            return [error] * len(ready)

    def rehearse(
        self, across: int, is_cancelled: IsCancelled | None = None, *, counting: bool = False
    ) -> EditResult:
        """A short run with a square hole of `across` x `across` tokens, for what it costs.

        It leaves no context behind. counting: fill in `peak_bytes`, where the backend can tell;
        the run may be slower for it. Raises what `run` does.
        """
        request = rehearsal(self.info, across)
        kept, self._contexts = self._contexts, OrderedDict()
        try:
            if not (counting and isinstance(self._backend, CountsMemory)):
                return self.run(request, None, is_cancelled)
            with self._backend.counting() as peak:
                result = self.run(request, None, is_cancelled)
            return replace(result, peak_bytes=peak())
        finally:
            self._contexts = kept

    def _look(self, image: RGB, mask: Mask, scope: Scope) -> _Sight:
        box = bounding_box(mask)
        least, most = self.info.hole_share
        window = choose_window(
            box, mask.shape, self.info.native_side, least=least, most=most, scope=scope
        )
        view = view_of(image, mask, window)
        key = hashlib.blake2b(digest_size=16)
        key.update(view.image.tobytes())
        key.update(np.packbits(view.mask).tobytes())
        return _Sight(box, window, view, key.digest())

    def _see(self, sight: _Sight) -> tuple[Context, bool]:
        """The context of a view and whether it came from the cache."""
        if sight.key in self._contexts:
            self._contexts.move_to_end(sight.key)
            return self._contexts[sight.key], True
        context = self._backend.see(sight.view)
        self._contexts[sight.key] = context
        while len(self._contexts) > CONTEXTS_KEPT:
            self._contexts.popitem(last=False)
        return context, False


# A run on its way: yields what is to be denoised, is sent the latents, returns the result.
Course: TypeAlias = Generator[Denoising, Latents, EditResult]


class _Run:
    """One request on its way through the stages."""

    def __init__(
        self,
        engine: Engine,
        request: EditRequest,
        on_progress: OnProgress | None,
        is_cancelled: IsCancelled | None,
        *,
        sparing: bool = False,
    ) -> None:
        """sparing: one variant at a time, so that memory is needed for one only."""
        self.sparing = sparing
        self.engine, self.backend, self.request = engine, engine._backend, request
        self.on_progress, self.is_cancelled = on_progress, is_cancelled
        self.clock = _Stopwatch(engine._clock)
        self.shown = 0.0

    def finish(self) -> EditResult:
        """All of it, alone."""
        course = self.course()
        try:
            asked = next(course)
            while True:
                latents = self.backend.denoise(asked.context, asked.text, asked.job, asked.on_step)
                asked = course.send(latents)
        except StopIteration as end:
            result: EditResult = end.value
            return result

    def course(self) -> Course:
        """Up to what is to be denoised, which it yields; sent the latents, to the end."""
        request, backend, info = self.request, self.backend, self.engine.info
        with self._stage("context"):
            sight = self.engine._look(request.image, request.mask, request.scope)
            context, reused = self.engine._see(sight)
        with self._stage("text"):
            text = backend.read(request.prompt, request.negative)
        seeds = tuple(request.seed + k for k in range(request.variants))
        job = Job(
            seeds,
            request.steps or info.default_steps,
            info.default_guidance if request.guidance is None else request.guidance,
            request.sampler or info.default_sampler,
            request.strength,
            cut_sketch(request, sight.window),
        )
        batches = [(seed,) for seed in seeds] if self.sparing else [seeds]
        jobs = (replace(job, seeds=batch) for batch in batches)
        pictures: list[RGB] = []
        for batch in jobs:
            pictures += yield from self._generate(sight, context, text, batch)
        with self._stage("blend"):
            patches = tuple(self._blend(sight, picture) for picture in pictures)
        result = EditResult(
            id=request.id,
            box=sight.box,
            patches=patches,
            seeds=seeds,
            seconds=self.clock.finish(),
            tokens=backend.tokens(context),
            device=info.device,
            backend=info.backend,
            model=info.model,
            steps=job.steps,
            pixels_changed_outside_mask=self._changed_outside(sight.box, patches),
            context_reused=reused,
            canvas=request.image,
            notice=backend.notice(context) if isinstance(backend, WorksAhead) else "",
        )
        return result

    def _generate(
        self, sight: _Sight, context: Context, text: Text, job: Job
    ) -> Generator[Denoising, Latents, list[RGB]]:
        """One (S,S,3) picture of the window a seed."""
        with self._stage("denoise"):
            begin = time.perf_counter()

            def on_step(step: int, steps: int, estimate: Latents) -> None:
                self._stop_if_cancelled()
                left = (time.perf_counter() - begin) / step * (steps - step)
                self._report_step(sight, context, step, steps, left, estimate)

            latents = yield Denoising(context, text, job, on_step)
        with self._stage("decode"):
            return [self.backend.decode(context, latents, k) for k in range(len(job.seeds))]

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
        self, sight: _Sight, context: Context, step: int, steps: int, left: float, estimate: Latents
    ) -> None:
        """Every step is reported; a preview comes along when the last one is old enough."""
        if self.on_progress is None:
            return
        preview = None
        now = time.perf_counter()
        if step < steps and now - self.shown >= PREVIEW_SECONDS:
            picture = self.backend.decode(context, estimate, 0)
            preview = self._inside(sight.box, uncut(picture, sight.window, sight.box))
            self.shown = time.perf_counter()
        box = sight.box if preview is not None else None
        self.on_progress(
            Progress(self.request.id, "denoise", step, steps, left, box=box, preview=preview)
        )

    def _inside(self, box: Box, pixels: RGB) -> RGB:
        """Generated pixels in the hole, the canvas elsewhere in its box."""
        mask = self.request.mask[box.slices]
        filled = np.where(mask[..., None], pixels, self.request.image[box.slices])
        return self._softened(filled, box)

    def _softened(self, filled: RGB, box: Box) -> RGB:
        """A filled box of the canvas, as much of the fill showing as the request's cover says."""
        cover = self.request.cover
        if cover is None:
            return filled
        return shown_through(filled, self.request.image[box.slices], cover[box.slices])

    def _blend(self, sight: _Sight, picture: RGB) -> RGB:
        """Blend on a margin around the hole, where generated and visible pixels are both known."""
        request = self.request
        visible = clip(sight.window.box, whole(request.mask.shape))
        around = grow(sight.box, BLEND_MARGIN, visible)
        source = uncut(picture, sight.window, around)
        blend = BLENDERS[request.blender]
        blended = blend(source, request.image[around.slices], request.mask[around.slices])
        top, left = sight.box.top - around.top, sight.box.left - around.left
        filled = blended[top : top + sight.box.height, left : left + sight.box.width]
        return np.ascontiguousarray(self._softened(filled, sight.box))

    def _changed_outside(self, box: Box, patches: tuple[RGB, ...]) -> int:
        """Counted, not assumed: the result says how many visible pixels differ."""
        before, mask = self.request.image[box.slices], self.request.mask[box.slices]
        return sum(count_changed_outside(before, patch, mask) for patch in patches)


def rehearsal(info: EngineInfo, across: int) -> EditRequest:
    """The request of `Engine.rehearse`: the model's whole window, grey, and few steps."""
    side, hole = info.native_side, min(across * info.token_pixels, info.native_side)
    mask = np.zeros((side, side), np.bool_)
    mask[:hole, :hole] = True
    steps = min(info.default_steps, REHEARSED_STEPS)
    image = np.full((side, side, 3), BLANK, np.uint8)
    return EditRequest(image, mask, "a red mushroom", steps=steps, scope="whole")


def _of(is_cancelled: Callable[[int], bool] | None, number: int) -> IsCancelled | None:
    return None if is_cancelled is None else partial(is_cancelled, number)


def view_of(image: RGB, mask: Mask, window: Window) -> View:
    """What a model sees through a window of a canvas; nothing of the hole shows in it."""
    hole = cut_mask(mask, window)
    seen = cut(*_blanked(image, mask, window))
    seen[hole] = BLANK
    return View(seen, hole)


def _blanked(image: RGB, mask: Mask, window: Window) -> tuple[RGB, Window]:
    """The canvas under the window without its hole, and the window moved onto that copy.

    Enlarging mixes neighbours: no old pixel may show at the rim, and no grey of a blank hole, so
    the hole takes on its nearest visible pixels there.
    """
    area = clip(window.box, whole(mask.shape))
    part, hole = image[area.slices].copy(), mask[area.slices]
    part[hole] = BLANK
    if window.scale > 1:
        part = fill_from_nearest(part, hole)
    left, top = window.box.left - area.left, window.box.top - area.top
    box = Box(left, top, left + window.box.width, top + window.box.height)
    return part, Window(box, window.side)


def cut_sketch(request: EditRequest, window: Window) -> npt.NDArray[np.float32] | None:
    """The sketch as the model sees it, (S,S,4) float32 in [0,1]; None where none is to be used."""
    if request.sketch is None or request.strength >= 1:
        return None
    inside = request.sketch[..., 3] * request.mask
    if not inside.any():
        return None
    # Scaled as colour x cover: what is transparent or outside the mask must not colour the rim.
    cover = np.repeat(inside[..., None], 3, axis=2)
    paint = np.rint(request.sketch[..., :3] * (cover / np.float32(255))).astype(np.uint8)
    paint, cover = cut(paint, window), cut(cover, window)
    color = np.minimum(paint / np.maximum(cover, 1).astype(np.float32), np.float32(1))
    return np.concatenate([color, cover[..., :1] / np.float32(255)], axis=2)


def _check_canvas(image: RGB, mask: Mask) -> None:
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise ImageError(f"The canvas must be 8-bit RGB, not {image.dtype} of shape {image.shape}.")
    if mask.shape != image.shape[:2] or mask.dtype != np.bool_:
        raise ImageError(
            f"The mask ({mask.shape[-1]}x{mask.shape[0]}, {mask.dtype}) does not fit the canvas "
            f"({image.shape[1]}x{image.shape[0]}); it must be of the same size, true in the hole."
        )


def check_request(request: EditRequest, info: EngineInfo) -> None:
    """Raise a typed error, one sentence each, for a request that cannot be served."""
    _check_canvas(request.image, request.mask)
    bounding_box(request.mask)
    sketch = request.sketch
    if sketch is not None and (
        sketch.shape != (*request.mask.shape, 4) or sketch.dtype != np.uint8
    ):
        raise ImageError("The sketch must be 8-bit RGBA and of the canvas's size.")
    cover = request.cover
    if cover is not None and (cover.shape != request.mask.shape or cover.dtype != np.uint8):
        raise ImageError("The cover must be 8-bit grey and of the canvas's size.")
    for name, least, most in (
        ("steps", 1, MOST_STEPS),
        ("variants", 1, MOST_VARIANTS),
        ("strength", 0, 1),
        ("guidance", 0, MOST_GUIDANCE),
        ("seed", 0, MOST_SEED),
    ):
        value = getattr(request, name)
        if value is not None and not least <= value <= most:
            raise InputError(
                f"The request cannot be served: {name} must lie between {least} and {most}."
            )
    if request.backend not in (None, info.backend):
        raise InputError(f"This engine runs {info.backend}, not {request.backend}.")
    if request.sampler not in (None, *info.samplers):
        choices = ", ".join(info.samplers)
        raise InputError(f"There is no sampler {request.sampler!r} here; choose one of {choices}.")
    if request.scope not in get_args(Scope):
        choices = ", ".join(get_args(Scope))
        raise InputError(f"There is no scope {request.scope!r}; choose one of {choices}.")
    if request.blender not in BLENDERS:
        choices = ", ".join(BLENDERS)
        raise InputError(f"There is no blender {request.blender!r}; choose one of {choices}.")
