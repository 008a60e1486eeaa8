"""Inpainting networks as ONNX files: LaMa and MI-GAN, run by OpenCV or onnxruntime.

LaMa (Suvorov et al. 2022) as exported by Carve and in OpenCV's model zoo: `image` (1,3,512,512)
float32 in [0,1], `mask` (1,1,512,512) float32, 1 = hole; gives (1,3,512,512) in 0..255. OpenCV runs
it from 5.0 on. MI-GAN (Sargsyan et al. 2023) as exported by its authors: `image` (1,3,H,W) uint8,
`mask` (1,1,H,W) uint8, 255 = visible; gives (1,3,H,W) uint8. Channels are red, green, blue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from lazydiff_core.backends.protocols import DenoiseParams, ModelInput, OnStep
from lazydiff_core.contract import REMOVAL, RGB, Mask, Tokens
from lazydiff_core.errors import InputError, ModelError
from lazydiff_core.geometry.tokens import token_mask
from lazydiff_core.model_store.inpainting import KINDS, kind_of

SIDE = 512
_MIRRORED: Final = ((), (1,), (0,), (0, 1))  # axes, by seed
Blob: TypeAlias = npt.NDArray[Any]  # (1, channels, S, S) float32 or uint8
# (image, mask) blobs -> the network's first output
Run: TypeAlias = Callable[[Blob, Blob], Blob]


@dataclass(frozen=True, eq=False)
class Hole:
    """What the network gets: `image` (S,S,3) uint8 and `mask` (S,S) bool."""

    image: RGB
    mask: Mask


class OnnxInpaint:
    """Fills a hole by one pass of a network, which sees the picture mirrored as the seed says."""

    def __init__(self, name: str, kind: str, run: Run) -> None:
        self._kind, self._run = kind, run
        self.info = replace(REMOVAL, model=name, native_side=SIDE)

    def encode_prompt(self, prompt: str, negative: str) -> None:
        """Nothing; InputError for a prompt, which it could not obey."""
        refuse_prompt(prompt, negative)

    def encode_context(self, model_input: ModelInput) -> Hole:
        # The rim is generated as well, so that blending can read the jump there.
        around = np.ones((9, 9), np.uint8)
        mask = cv2.dilate(model_input.mask.view(np.uint8), around).view(np.bool_)
        return Hole(model_input.image, mask)

    def tokens(self, context: Hole) -> Tokens:
        grid = token_mask(context.mask, self.info.token_pixels)
        return Tokens(grid.size, int(grid.sum()))

    def denoise(
        self, context: Hole, text: None, params: DenoiseParams, on_step: OnStep
    ) -> list[RGB]:
        """One (S,S,3) uint8 picture per seed."""
        refuse_sketch(params)
        made: list[RGB] = []
        for step, seed in enumerate(params.seeds, 1):
            axes = _MIRRORED[seed % len(_MIRRORED)]
            image, mask = np.flip(context.image, axes), np.flip(context.mask, axes)
            made.append(np.ascontiguousarray(np.flip(self._draw(image, mask), axes)))
            on_step(step, len(params.seeds), made)
        return made

    def decode(self, context: Hole, latents: list[RGB], variant: int) -> RGB:
        return latents[variant]

    def _draw(self, pixels: RGB, mask: Mask) -> RGB:
        image = np.ascontiguousarray(pixels.transpose(2, 0, 1)[None])
        hole = mask[None, None]
        if self._kind == "lama":
            scaled = image.astype(np.float32) / np.float32(255)
            drawn = self._run(scaled, hole.astype(np.float32))
        else:
            drawn = self._run(image, np.where(hole, np.uint8(0), np.uint8(255)))
        if drawn.shape != image.shape:
            raise ModelError(
                f"{self.info.model} gave {drawn.shape} for a picture of {image.shape}: "
                f"it is no {self._kind} network."
            )
        drawn = np.clip(np.rint(drawn[0].transpose(1, 2, 0)), 0, 255)
        return np.asarray(drawn, np.uint8)


def load_network(file: Path) -> OnnxInpaint:
    """The network in a file whose name says which it is; ModelError if it cannot be used."""
    kind = kind_of(file)
    if kind is None:
        raise ModelError(
            f"{file.name} does not say what it is: its name must contain {' or '.join(KINDS)}."
        )
    if not file.is_file():
        raise ModelError(f"There is no file {file}: check the name.")
    run = _by_onnxruntime(file) if find_spec("onnxruntime") else _by_opencv(file)
    return OnnxInpaint(file.stem, kind, run)


def _by_opencv(file: Path) -> Run:
    try:
        net = cv2.dnn.readNetFromONNX(str(file))
    except cv2.error as error:
        raise _unusable(file, error) from error

    def run(image: Blob, mask: Blob) -> Blob:
        try:
            net.setInput(image, "image")
            net.setInput(mask, "mask")
            return np.asarray(net.forward())
        except cv2.error as error:
            raise _unusable(file, error) from error

    return run


def _by_onnxruntime(file: Path) -> Run:
    import onnxruntime

    try:
        session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    except Exception as error:  # the library's errors share no base class
        raise _unusable(file, error) from error

    def run(image: Blob, mask: Blob) -> Blob:
        try:
            return np.asarray(session.run(None, {"image": image, "mask": mask})[0])
        except Exception as error:
            raise _unusable(file, error) from error

    return run


def _unusable(file: Path, error: Exception) -> ModelError:
    lines = [line for line in str(error).strip().splitlines() if line]
    reason = lines[-1].strip().rstrip(".") if lines else type(error).__name__
    return ModelError(f"{file.name} cannot be run here ({reason}): `pip install onnxruntime` may.")


def refuse_prompt(prompt: str, negative: str) -> None:
    """InputError for words, which what only looks at the surroundings cannot obey."""
    if prompt.strip() or negative.strip():
        raise InputError(
            "Content-aware removal takes no prompt: leave it empty, or fill with a model."
        )


def refuse_sketch(params: DenoiseParams) -> None:
    """InputError for a sketch."""
    if params.sketch is not None:
        raise InputError("Content-aware removal takes no sketch: fill with a model instead.")
