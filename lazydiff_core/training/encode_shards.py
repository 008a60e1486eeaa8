"""Encode shards ahead for one model, so that training runs neither autoencoder nor text encoder."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save as save_tensors

from lazydiff_core.errors import TrainingError
from lazydiff_core.files import make_folder
from lazydiff_core.training.batches import BatchMaker
from lazydiff_core.training.samples import Sample, read_sample
from lazydiff_core.training.webshards import (
    CAPTION,
    ENCODED,
    MASK,
    Files,
    find_shards,
    index_path,
    open_shards,
    write_shard,
)


def encode_shards(maker: BatchMaker, data: list[Path], out: Path, part: int, parts: int) -> int:
    """Write one encoded shard for each; what is there already is left, so a stop loses little.

    part of parts: every parts-th shard only, from the part-th (0-based), for several machines.
    Returns the number of shards written. Raises TrainingError, TargetError.
    """
    shards = find_shards(data)
    names = [shard.name for shard in shards]
    if len(set(names)) < len(names):
        raise TrainingError("Two of the shards have the same name: rename one.")
    make_folder(out)
    todo = [s for s in shards[part::parts] if not index_path(out / s.name).exists()]
    for shard in todo:
        write_shard(out / shard.name, _encoded(maker, shard))
    return len(todo)


def _encoded(maker: BatchMaker, shard: Path) -> Iterator[tuple[str, Files]]:
    samples = open_shards([shard])
    for number in range(len(samples)):
        key, files = samples.read(number)
        sample = read_sample(key, files, maker.config)
        mask = BytesIO()
        Image.fromarray(sample.mask.numpy().astype(np.uint8) * 255).save(mask, "PNG")
        encoded = save_tensors(_tensors(maker, sample))
        yield key, {ENCODED: encoded, MASK: mask.getvalue(), CAPTION: files[CAPTION]}


@torch.no_grad()
def _tensors(maker: BatchMaker, sample: Sample) -> dict[str, torch.Tensor]:
    target, visible = maker.latents(sample)
    tensors = {"target": target, "visible": visible}
    if not maker.config.classes:
        tensors["states"] = maker.states(sample)
    return {name: value.half().cpu().contiguous() for name, value in tensors.items()}
