"""Removal without a prompt: the hole is patched together from its surroundings (ADR 27).

`patchmatch` searches the surroundings for patches (Barnes et al. 2009); an inpainting network is
used instead where its file is there (`onnx_inpaint`). Neither needs torch.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Thread
from types import ModuleType

import cv2
import numpy as np

from lazydiff_core.backends.onnx_inpaint import load_network, refuse_prompt, refuse_sketch
from lazydiff_core.backends.protocols import Backend, DenoiseParams, ModelInput, OnStep
from lazydiff_core.contract import CONTENT_AWARE, REMOVAL, RGB, Mask, Tokens
from lazydiff_core.errors import InputError, ModelError
from lazydiff_core.geometry.resample import fill_from_nearest
from lazydiff_core.geometry.tokens import token_mask
from lazydiff_core.geometry.window import Framing
from lazydiff_core.model_store.inpainting import inpainting_file

BORDER = 3  # pixels around the hole that are made as well: blending reads the jump there
RADII = (5, 7, 3)  # of the patches; successive seeds take them in turn, so that variants differ
POLL_SECONDS = 0.05
_SECONDS_A_PIXEL = 3e-5  # of a hole: the first guess of how long it takes
_PARTS = 100  # of the work, as steps


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What a hole is made from.

    image:  (S,S,3) uint8. hole: (S,S) bool, grown by BORDER. mask: (S,S) bool, as it was.
    beyond: (S,S) bool, True where there is no canvas: neither filled nor copied from.
    """

    image: RGB
    hole: Mask
    mask: Mask
    beyond: Mask


class PatchMatch:
    """Fills holes with patches of their surroundings; the latents are pictures."""

    info = replace(REMOVAL, model="patchmatch", framing=Framing(exact=True))

    def encode_prompt(self, prompt: str, negative: str) -> None:
        """Nothing; InputError for a prompt, which it could not obey."""
        refuse_prompt(prompt, negative)

    def encode_context(self, model_input: ModelInput) -> Surroundings:
        """The hole and what lies around it; InputError if nothing does."""
        inside = model_input.inside
        beyond = np.zeros_like(model_input.mask) if inside is None else ~inside
        around = np.ones((2 * BORDER + 1,) * 2, np.uint8)
        hole = cv2.dilate(model_input.mask.view(np.uint8), around).view(np.bool_) & ~beyond
        if (hole | beyond).all():
            raise InputError(
                "Nothing is left around the mask to continue: mask less of the picture."
            )
        return Surroundings(model_input.image, hole, model_input.mask, beyond)

    def tokens(self, context: Surroundings) -> Tokens:
        """The squares of 16 pixels in the window, and those that the mask touches."""
        pixels, side = self.info.token_pixels, len(context.mask)
        grid = token_mask(np.pad(context.mask, (0, -side % pixels)), pixels)
        return Tokens(grid.size, int(grid.sum()))

    def denoise(
        self, context: Surroundings, text: None, params: DenoiseParams, on_step: OnStep
    ) -> list[RGB]:
        """One picture per seed. Cancelling takes effect at once, within a picture, too."""
        refuse_sketch(params)
        made: list[RGB] = []
        rough = [fill_from_nearest(context.image, context.hole)]
        expected = _SECONDS_A_PIXEL * int(np.count_nonzero(context.hole)) + POLL_SECONDS
        for seed in params.seeds:
            begun = time.perf_counter()
            search = _Search(context, seed)
            for seconds in search.waiting():
                done = len(made) + min(seconds / expected, 0.95)
                part = max(1, int(_PARTS * done / len(params.seeds)))
                on_step(part, _PARTS, made or rough)
            made.append(search.picture())
            expected = time.perf_counter() - begun
        on_step(_PARTS, _PARTS, made)
        return made

    def decode(self, context: Surroundings, latents: list[RGB], variant: int) -> RGB:
        return latents[variant]


class _Search(Thread):
    """One run of the library, which cannot be interrupted: abandoned, it ends unheard."""

    def __init__(self, context: Surroundings, seed: int) -> None:
        super().__init__(name="patchmatch", daemon=True)
        self._context, self._seed = context, seed
        self._ended = Event()
        self._picture: RGB | None = None
        self._fault: Exception | None = None
        self.start()

    def run(self) -> None:
        context, library = self._context, _library()
        try:
            # The seed belongs to the library, not to a run: it is read when a run begins.
            library.set_random_seed(self._seed)
            self._picture = library.inpaint(
                context.image,
                context.hole,
                global_mask=context.beyond if context.beyond.any() else None,
                patch_size=RADII[self._seed % len(RADII)],
            )
        except Exception as fault:
            self._fault = fault
        self._ended.set()

    def waiting(self) -> Iterator[float]:
        """Seconds since the start, again and again until the run has ended."""
        begun = time.perf_counter()
        while not self._ended.wait(POLL_SECONDS):
            yield time.perf_counter() - begun

    def picture(self) -> RGB:
        """(S,S,3) uint8; the fault of the run, if it had one."""
        if self._fault is not None:
            raise self._fault
        assert self._picture is not None
        return self._picture


def _library() -> ModuleType:
    """The PatchMatch library; ModelError where it was built without its native part."""
    import patchmatch

    if not patchmatch.patchmatch_available:
        raise ModelError(
            "PyPatchMatch was installed without its native library: run "
            "`pip install --force-reinstall --no-deps --no-cache-dir PyPatchMatch`."
        )
    return patchmatch


def load(model: str, device: str | None) -> Backend:
    """`content_aware`: the network whose file is there, otherwise patches; an .onnx file: itself.

    Runs on the CPU, whatever the device. Raises ModelError for a file that cannot be used.
    """
    file = inpainting_file() if model == CONTENT_AWARE else Path(model).expanduser()
    if file is not None:
        return load_network(file)
    _library()
    return PatchMatch()
