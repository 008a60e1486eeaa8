"""From the files of a sample to what a model looks at."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import numpy.typing as npt
import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from torch import Tensor

from lazydiff_core.contract import RGB, Mask
from lazydiff_core.engine.model_crop import input_of
from lazydiff_core.errors import EmptyMaskError, TrainingError
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.geometry.resample import cut
from lazydiff_core.geometry.tokens import token_frames, token_mask
from lazydiff_core.geometry.window import choose_window
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.training.webshards import CAPTION, ENCODED, MASK, PICTURES, Files


@dataclass(frozen=True, eq=False)
class Sample:
    """The window a model sees of one sample, S pixels a side.

    images: (2,3,S,S) uint8, the picture and what is seen of it, its hole blank; None where latents
    are stored. mask: (S,S) bool. index: (N,) int64 tokens to generate, row-major.
    frame: (N,6) float32 (tokens.token_frames). stored: what was encoded ahead.
    seed: of all its random numbers.
    """

    images: Tensor | None
    mask: Tensor
    index: Tensor
    frame: Tensor
    caption: str
    seed: int = 0
    stored: dict[str, Tensor] = field(default_factory=dict)

    def pin_memory(self) -> Sample:
        """In memory that a card reads while the processor goes on."""
        return replace(
            self,
            images=None if self.images is None else self.images.pin_memory(),
            mask=self.mask.pin_memory(),
            stored={name: value.pin_memory() for name, value in self.stored.items()},
        )


def read_sample(key: str, files: Files, config: LazyConfig, seed: int = 0) -> Sample:
    """Decode a sample and cut its window; TrainingError naming it where that cannot be done."""
    try:
        caption = files[CAPTION].decode("utf-8").strip()
        hole = _decode(files[MASK], cv2.IMREAD_GRAYSCALE) > 127
        if ENCODED in files:
            stored = load_tensors(files[ENCODED])
            return _sample(None, hole, config, caption, seed, stored)
        name = next(name for name in PICTURES if name in files)
        image: RGB = _decode(files[name], cv2.IMREAD_COLOR_RGB)
        if image.shape[:2] != hole.shape:
            raise TrainingError("its mask has another size than its picture")
        images, hole = look(image, hole, config)
        return _sample(images, hole, config, caption, seed, {})
    except (TrainingError, EmptyMaskError, SafetensorError, ValueError, cv2.error) as error:
        raise TrainingError(f"The sample {key} cannot be trained on: {error}.") from error


def count_tokens(key: str, files: Files, config: LazyConfig) -> int:
    """About how many tokens a sample's hole has in the model's window, from its mask alone.

    Raises TrainingError naming the sample where there is no hole.
    """
    if config.regenerates:
        return config.grid**2
    try:
        hole = _decode(files[MASK], cv2.IMREAD_GRAYSCALE) > 127
        window = choose_window(bounding_box(hole), hole.shape, config.side, config.framing)
        token = config.token_pixels * window.side / config.side
    except (TrainingError, EmptyMaskError, cv2.error) as error:
        raise TrainingError(f"The sample {key} cannot be trained on: {error}.") from error
    cells = (max(1, round(hole.shape[1] / token)), max(1, round(hole.shape[0] / token)))
    covered = cv2.resize(hole.astype(np.float32), cells, interpolation=cv2.INTER_AREA)
    return int(np.count_nonzero(covered))


def look(image: RGB, hole: Mask, config: LazyConfig) -> tuple[tuple[RGB, RGB], Mask]:
    """The window that the engine would choose (ADR 0002): picture, what is seen of it, mask.

    What is seen is made as the engine makes it: nothing of the hole may show around it.
    """
    window = choose_window(bounding_box(hole), hole.shape, config.side, config.framing)
    view = input_of(image, hole, window)
    return (cut(image, window), view.image), view.mask


def _sample(
    images: tuple[RGB, RGB] | None,
    hole: Mask,
    config: LazyConfig,
    caption: str,
    seed: int,
    stored: dict[str, Tensor],
) -> Sample:
    if hole.shape != (config.side, config.side):
        raise TrainingError(f"it was encoded for {hole.shape[0]} pixels, not {config.side}")
    grid = token_mask(hole, config.token_pixels)
    if not grid.any():
        raise EmptyMaskError("its mask is empty")
    if config.regenerates:
        grid = np.ones_like(grid)
    frame = token_frames(hole, grid, config.token_pixels)
    return Sample(
        None if images is None else _channels_first(np.stack(images)),
        torch.from_numpy(hole),
        torch.from_numpy(np.flatnonzero(grid)),
        torch.from_numpy(frame),
        caption,
        seed,
        stored,
    )


def _channels_first(images: npt.NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2)))


def _decode(data: bytes, flags: int) -> npt.NDArray[np.uint8]:
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if pixels is None:
        raise TrainingError("its picture or mask is damaged")
    return np.asarray(pixels, np.uint8)
