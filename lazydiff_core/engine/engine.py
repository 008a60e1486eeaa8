"""From a request to a result: window, context (cached), denoising, decoding, blending.

Free of torch; a backend does the tensor work. One engine serves one thread.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from lazydiff_core.backends import load_backend, own_backend
from lazydiff_core.backends.devices import available_devices
from lazydiff_core.backends.protocols import (
    Backend,
    Context,
    ModelInput,
    SupportsMemoryCount,
    SupportsPrepare,
    SupportsTeaching,
)
from lazydiff_core.blending import BLENDERS
from lazydiff_core.contract import (
    RGB,
    RGBA,
    Box,
    EditRequest,
    EditResult,
    EngineInfo,
    IsCancelled,
    Mask,
    OnProgress,
    Outcome,
    Scope,
)
from lazydiff_core.device_faults import give_device_memory_back, typed_faults
from lazydiff_core.engine.edit_run import Clock as Clock
from lazydiff_core.engine.edit_run import EditRun, ModelCrop
from lazydiff_core.errors import ImageError, InputError, OutOfMemoryError
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.geometry.resample import cut, cut_mask, fill_from_nearest
from lazydiff_core.geometry.window import Window, choose_window

_log = logging.getLogger(__name__)

CONTEXTS_KEPT = 4
CALIBRATION_STEPS = 3
BLANK = 127  # what the model sees of a hole: the middle of the range


class Engine:
    """Runs edits on a loaded backend and remembers the contexts of the last few canvases."""

    def __init__(self, backend: Backend, clock: Clock = time.perf_counter) -> None:
        self._backend, self._clock = backend, clock
        self._devices = available_devices()
        self._contexts: OrderedDict[bytes, Context] = OrderedDict()

    @classmethod
    def load(
        cls,
        model: str = "bundled",
        *,
        backend: str | None = None,
        device: str | None = None,
        words: Mapping[str, RGBA] | None = None,
    ) -> Engine:
        """Load a model: "bundled", a folder, or a hub id; "fake" needs no weights.

        Without `backend` it is the one that the model's folder declares. words: what it is taught.
        Raises ModelError where the model cannot be used, InputError for an unknown backend,
        OutOfMemoryError and DeviceLostError.
        """
        with typed_faults():
            engine = cls(load_backend(backend or own_backend(model), model, device))
            engine.teach(words or {})
        return engine

    def teach(self, words: Mapping[str, RGBA]) -> None:
        """Teach words by pictures: (H,W,4) uint8 with straight alpha, what shows is the thing.

        Nothing is learned by a model that cannot be taught (EngineInfo.teachable). Raises
        InputError for a word or a picture that says nothing.
        """
        if words and isinstance(self._backend, SupportsTeaching):
            self._backend.teach(words)

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
            context, reused = self._encode_context(self.crop_for_model(image, mask, scope))
            if isinstance(self._backend, SupportsPrepare):
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
                return EditRun(
                    self._backend, self._context_of, self._clock, request, on_progress, is_cancelled
                ).finish()
        except OutOfMemoryError as error:
            reason = repr(error.__cause__ or error)  # in words: a log may keep what it is handed
        # Only out here is what the first try had in hand gone.
        _log.warning("Out of memory, trying again with less of it: %s", reason)
        self._contexts.clear()
        give_device_memory_back()
        with typed_faults():
            return EditRun(
                self._backend,
                self._context_of,
                self._clock,
                request,
                on_progress,
                is_cancelled,
                one_at_a_time=True,
            ).finish()

    def run_all(
        self,
        requests: Sequence[EditRequest],
        on_progress: OnProgress | None = None,
        is_cancelled: Callable[[int], bool] | None = None,
    ) -> Iterator[tuple[int, Outcome]]:
        """Run several requests; yields each one's id and outcome as soon as it is known.

        An outcome is what `run` would return or raise; `is_cancelled(id)` is polled as there.
        """
        for request in requests:
            number = request.id
            try:
                yield number, self.run(request, on_progress, _of(is_cancelled, number))
            except Exception as error:
                yield number, error

    def time_run(
        self, across: int, is_cancelled: IsCancelled | None = None, *, counting: bool = False
    ) -> EditResult:
        """A short run with a square hole of `across` x `across` tokens, for what it costs.

        It leaves no context behind. counting: fill in `peak_bytes`, where the backend can tell;
        the run may be slower for it. Raises what `run` does.
        """
        request = calibration_request(self.info, across)
        kept, self._contexts = self._contexts, OrderedDict()
        try:
            if not (counting and isinstance(self._backend, SupportsMemoryCount)):
                return self.run(request, None, is_cancelled)
            with self._backend.counting() as peak:
                result = self.run(request, None, is_cancelled)
            return replace(result, peak_bytes=peak())
        finally:
            self._contexts = kept

    def crop_for_model(self, image: RGB, mask: Mask, scope: Scope) -> ModelCrop:
        box = bounding_box(mask)
        info = self.info
        window = choose_window(box, mask.shape, info.native_side, info.framing, scope)
        model_input = input_of(image, mask, window)
        key = hashlib.blake2b(digest_size=16)
        key.update(model_input.image.tobytes())
        key.update(np.packbits(model_input.mask).tobytes())
        return ModelCrop(box, window, model_input, key.digest())

    def _context_of(self, request: EditRequest) -> tuple[ModelCrop, Context, bool]:
        """A request's hole, its context, and whether that was known already."""
        crop = self.crop_for_model(request.image, request.mask, request.settings.scope)
        return crop, *self._encode_context(crop)

    def _encode_context(self, crop: ModelCrop) -> tuple[Context, bool]:
        """The context of a view and whether it came from the cache."""
        if crop.key in self._contexts:
            self._contexts.move_to_end(crop.key)
            return self._contexts[crop.key], True
        context = self._backend.encode_context(crop.input)
        self._contexts[crop.key] = context
        while len(self._contexts) > CONTEXTS_KEPT:
            self._contexts.popitem(last=False)
        return context, False


def calibration_request(info: EngineInfo, across: int) -> EditRequest:
    """The request of `Engine.time_run`: the model's whole window, grey, and few steps."""
    side, hole = info.native_side, min(across * info.token_pixels, info.native_side)
    mask = np.zeros((side, side), np.bool_)
    mask[:hole, :hole] = True
    steps = min(info.default_steps, CALIBRATION_STEPS)
    image = np.full((side, side, 3), BLANK, np.uint8)
    return EditRequest(image, mask, prompt="a red mushroom", steps=steps, scope="whole")


def _of(is_cancelled: Callable[[int], bool] | None, number: int) -> IsCancelled | None:
    return None if is_cancelled is None else partial(is_cancelled, number)


def input_of(image: RGB, mask: Mask, window: Window) -> ModelInput:
    """What a model sees through a window of a canvas; nothing of the hole shows in it."""
    hole = cut_mask(mask, window)
    seen = cut(*_blanked(image, mask, window))
    seen[hole] = BLANK
    return ModelInput(seen, hole)


def _blanked(image: RGB, mask: Mask, window: Window) -> tuple[RGB, Window]:
    """The canvas under the window without its hole, and the window moved onto that copy.

    Enlarging mixes neighbours, and beyond the canvas its edge continues: no old pixel may show
    there, and no grey of a blank hole, so the hole takes on its nearest visible pixels.
    """
    area = window.box.clip(Box.of(mask.shape))
    part, hole = image[area.slices].copy(), mask[area.slices]
    part[hole] = BLANK
    if window.scale > 1 or area != window.box:
        part = fill_from_nearest(part, hole)
    return part, Window(window.box.relative_to(area), window.side)


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
    if request.backend not in (None, info.backend):
        raise InputError(f"This engine runs {info.backend}, not {request.backend}.")
    sampler, blender = request.settings.sampler, request.settings.blender
    if sampler not in (None, *info.samplers):
        choices = ", ".join(info.samplers)
        raise InputError(f"There is no sampler {sampler!r} here; choose one of {choices}.")
    if blender not in BLENDERS:
        choices = ", ".join(BLENDERS)
        raise InputError(f"There is no blender {blender!r}; choose one of {choices}.")
