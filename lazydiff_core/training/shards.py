"""Scenes rendered and encoded ahead, in shards (webshards.py) that a trainer keeps in memory.

A scene is a sample that is encoded ahead, so `train model` reads it as any other. Its safetensors
hold besides what `train lazy` looks at: "tokens" (N,) bool, grown to bucket sizes, and their
"frames" (N,6), zero at visible tokens, and the "mask" in packed bits, since decoding the PNGs of
20,000 scenes takes a minute; its JSON what it asks for.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from lazydiff_core.contract import Mask
from lazydiff_core.errors import TrainingError
from lazydiff_core.geometry.tokens import grow_to_multiple, token_frames, token_mask
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.references.lexicon import STYLES, Lexicon
from lazydiff_core.model.references.reference_latents import (
    Variation,
    covered,
    lay,
    surface_latents,
    varied,
)
from lazydiff_core.model.references.teller import frames_in_shares
from lazydiff_core.training.batches import TOLD
from lazydiff_core.training.crops import crop_scene
from lazydiff_core.training.precision import autocast, fast_dtype
from lazydiff_core.training.scenes import Scene, SceneRecipe, Subject, make_scene
from lazydiff_core.training.stickers import StickerBank
from lazydiff_core.training.webshards import (
    CAPTION,
    ENCODED,
    MASK,
    Files,
    index_path,
    read_shard,
    write_shard,
)

log = logging.getLogger(__name__)
BATCH = 8
ASKED = "json"  # the file of a sample that says what it asks for
_OLD = "safetensors"
_TENSORS = ("target", "visible", "mask", "tokens", "frames")
_OLD_TENSORS = (*_TENSORS, "told")  # of the files of older versions, a shard in each


class Asked(NamedTuple):
    """What a scene asks for, and what it shows of it.

    concept: its name, "" = background only. prompt: "" = any of the concept's own. style: that of
    what the scene is told, "" where it is told nothing.
    """

    concept: str
    prompt: str = ""
    style: str = ""


@dataclass(frozen=True)
class ShardSet:
    """S encoded scenes.

    target, visible: (S,c,h,w) float16 latents of the whole scene and of its visible part;
    mask: (S, side*side/8) packed bits; tokens: (S,N) bool, grown to bucket sizes;
    frames: (S,N,6) float16 (zero at visible tokens); told: (S,c+1,h,w) float16 cells of Told.
    """

    target: Tensor
    visible: Tensor
    mask: Tensor
    tokens: Tensor
    frames: Tensor
    told: Tensor
    asked: tuple[Asked, ...]

    def __len__(self) -> int:
        return len(self.asked)

    def masks(self, rows: Tensor) -> Tensor:
        """(B,1,side,side) float32 masks of some rows."""
        bits = np.unpackbits(self.mask[rows].numpy(), axis=1)
        side = round(bits.shape[1] ** 0.5)
        return torch.from_numpy(bits).view(-1, 1, side, side).float()


def bucket_size(count: int) -> int:
    """Multiple that hole tokens are grown to, since batches need equal counts."""
    return 4 if count <= 64 else 8 if count <= 128 else 16


def render_shard(
    bank: StickerBank,
    vocabulary: tuple[Subject, ...],
    autoencoder: Autoencoder,
    lexicon: Lexicon,
    seeds: range,
    path: Path,
    config: LazyConfig,
    recipe: SceneRecipe = SceneRecipe(),
) -> None:
    """Render and encode the scenes of `seeds` into one file; the same seeds give the same file.

    lexicon: what scenes are told of their objects. config: of the model that is to look at them;
    where it looks at a crop, only the tight square around each hole is kept.
    """
    write_shard(
        path,
        _samples(bank, vocabulary, autoencoder, lexicon, seeds, config, recipe),
    )


def _samples(
    bank: StickerBank,
    vocabulary: tuple[Subject, ...],
    autoencoder: Autoencoder,
    lexicon: Lexicon,
    seeds: range,
    config: LazyConfig,
    recipe: SceneRecipe,
) -> Iterator[tuple[str, Files]]:
    crop = config if config.architecture == "regenerate_crop" else None
    batches = [seeds[k : k + BATCH] for k in range(0, len(seeds), BATCH)]

    def draw(batch: range) -> list[Scene]:
        scenes = [make_scene(bank, vocabulary, seed, recipe) for seed in batch]
        return scenes if crop is None else [crop_scene(scene, crop) for scene in scenes]

    with ThreadPoolExecutor(1) as pool:
        for batch, scenes in zip(batches, pool.map(draw, batches), strict=True):
            encoded = _encode(autoencoder, scenes, batch, config.token_pixels)
            for row, (scene, seed) in enumerate(zip(scenes, batch, strict=True)):
                asked = _asked(scene, bank, vocabulary)
                told = _told(scene, asked, bank, vocabulary, autoencoder, lexicon, config)
                style = torch.tensor([float(asked.style == one) for one in STYLES])
                parts = {name: value[row].contiguous() for name, value in encoded.items()}
                parts |= zip(TOLD, (told.half(), style.half()), strict=True)
                yield (
                    f"{seed:08d}",
                    {
                        ENCODED: save_tensors(parts),
                        MASK: _png(scene.mask),
                        CAPTION: (asked.prompt or asked.concept).encode(),
                        ASKED: json.dumps(asked._asdict()).encode(),
                    },
                )


def _png(mask: Mask) -> bytes:
    pixels = mask.astype(np.uint8) * 255
    data: bytes = cv2.imencode(".png", pixels)[1].tobytes()
    return data


def _asked(scene: Scene, bank: StickerBank, vocabulary: tuple[Subject, ...]) -> Asked:
    if scene.subject < 0:
        return Asked(scene.surface, scene.prompt, STYLES[0] if scene.surface else "")
    sticker = bank.stickers[vocabulary[scene.subject].sticker]
    return Asked(sticker.concept, scene.prompt, sticker.style)


def _told(
    scene: Scene,
    asked: Asked,
    bank: StickerBank,
    vocabulary: tuple[Subject, ...],
    codec: Autoencoder,
    lexicon: Lexicon,
    config: LazyConfig,
) -> Tensor:
    """(c+1,h,w) cells of what a scene is told: its surface, or its objects in their places."""
    if scene.ground is not None:
        return covered(surface_latents(codec, scene.ground)[0])
    cells, scale = config.side // config.latent_scale, config.latent_scale
    window = torch.zeros(config.latent_channels + 1, cells, cells)
    style = STYLES.index(asked.style) if asked.style else None
    for target in scene.targets:
        concept = bank.stickers[vocabulary[target.subject].sticker].concept
        reference = lexicon.reference(concept, style)
        if reference is not None:
            side = max(1, round(target.place.width / scale)) * scale
            variation = Variation(target.pose, target.colour)
            lay(varied(codec, reference, variation, side), target.place, window, scale)
    return window


@torch.no_grad()
def _encode(
    autoencoder: Autoencoder, scenes: list[Scene], seeds: range, token_pixels: int
) -> dict[str, Tensor]:
    device = next(autoencoder.parameters()).device
    image = _in_range([s.image for s in scenes])
    mask = np.stack([s.mask for s in scenes])
    seen = _in_range([s.image if s.seen is None else s.seen for s in scenes])
    seen = seen * torch.from_numpy(~mask)[:, None]
    both = torch.cat([image, seen]).to(device, memory_format=torch.channels_last)
    with autocast(device, fast_dtype(device)):
        latent = autoencoder.encode(both).half().cpu()
    grids, frames = [], []
    for scene, hole, seed in zip(scenes, mask, seeds, strict=True):
        grid = token_mask(hole, token_pixels)
        multiple = bucket_size(int(grid.sum()))
        grid = grow_to_multiple(grid, multiple, np.random.default_rng(seed))
        frame = np.zeros((grid.size, 6), np.float16)
        things = len(scene.targets)
        if things > 1:
            frame[grid.ravel()] = frames_in_shares(things, hole, grid, token_pixels)
        else:
            frame[grid.ravel()] = token_frames(hole, grid, token_pixels)
        grids.append(grid.ravel())
        frames.append(frame)
    return {
        "target": latent[: len(scenes)],
        "visible": latent[len(scenes) :],
        "mask": torch.from_numpy(np.packbits(mask.reshape(len(scenes), -1), axis=1)),
        "tokens": torch.from_numpy(np.stack(grids)),
        "frames": torch.from_numpy(np.stack(frames)),
    }


def _in_range(pictures: list[npt.NDArray[np.uint8]]) -> Tensor:
    """(side, side, 3) uint8 pictures -> (B, 3, side, side) in [-1,1]."""
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1


def load_shards(folder: Path) -> ShardSet:
    """Every finished shard of a folder, concatenated; TrainingError if there is none, or where one
    is damaged or holds other samples than scenes."""
    paths = shard_paths(folder)
    if not paths:
        raise TrainingError(f"No training shards in {folder}: render some first.")
    return _joined([_load(path) if path.suffix == ".tar" else _load_old(path) for path in paths])


def shard_paths(folder: Path) -> list[Path]:
    """The shards of a folder, in order."""
    return sorted(path for kind in ("tar", _OLD) for path in folder.glob(f"shard-*.{kind}"))


def _load(path: Path) -> ShardSet:
    rows: dict[str, list[Tensor]] = {name: [] for name in _OLD_TENSORS}
    asked: list[Asked] = []
    for key, files in read_shard(path)[1]:
        try:
            stored = load_tensors(files[ENCODED])
            for name in _TENSORS:
                rows[name].append(stored[name])
            rows["told"].append(stored[TOLD[0]])
            asked.append(Asked(**json.loads(files[ASKED])))
        except (LookupError, TypeError, ValueError, SafetensorError) as error:
            raise TrainingError(f"{path} holds no scenes: {key} lacks {error}.") from error
    return ShardSet(**{k: torch.stack(v) for k, v in rows.items()}, asked=tuple(asked))


def _load_old(path: Path) -> ShardSet:
    with safe_open(path, "pt") as file:
        tensors = {name: file.get_tensor(name) for name in _OLD_TENSORS}
        asked = tuple(Asked(*one) for one in json.loads(file.metadata()["asked"]))
    return ShardSet(**tensors, asked=asked)


def _joined(sets: list[ShardSet]) -> ShardSet:
    return ShardSet(
        **{name: torch.cat([getattr(one, name) for one in sets]) for name in _OLD_TENSORS},
        asked=tuple(asked for one in sets for asked in one.asked),
    )


def is_rendered(path: Path) -> bool:
    """Whether a shard is finished, perhaps by an older version. Its index comes last."""
    return index_path(path).exists() or path.with_suffix(f".{_OLD}").exists()


def render_shards(
    bank: StickerBank,
    vocabulary: tuple[Subject, ...],
    autoencoder: Autoencoder,
    out: Path,
    count: int,
    lexicon: Lexicon,
    config: LazyConfig,
    recipe: SceneRecipe = SceneRecipe(),
    per_shard: int = 500,
    first_seed: int = 0,
) -> None:
    """Render shards until `count` scenes exist; finished ones are kept, so a stop loses little."""
    cv2.setNumThreads(1)
    out.mkdir(parents=True, exist_ok=True)
    for first in range(0, count, per_shard):
        path = out / f"shard-{first:07d}.tar"
        if not is_rendered(path):
            seeds = range(first_seed + first, first_seed + min(first + per_shard, count))
            render_shard(bank, vocabulary, autoencoder, lexicon, seeds, path, config, recipe)
            log.info("%s written", path.name)
