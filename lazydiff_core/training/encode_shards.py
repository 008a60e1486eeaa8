"""Encode shards ahead for one model, so that training runs neither autoencoder nor text encoder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import count, islice
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
from lazydiff_core.training.sources import addresses_in
from lazydiff_core.training.streams import read_stream
from lazydiff_core.training.webshards import (
    CAPTION,
    ENCODED,
    MASK,
    Files,
    find_shards,
    index_path,
    read_shard,
    write_shard,
)

# Samples whose captions are encoded at once: T5's layers, 9.5 GB, visit the card once for each.
TOGETHER = 32
_TAR = re.compile(r"[^/\s\"'=?&]+\.tar\b")


def encode_shards(
    maker: BatchMaker,
    data: Sequence[str],
    out: Path,
    part: int,
    parts: int,
    on_sample: Callable[[int, int], None] = lambda done, of: None,
) -> int:
    """Write one encoded shard for each; what is there already is left, so a stop loses little.

    data: folders of shards, or addresses (sources.py), whose samples are not counted ahead.
    part of parts: every parts-th shard only, from the part-th (0-based), for several machines.
    on_sample: is told how many samples are done, and of how many, 0 where that is not known.
    Returns the number of shards written. Raises TrainingError, TargetError.
    """
    shards: Sequence[Path | str] = addresses_in(data) or find_shards([Path(one) for one in data])
    names = [shard_name(str(shard)) for shard in shards]
    if len(set(names)) < len(names):
        raise TrainingError("Two of the shards have the same name: rename one.")
    make_folder(out)
    mine = list(zip(names, shards, strict=True))[part::parts]
    todo = {name: one for name, one in mine if not index_path(out / name).exists()}
    total, samples = 0, list[Iterator[tuple[str, Files]]]()
    for one in todo.values():
        if isinstance(one, str):
            samples.append(read_stream(one))
        else:
            length, each = read_shard(one)
            samples.append(each)
            total += length
    counter = count(1)
    for name, each in zip(todo, samples, strict=True):
        write_shard(out / name, _encoded(maker, each, lambda: on_sample(next(counter), total)))
    return len(todo)


def shard_name(address: str) -> str:
    """The name of the encoded shard of an address or a path: that of the tar in it.

    TrainingError where there is none, so that two commands do not write one file.
    """
    found = _TAR.findall(address)
    if not found:
        raise TrainingError(f"{address} does not name a shard (.tar).")
    name: str = found[-1]
    return name


def _encoded(
    maker: BatchMaker, samples: Iterator[tuple[str, Files]], on_sample: Callable[[], None]
) -> Iterator[tuple[str, Files]]:
    while named := list(islice(samples, TOGETHER)):
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
