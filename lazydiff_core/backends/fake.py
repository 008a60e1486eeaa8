"""A deterministic backend without weights or torch, for testing the app.

It fills the hole with the mean colour of the surroundings and paints a disc over it, in a colour
derived from prompt and seed. Noise fades step by step as with a real sampler.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.backends.protocols import DenoiseParams, ModelInput, OnStep
from lazydiff_core.contract import RGB, RGBA, EngineInfo, Mask, Tokens
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.geometry.tokens import token_mask

SIDE, TOKEN_PIXELS = 256, 16


@dataclass(frozen=True, eq=False)
class FakeContext:
    """The model's picture and mask, and `mean` (3,) float32, the mean colour outside the mask."""

    image: RGB
    mask: Mask
    mean: npt.NDArray[np.float32]


class FakeBackend:
    """Paints a disc. `step_seconds` delays each step, to watch progress and cancelling."""

    def __init__(self, model: str = "fake", step_seconds: float = 0.0) -> None:
        self.step_seconds = step_seconds
        self.contexts_encoded = 0
        self.info = EngineInfo(
            model=model,
            backend="fake",
            device="cpu",
            native_side=SIDE,
            token_pixels=TOKEN_PIXELS,
            samplers=("linear",),
            default_sampler="linear",
            default_steps=8,
            default_guidance=1.0,
            concepts=("disc",),
            teachable=True,
        )

    def teach(self, words: Mapping[str, RGBA]) -> None:
        """Add the words to `info.concepts`; the pictures have no effect."""
        concepts = tuple(dict.fromkeys((*self.info.concepts, *words)))
        self.info = replace(self.info, concepts=concepts)

    def encode_prompt(self, prompt: str, negative: str) -> bytes:
        return hashlib.blake2b(f"{prompt}\0{negative}".encode(), digest_size=8).digest()

    def encode_context(self, model_input: ModelInput) -> FakeContext:
        self.contexts_encoded += 1
        visible = model_input.image[~model_input.mask]
        mean = visible.mean(0) if visible.size else np.full(3, 255.0)
        return FakeContext(model_input.image, model_input.mask, mean.astype(np.float32))

    def tokens(self, context: FakeContext) -> Tokens:
        grid = token_mask(context.mask, TOKEN_PIXELS)
        return Tokens(grid.size, int(grid.sum()))

    def denoise(
        self, context: FakeContext, text: bytes, params: DenoiseParams, on_step: OnStep
    ) -> npt.NDArray[np.float32]:
        clean = np.stack([self._picture(context, text, params, seed) for seed in params.seeds])
        sources = [np.random.default_rng(seed) for seed in params.seeds]
        noise = np.stack([rng.random(clean.shape[1:], np.float32) * 255 for rng in sources])
        estimate = noise
        steps = params.settings.steps
        for step in range(1, steps + 1):
            time.sleep(self.step_seconds)
            estimate = noise + (clean - noise) * np.float32(step / steps)
            on_step(step, steps, estimate)
        return estimate

    def _picture(
        self, context: FakeContext, text: bytes, params: DenoiseParams, seed: int
    ) -> npt.NDArray[np.float32]:
        key = hashlib.blake2b(text + seed.to_bytes(8, "little", signed=True)).digest()
        picture = np.empty((SIDE, SIDE, 3), np.float32)
        picture[:] = context.mean
        box = bounding_box(context.mask)
        centre = ((box.left + box.right) // 2, (box.top + box.bottom) // 2)
        cv2.circle(picture, centre, max(1, min(box.width, box.height) * 2 // 5), list(key[:3]), -1)
        if params.sketch is not None:
            cover = params.sketch[..., 3:] * np.float32(1 - params.settings.strength)
            picture += (params.sketch[..., :3] * 255 - picture) * cover
        return picture

    def decode(self, context: FakeContext, latents: npt.NDArray[np.float32], variant: int) -> RGB:
        return np.asarray(np.rint(np.clip(latents[variant], 0, 255)), np.uint8)
