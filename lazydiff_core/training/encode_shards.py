"""Encode shards ahead for one model, so that training runs neither autoencoder nor text encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import count
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save as save_tensors

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.storage.safe_files import make_folder
from lazydiff_core.training.batches import TOLD, BatchMaker
from lazydiff_core.training.samples import Sample, read_sample
from lazydiff_core.training.webshards import (
    CAPTION,
    ENCODED,
    MASK,
    Files,
    WebShards,
    find_shards,
    index_path,
    open_shards,
    write_shard,
)

# Samples whose captions are encoded at once: T5's layers, 9.5 GB, visit the card once for each.
TOGETHER = 32


def encode_shards(
    maker: BatchMaker,
    data: list[Path],
    out: Path,
    part: int,
    parts: int,
    on_sample: Callable[[int, int], None] = lambda done, of: None,
) -> int:
    """Write one encoded shard for each; what is there already is left, so a stop loses little.

    part of parts: every parts-th shard only, from the part-th (0-based), for several machines.
    on_sample: is told how many samples are done, and of how many. Returns the number of shards
    written. Raises TrainingError, TargetError.
    """
    shards = find_shards(data)
    names = [shard.name for shard in shards]
    if len(set(names)) < len(names):
        raise TrainingError("Two of the shards have the same name: rename one.")
    make_folder(out)
    todo = [s for s in shards[part::parts] if not index_path(out / s.name).exists()]
    opened = [open_shards([shard], allow_empty=True) for shard in todo]
    total = sum(map(len, opened))
    counter = count(1)
    for shard, samples in zip(todo, opened, strict=True):
        write_shard(
            out / shard.name, _encoded(maker, samples, lambda: on_sample(next(counter), total))
        )
    return len(todo)


def _encoded(
    maker: BatchMaker, samples: WebShards, on_sample: Callable[[], None]
) -> Iterator[tuple[str, Files]]:
    for first in range(0, len(samples), TOGETHER):
        numbers = range(first, min(first + TOGETHER, len(samples)))
        named = [samples.read(number) for number in numbers]
        read = [read_sample(key, files, maker.config) for key, files in named]
        prompts = [None] * len(read) if maker.config.classes else maker.prompts(read)
        for (key, files), sample, prompt in zip(named, read, prompts, strict=True):
            mask = BytesIO()
            Image.fromarray(sample.mask.numpy().astype(np.uint8) * 255).save(mask, "PNG")
            encoded = save_tensors(_tensors(maker, sample, prompt))
            yield key, {ENCODED: encoded, MASK: mask.getvalue(), CAPTION: files[CAPTION]}
            on_sample()


@torch.no_grad()
def _tensors(maker: BatchMaker, sample: Sample, prompt: Prompt | None) -> dict[str, torch.Tensor]:
    target, visible = maker.latents(sample)
    tensors = {"target": target, "visible": visible}
    if prompt is not None:
        tensors["states"] = prompt.states[0][prompt.mask[0]]
        if prompt.told is not None:
            tensors |= zip(TOLD, (part[0] for part in prompt.told.parts), strict=True)
    return {name: value.half().cpu().contiguous() for name, value in tensors.items()}
