"""A sitting: a stretch of training that renders its scenes, trains and exports within a time. Ours.

What is rendered is a mixture of the kinds of scenes that artists' requests are: things in colours
on busy canvases, large holes, groups, surfaces in holes of every shape, bare ground.
"""

from __future__ import annotations

import logging
import multiprocessing
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import cv2
import torch

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.autoencoders.bundled_autoencoder import Autoencoder
from lazydiff_core.model.checkpoint.checkpoint import load_checkpoint
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.references.lexicon import Lexicon
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.storage.safe_files import write_files
from lazydiff_core.training.checkpoints import checkpoints
from lazydiff_core.training.export import (
    continue_from,
    export_model,
    lexicon_of,
    load_autoencoder,
    load_lazy,
)
from lazydiff_core.training.learners.scenes import LazyRun, train_lazy
from lazydiff_core.training.scenes import SceneRecipe, Subject
from lazydiff_core.training.shards import is_rendered, render_shard
from lazydiff_core.training.stickers import StickerBank
from lazydiff_core.training.surfaces.catalogue import SURFACES
from lazydiff_core.training.vocabulary import styled_subjects

log = logging.getLogger(__name__)
Concepts = Mapping[str, tuple[str, ...]]

RENDERING: Final = 0.35  # of the time until training ends
_THINGS = SceneRecipe(
    surface_share=0, colour_share=0.5, ground_share=0.5, style_share=0.15, several_share=0.1,
    pose_share=0.8, tint_share=0.01, empty_share=0.04,
)  # fmt: skip
_LARGE = replace(_THINGS, large=(0.5, 0.9), large_share=0.6, stretch_share=0.6, ground_share=0.25)
_GROUPS = replace(_THINGS, several_share=1, colour_share=0.35, ground_share=0.3, most=5)
_SURFACES = SceneRecipe(surface_share=1, colour_share=0.25, ground_share=0.4)
_BARE = replace(_THINGS, several_share=0, style_share=0, ground_share=0.8, empty_share=1)
# Shards take turns with these.
MIXTURE: Final = (
    _THINGS, _SURFACES, _LARGE, _THINGS, _SURFACES, _GROUPS, _THINGS, _SURFACES, _LARGE, _THINGS,
    _SURFACES, _GROUPS, _THINGS, _SURFACES, _BARE, _THINGS,
)  # fmt: skip


@dataclass(frozen=True)
class Sitting:
    """How long it takes, and with what.

    minutes: until the weights are written. workers: processes that render, 0 = this one. most:
    scenes at most. tokens, rate: of a step, see LazyRun; rate is a share of a first run's. seed:
    of the first scene, too.
    """

    minutes: float
    workers: int = 0
    most: int = 20_000
    per_shard: int = 50
    tokens: int = 7_000
    rate: float = 0.5
    device: str = "cpu"
    seed: int = 0


@dataclass(frozen=True)
class _Folders:
    """Of a sitting: what it reads and what it makes."""

    bank: Path
    out: Path

    @property
    def lazy(self) -> Path:
        return self.out / "lazy"

    @property
    def autoencoder(self) -> Path:
        return self.out / "autoencoder"

    @property
    def shards(self) -> Path:
        return self.out / "shards"


def train_sitting(
    model: Path, bank: Path, concepts: Concepts, text: TextEncoder, out: Path, sitting: Sitting
) -> float:
    """Train a model folder further and write it to `out`/model; returns the loss.

    What `out` holds of an earlier, interrupted sitting is continued. TrainingError for a model
    without a lexicon, and where the loss stops being finite.
    """
    begin, folders = time.monotonic(), _Folders(bank, out)
    checkpoint = load_checkpoint(model)
    if checkpoint.lexicon is None:
        raise TrainingError(f"{model} has no lexicon, of which scenes are told.")
    if not checkpoints(folders.lazy):
        continue_from(model, folders.lazy, folders.autoencoder)
    render_until(begin + 60 * RENDERING * sitting.minutes, folders, concepts, sitting)
    left = sitting.minutes - (time.monotonic() - begin) / 60
    plain = LazyRun(max(0.02, left), tokens_per_step=sitting.tokens, seed=sitting.seed)
    run = replace(
        plain,
        muon_rate=sitting.rate * plain.muon_rate,
        adam_rate=sitting.rate * plain.adam_rate,
        device=sitting.device,
    )
    loss = train_lazy(
        folders.shards, dict(concepts), text, folders.lazy, run, checkpoint.lazy.config
    )
    export_model(
        folders.lazy,
        folders.autoencoder,
        out / "model",
        checkpoint.defaults,
        checkpoint.concepts,
    )
    return loss


def render_until(deadline: float, folders: _Folders, concepts: Concepts, sitting: Sitting) -> None:
    """Render shards until a moment of time.monotonic(), at least one; finished ones are kept."""
    folders.shards.mkdir(parents=True, exist_ok=True)
    jobs = range(max(1, sitting.most // sitting.per_shard))
    painter = _Painter(folders, concepts, sitting.per_shard, sitting.seed)
    if not sitting.workers:
        for job in jobs:
            painter.render(job)
            if time.monotonic() >= deadline:
                break
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(sitting.workers, spawn, _begin, (painter,)) as pool:
        running = [pool.submit(_render, job) for job in jobs]
        done, _ = wait(running, max(0.0, deadline - time.monotonic()))
        if not done:
            wait(running[:1])
        pool.shutdown(cancel_futures=True)
        for future in running:
            if not future.cancelled():
                future.result()


@dataclass(frozen=True)
class _Painter:
    """Renders shards of the mixture; what it needs is read when it is needed first."""

    folders: _Folders
    concepts: Concepts
    per_shard: int
    seed: int

    def render(self, job: int) -> None:
        """Write a shard, unless it is there."""
        path = self.folders.shards / f"shard-{job:05d}.tar"
        if is_rendered(path):
            return
        lexicon, config = self._lexicon, self._config
        recipe = replace(
            MIXTURE[job % len(MIXTURE)],
            side=config.side,
            snap=config.object_grid,
            cell=config.latent_scale,
            least_hole=config.least_hole,
            surfaces=tuple(one for one in self.concepts.items() if one[0] in SURFACES),
        )
        first = self.seed + job * self.per_shard
        seeds = range(first, first + self.per_shard)
        render_shard(
            self._bank, self._vocabulary, self._autoencoder, lexicon, seeds, path, config, recipe
        )
        log.info("%s written", path.name)

    @cached_property
    def _bank(self) -> StickerBank:
        return StickerBank.load(self.folders.bank)

    @cached_property
    def _vocabulary(self) -> tuple[Subject, ...]:
        things = {name: said for name, said in self.concepts.items() if name not in SURFACES}
        return styled_subjects(self._bank, things)

    @cached_property
    def _autoencoder(self) -> Autoencoder:
        return load_autoencoder(self.folders.autoencoder)

    @cached_property
    def _lexicon(self) -> Lexicon:
        lexicon = lexicon_of(self.folders.lazy)
        assert lexicon is not None
        return lexicon

    @cached_property
    def _config(self) -> LazyConfig:
        return load_lazy(self.folders.lazy).config


_painters: list[_Painter] = []  # of this process


def _begin(painter: _Painter) -> None:
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    _painters[:] = [painter]


def _render(job: int) -> None:
    _painters[0].render(job)


def in_parts(files: Iterable[Path], out: Path, most_bytes: int) -> list[Path]:
    """Copy files in parts of at most so many bytes, NAME.000 ..., which `cat NAME.*` joins."""
    parts = {}
    for path in files:
        data = path.read_bytes()
        for k, first in enumerate(range(0, max(1, len(data)), most_bytes)):
            parts[out / f"{path.name}.{k:03d}"] = data[first : first + most_bytes]
    out.mkdir(parents=True, exist_ok=True)
    write_files(parts)
    return list(parts)
