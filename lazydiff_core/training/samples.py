"""From the files of a sample to what a model looks at, in an order fixed by seed and step.

Nothing here keeps a state: which samples a step takes, and every random number of a sample, follow
from the recipe's seed and the step alone. So any number of processes computes the same run, and a
run goes on from any step as if it had not stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt
import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from torch import Tensor
from torch.utils.data import IterableDataset, get_worker_info

from lazydiff_core.contract import RGB, Mask
from lazydiff_core.engine.model_crop import input_of
from lazydiff_core.errors import EmptyMaskError, TrainingError
from lazydiff_core.geometry.box import bounding_box
from lazydiff_core.geometry.resample import cut
from lazydiff_core.geometry.tokens import token_frames, token_mask
from lazydiff_core.geometry.window import choose_window
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.training.recipe import Recipe
from lazydiff_core.training.webshards import CAPTION, ENCODED, MASK, PICTURES, Files, WebShards


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


# --- order ----------------------------------------------------------------------------------------


@lru_cache(maxsize=2)
def _shuffled(count: int, epoch: int, seed: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng([seed, epoch]).permutation(count)


def sample_number(place: int, count: int, seed: int) -> int:
    """Which of `count` samples comes at a place of the run: each once an epoch, shuffled."""
    epoch, rest = divmod(place, count)
    return int(_shuffled(count, epoch, seed)[rest])


@dataclass(frozen=True)
class Share:
    """What one of several processes computes of each step: `batch` / `world` samples."""

    rank: int = 0
    world: int = 1

    def micro_batches(self, recipe: Recipe) -> int:
        """Micro-batches a step; TrainingError where a batch cannot be shared like this."""
        parts = self.world * recipe.micro_batch
        if recipe.batch % parts:
            raise TrainingError(
                f"A batch of {recipe.batch} cannot be shared by {self.world} processes "
                f"with micro-batches of {recipe.micro_batch}: {parts} must divide it."
            )
        return recipe.batch // parts

    def places(self, recipe: Recipe, micro: int) -> range:
        """Places in the run of this process's micro-batch `micro`, counted from the first step."""
        step, part = divmod(micro, self.micro_batches(recipe))
        first = step * recipe.batch + self.rank * (recipe.batch // self.world)
        first += part * recipe.micro_batch
        return range(first, first + recipe.micro_batch)


class MicroBatches(IterableDataset[list[Sample] | TrainingError]):
    """A process's micro-batches from `first_step` to the end; readers take turns.

    A reader hands an error on as a value: raised in another process it would arrive as a traceback.
    """

    def __init__(
        self,
        shards: WebShards,
        config: LazyConfig,
        recipe: Recipe,
        share: Share,
        first_step: int = 0,
    ) -> None:
        self.shards, self.config, self.recipe = shards, config, recipe
        self.share, self.first_step = share, first_step

    def __iter__(self) -> Iterator[list[Sample] | TrainingError]:
        reader = get_worker_info()
        at, turns = (reader.id, reader.num_workers) if reader else (0, 1)
        each = self.share.micro_batches(self.recipe)
        for micro in range(self.first_step * each + at, self.recipe.steps * each, turns):
            try:
                yield [self.sample(place) for place in self.share.places(self.recipe, micro)]
            except TrainingError as error:
                yield error
                return

    def sample(self, place: int) -> Sample:
        """The sample at a place of the run."""
        number = sample_number(place, len(self.shards), self.recipe.seed)
        seed = int(np.random.SeedSequence([self.recipe.seed, place]).generate_state(1)[0])
        return read_sample(*self.shards.read(number), self.config, seed)
