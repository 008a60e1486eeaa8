"""Trains the judge on real renderings in scenes, cropped in the same way as fills.

Sticker banks do not contain held-out renderings, so the judge never sees them. Scene seeds from
RESERVED_SEED on are reserved for evaluation.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader, IterableDataset

from lazydiff_core.errors import TrainingError
from lazydiff_core.evaluation.judge import (
    SIDE,
    Judge,
    JudgeConfig,
    as_tensor,
    crop_hole,
    load_judge,
    save_judge,
)
from lazydiff_core.evaluation.judge_augmentation import augment
from lazydiff_core.model.autoencoders.latent_codec import LatentCodec
from lazydiff_core.model.references.lexicon import STYLES
from lazydiff_core.training.precision import autocast, fast_dtype
from lazydiff_core.training.scenes import RESERVED_SEED, Scene, SceneRecipe, Subject, make_scene
from lazydiff_core.training.stickers import StickerBank
from lazydiff_core.training.vocabulary import subjects_of

log = logging.getLogger(__name__)

# Objects of the sizes that they have on a 512-pixel canvas, on a smaller and cheaper one.
RECIPE = SceneRecipe(
    side=256,
    small=(0.34, 0.8),
    large_share=0.0,
    stretch_share=0.0,
    empty_share=0.0,
    max_others=2,
    tint_share=0.12,
)
SMOOTHING = 0.05


@dataclass(frozen=True)
class JudgeRun:
    """Settings of a training run of `minutes` minutes.

    stored:      side of the stored crops, of which augmentation shows a part.
    rendered:    new examples that join the pool before each batch.
    least_pool:  examples in the pool before the first batch, against overfitting.
    small_share: share of the run in which crops are `small_side` pixels wide, at a third of the
                 cost of SIDE.
    """

    minutes: float = 12.0
    batch: int = 128
    small_side: int = 40
    small_share: float = 0.6
    rendered: int = 12
    pool: int = 16_000
    least_pool: int = 128
    stored: int = 88
    stored_margin: float = 0.2
    decoded_share: float = 0.5
    peak_rate: float = 3e-3
    style_weight: float = 0.3
    checked: int = 600
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Examples:
    """crops (B,S,S,3) uint8, concept and style class of each (B,) int64."""

    crops: npt.NDArray[np.uint8]
    concepts: npt.NDArray[np.int64]
    styles: npt.NDArray[np.int64]


class _Pool:
    """A pool of limited size, in which a new example replaces a random one."""

    def __init__(self, room: int, side: int) -> None:
        self.filled = 0
        self.held = Examples(
            np.empty((room, side, side, 3), np.uint8),
            np.empty(room, np.int64),
            np.empty(room, np.int64),
        )

    def put(
        self, crop: npt.NDArray[np.uint8], concept: int, style: int, rng: np.random.Generator
    ) -> None:
        room = len(self.held.concepts)
        row = self.filled if self.filled < room else int(rng.integers(room))
        self.held.crops[row], self.held.concepts[row], self.held.styles[row] = crop, concept, style
        self.filled = min(self.filled + 1, room)

    def draw(self, count: int, rng: np.random.Generator) -> Examples:
        rows = rng.integers(self.filled, size=count)
        held = self.held
        return Examples(held.crops[rows], held.concepts[rows], held.styles[rows])


class ExampleStream(IterableDataset[Examples]):
    """Endless batches from a slowly renewed pool of crops, some through the autoencoder."""

    def __init__(
        self,
        bank: Path,
        subjects: tuple[Subject, ...],
        config: JudgeConfig,
        autoencoder: LatentCodec | None,
        run: JudgeRun,
    ) -> None:
        self.bank, self.subjects, self.config = bank, subjects, config
        self.autoencoder, self.run = autoencoder, run

    def __iter__(self) -> Iterator[Examples]:
        torch.set_num_threads(1)
        cv2.setNumThreads(1)
        run, rng = self.run, np.random.default_rng(self.run.seed)
        bank, dtype = StickerBank.load(self.bank), fast_dtype(torch.device("cpu"))
        pool = _Pool(run.pool, run.stored)
        while True:
            seeds = rng.integers(RESERVED_SEED, size=run.rendered)
            scenes = [make_scene(bank, self.subjects, int(seed), RECIPE) for seed in seeds]
            for scene, image in zip(scenes, self._decode(scenes, dtype), strict=True):
                sticker = bank.stickers[self.subjects[scene.subject].sticker]
                crop = crop_hole(image, scene.mask, run.stored, run.stored_margin)
                concept = self.config.concepts.index(sticker.concept)
                pool.put(crop, concept, self.config.styles.index(sticker.style), rng)
            if pool.filled >= min(run.least_pool, run.pool):
                yield pool.draw(run.batch, rng)

    def _decode(self, scenes: list[Scene], dtype: torch.dtype) -> list[npt.NDArray[np.uint8]]:
        """The scenes' images, the first of them passed through the autoencoder."""
        images = [scene.image for scene in scenes]
        count = round(self.run.decoded_share * len(images))
        if self.autoencoder is None or not count:
            return images
        with torch.inference_mode(), autocast(torch.device("cpu"), dtype):
            latent = self.autoencoder.encode(as_tensor(np.stack(images[:count])))
            decoded = self.autoencoder.decode(latent).float().clamp(-1, 1)
        pixels = ((decoded + 1) * 127.5).round().permute(0, 2, 3, 1).to(torch.uint8).numpy()
        return [*pixels, *images[count:]]


def judged_subjects(
    bank: StickerBank, concepts: dict[str, tuple[str, ...]], rare: frozenset[str] = frozenset()
) -> tuple[Subject, ...]:
    """Every rendering of every concept; concepts in `rare` have half the weight."""
    return tuple(
        Subject(s.sticker, s.prompts, 0.5 if bank.stickers[s.sticker].concept in rare else 1.0)
        for s in subjects_of(bank, concepts, STYLES)
    )


def train_judge(
    bank_folder: Path,
    concepts: dict[str, tuple[str, ...]],
    autoencoder: LatentCodec | None,
    out: Path,
    run: JudgeRun,
    rare: frozenset[str] = frozenset(),
) -> float:
    """Train a judge for `run.minutes` and write it to `out`; resumes from a judge there.

    Returns the accuracy on reserved scenes of renderings from the training set. Raises
    TrainingError if the judge in `out` has other classes.
    """
    torch.manual_seed(run.seed)
    bank = StickerBank.load(bank_folder)
    judge = _begin(out, concepts)
    subjects = judged_subjects(bank, concepts, rare)
    stream = ExampleStream(bank_folder, subjects, judge.config, autoencoder, run)
    loader = iter(DataLoader(stream, batch_size=None, num_workers=1, prefetch_factor=4))
    optimizer = torch.optim.AdamW(judge.parameters(), lr=run.peak_rate, weight_decay=0.02)
    generator = torch.Generator().manual_seed(run.seed)
    dtype = fast_dtype(torch.device("cpu"))
    start = saved = time.monotonic()
    step, shown, hits = 0, 0.0, 0.0
    while (progress := (time.monotonic() - start) / (60 * run.minutes)) < 1:
        optimizer.param_groups[0]["lr"] = run.peak_rate * _rate(progress, step)
        examples = next(loader)
        side = run.small_side if progress < run.small_share else SIDE
        image = augment(as_tensor(examples.crops), side, generator)
        loss, right = _loss(judge, image, examples, run.style_weight, dtype)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(judge.parameters(), 1.0)
        optimizer.step()
        step += 1
        decay = min(0.98, 1 - 1 / step)
        shown, hits = (
            decay * a + (1 - decay) * b for a, b in ((shown, loss.item()), (hits, right))
        )
        if step % 25 == 0:
            log.info("%3.0f%% step %d loss %.3f top-1 %.3f", 100 * progress, step, shown, hits)
        if time.monotonic() - saved > 60:
            save_judge(out, judge)
            saved = time.monotonic()
    save_judge(out, judge)
    return check_judge(load_judge(out), bank, subjects, run.checked)


def _begin(out: Path, concepts: dict[str, tuple[str, ...]]) -> Judge:
    """The judge in `out`, or a new one, ready to train."""
    config = JudgeConfig(tuple(concepts), tuple(p[0] for p in concepts.values()), STYLES)
    judge = load_judge(out) if (out / "config.json").exists() else Judge(config)
    if judge.config.concepts != config.concepts:
        raise TrainingError(f"The judge in {out} learns other concepts: name another folder.")
    judge.train().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return judge


def _rate(progress: float, step: int) -> float:
    """Share of the peak rate: a short warm-up, then half a cosine down to 0."""
    return min(1.0, (step + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * progress))


def _loss(
    judge: Judge, image: Tensor, examples: Examples, style_weight: float, dtype: torch.dtype
) -> tuple[Tensor, float]:
    """Cross-entropy of concept and style, and the accuracy for concepts."""
    truth = torch.from_numpy(examples.concepts)
    with autocast(torch.device("cpu"), dtype):
        concepts, styles, _ = judge(image.contiguous(memory_format=torch.channels_last))
    loss = F.cross_entropy(concepts.float(), truth, label_smoothing=SMOOTHING)
    style = F.cross_entropy(styles.float(), torch.from_numpy(examples.styles))
    right = (concepts.argmax(1) == truth).float().mean().item()
    return loss + style_weight * style, right


@torch.inference_mode()
def check_judge(
    judge: Judge, bank: StickerBank, subjects: tuple[Subject, ...], count: int
) -> float:
    """Top-1 accuracy among all classes, on reserved scenes without augmentation."""
    right = 0
    for seed in range(RESERVED_SEED, RESERVED_SEED + count):
        scene = make_scene(bank, subjects, seed, RECIPE)
        truth = bank.stickers[subjects[scene.subject].sticker].concept
        logits, _, _ = judge(as_tensor(crop_hole(scene.image, scene.mask)[None]))
        right += judge.config.concepts[int(logits.argmax())] == truth
    return right / count
