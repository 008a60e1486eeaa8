"""The engine: from a request to a result, through a backend.

It does not import torch; the backend does the tensor work. An engine is used from one thread.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from lazydiff_core.backends import load_backend, own_backend
from lazydiff_core.backends.protocols import (
    Backend,
    SupportsLoras,
    SupportsMemoryCount,
    SupportsPrepare,
    SupportsTeaching,
)
from lazydiff_core.contract import (
    RGBA,
    EditRequest,
    EditResult,
    EngineInfo,
    IsCancelled,
    Mask,
    OnProgress,
    Pixels,
    Scope,
)
from lazydiff_core.device_faults import give_device_memory_back, typed_faults
from lazydiff_core.engine.context_cache import ContextCache
from lazydiff_core.engine.control_pictures import control_picture
from lazydiff_core.engine.edit_run import Clock as Clock
from lazydiff_core.engine.edit_run import EditRun
from lazydiff_core.engine.model_crop import BLANK, crop_for_model, pieces_for_model
from lazydiff_core.engine.reference_pictures import fitted_references
from lazydiff_core.engine.request_checks import check_canvas, check_request
from lazydiff_core.errors import InputError, ModelError, OutOfMemoryError
from lazydiff_core.geometry.tokens import border_reach
from lazydiff_core.images.canvas_forms import canvas_of, in_form
from lazydiff_core.lora_files import read_loras
from lazydiff_core.prompts.markup import chosen
from lazydiff_core.prompts.parts import Part, Vocabulary
from lazydiff_core.prompts.reading import PromptReader, Reading

_log = logging.getLogger(__name__)

CALIBRATION_STEPS = 3


class Engine:
    """Runs edits on a loaded backend and remembers the contexts of the last few canvases."""

    def __init__(self, backend: Backend, clock: Clock = time.perf_counter) -> None:
        self._backend, self._clock = backend, clock
        self._devices = _available_devices()
        self._contexts = ContextCache(backend.encode_context)
        self._reader = reader_for(backend.info)

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

        backend: name in BACKENDS; None = the one that the model's folder declares.
        device:  "cpu", "cuda", ...; None = the best available.
        words:   words to teach, as in `teach`.

        Raises ModelError if the model cannot be used, InputError for an unknown backend or device,
        OutOfMemoryError and DeviceLostError.
        """
        with typed_faults():
            engine = cls(load_backend(backend or own_backend(model), model, device))
            engine.teach(words or {})
        return engine

    def teach(self, words: Mapping[str, RGBA]) -> None:
        """Teach words by (H,W,4) uint8 RGBA pictures, straight alpha, clear around the object.

        No effect on a model that cannot be taught (EngineInfo.teachable). Raises InputError for a
        word without letters or a fully transparent picture.
        """
        if words and isinstance(self._backend, SupportsTeaching):
            self._backend.teach(words)
            self._reader = reader_for(self._backend.info)

    @property
    def info(self) -> EngineInfo:
        """The properties of the loaded model."""
        return replace(self._backend.info, devices=self._devices, lora_refusal=self._lora_refusal())

    def lora_fault(self, path: Path) -> str:
        """Why a LoRA's file cannot be used with the loaded model, as a sentence; "" if it can."""
        try:
            with typed_faults():
                self._lora_backend().check_lora(path)
        except (InputError, ModelError) as error:
            return str(error)
        return ""

    def read(self, prompt: str, language: str = "", seed: int = 0) -> Reading:
        """What is understood of a prompt, with its choices as that seed makes them.

        language: code of the artist's language, which decides where a word means two things.
        """
        return self._reader.read(chosen(prompt, seed), language)

    def understood(self, prompt: str, language: str = "") -> tuple[Part, ...]:
        """What the loaded model makes of a prompt, part by part; nothing of an empty one.

        A model that reads whole texts has one part, of kind "text".
        """
        return self.read(prompt, language).parts

    def suggestions(self, word: str, language: str = "") -> tuple[str, ...]:
        """Known words that one which is not understood may be meant to be."""
        return self._reader.suggestions(word, language)

    def prepare(
        self,
        image: Pixels,
        mask: Mask,
        scope: Scope = "auto",
        is_superseded: IsCancelled | None = None,
        *,
        edit: bool = False,
        references: str = "",
        control: str = "",
        sketch: RGBA | None = None,
    ) -> bool:
        """Encode the context ahead, so that the next `run` skips it; True if it was not cached.

        edit, references, control: as in GenerationSettings; without effect where the model has none
        such. sketch: as in EditRequest, for a control that follows it.
        Of a hole that is filled in pieces, it is the context of the first one.
        A backend that supports it prepares more, until `is_superseded()` is true.
        """
        check_canvas(image, mask)
        image = canvas_of(image)
        with typed_faults():
            info = self._backend.info
            first, *_ = pieces_for_model(mask, scope, info)
            crop = crop_for_model(
                *(image, mask, scope, info, first),
                edit=edit and info.edits,
                references=fitted_references(references, info) if info.references else (),
                control=control_picture(control, mask, sketch) if info.controls else None,
            )
            context, reused = self._contexts.find(crop)
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

        If memory runs out, caches are freed and the run is repeated once, variant by variant.

        Raises InputError for a request that cannot be served, Cancelled as soon as
        `is_cancelled()` is true (polled before each stage and after each step), OutOfMemoryError
        if the second run fails as well, and DeviceLostError if a new engine is needed.
        """
        check_request(request, self.info)
        self._use_loras(request)
        image, canvas = request.image, canvas_of(request.image)
        if canvas is image:
            return self._run(request, self._contexts, on_progress, is_cancelled)
        as_canvas = replace(request, image=canvas)
        result = self._run(as_canvas, self._contexts, on_progress, is_cancelled)
        part = result.box.slices
        patches = tuple(in_form(patch, canvas[part], image[part]) for patch in result.patches)
        return replace(result, patches=patches, canvas=image)

    def _use_loras(self, request: EditRequest) -> None:
        """Give the model the LoRAs of a request; raises InputError if it takes none."""
        loras = read_loras(request.settings.loras)
        if loras or isinstance(self._backend, SupportsLoras):
            with typed_faults():
                self._lora_backend(any_model=not loras).use_loras(loras)

    def _lora_backend(self, *, any_model: bool = False) -> SupportsLoras:
        """The backend, if its model takes LoRAs, or with `any_model`; else raises InputError."""
        if not isinstance(self._backend, SupportsLoras):
            raise InputError(
                f"{self._backend.info.model} takes no LoRA: choose another model, or leave it out."
            )
        if not any_model:
            self._backend.check_takes_loras()
        return self._backend

    def _lora_refusal(self) -> str:
        try:
            self._lora_backend()
        except InputError as error:
            return str(error)
        return ""

    def _run(
        self,
        request: EditRequest,
        contexts: ContextCache,
        on_progress: OnProgress | None,
        is_cancelled: IsCancelled | None,
    ) -> EditResult:
        run = partial(
            EditRun,
            *(self._backend, contexts, self._clock, request, on_progress, is_cancelled),
            read=self._reader.read,
            references=fitted_references(request.settings.references, self._backend.info),
            control=control_picture(request.settings.control, request.mask, request.sketch),
        )
        try:
            with typed_faults():
                return run().finish()
        except OutOfMemoryError as error:
            reason = repr(error.__cause__ or error)  # text: a log may keep the exception alive
        # Only outside the handler have the tensors of the first run been freed.
        _log.warning("Out of memory, trying again with less of it: %s", reason)
        contexts.clear()
        give_device_memory_back()
        with typed_faults():
            return run(one_at_a_time=True).finish()

    def time_run(
        self, across: int, is_cancelled: IsCancelled | None = None, *, counting: bool = False
    ) -> EditResult:
        """A short run with a square hole of `across` x `across` tokens, to measure its cost.

        Its context is not cached.
        counting: fill in `peak_bytes` if the backend supports it, which may slow the run down.
        Raises the same errors as `run`.
        """
        request = calibration_request(self.info, across)
        contexts = ContextCache(self._backend.encode_context)
        if not (counting and isinstance(self._backend, SupportsMemoryCount)):
            return self._run(request, contexts, None, is_cancelled)
        with self._backend.counting() as peak:
            result = self._run(request, contexts, None, is_cancelled)
        return replace(result, peak_bytes=peak())


def reader_for(info: EngineInfo) -> PromptReader:
    """What reads prompts for a model."""
    return PromptReader(Vocabulary(info.things, info.surfaces))


def calibration_request(info: EngineInfo, across: int) -> EditRequest:
    """The request of `Engine.time_run`: a grey canvas of the window's size, and few steps."""
    side, hole = info.native_side, min(across * info.token_pixels, info.native_side)
    hole -= border_reach(info.token_pixels, 1, info.computed)  # no token beside it is computed
    mask = np.zeros((side, side), np.bool_)
    mask[:hole, :hole] = True
    steps = min(info.default_steps, CALIBRATION_STEPS)
    image = np.full((side, side, 3), BLANK, np.uint8)
    return EditRequest(image, mask, prompt="a red mushroom", steps=steps, scope="whole")


def _available_devices() -> tuple[str, ...]:
    """Names of the available devices, the CPU first.

    Other devices are listed only if torch has been imported already.
    """
    if "torch" not in sys.modules:
        return ("cpu",)
    from lazydiff_core.model.files.devices import devices_here

    return devices_here()
