"""Trains the judge on real renderings in scenes, cropped in the same way as fills.

Sticker banks do not contain held-out renderings, so the judge never sees them. Scene seeds from
RESERVED_SEED on are reserved for evaluation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
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
from lazydiff_core.training.learner import Clock, Count, Learner, Moment, Plan, Terms
from lazydiff_core.training.loop import Hooks, Loop, make_accelerator
from lazydiff_core.training.precision import autocast, fast_dtype
from lazydiff_core.training.scenes import RESERVED_SEED, Scene, SceneRecipe, Subject, make_scene
from lazydiff_core.training.stickers import StickerBank
from lazydiff_core.training.vocabulary import subjects_of

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
    """Settings of a training run of `minutes` minutes, or of `steps` steps if there are some.

    stored:      side of the stored crops, of which augmentation shows a part.
    rendered:    new examples that join the pool before each batch.
    least_pool:  examples in the pool before the first batch, against overfitting.
    small_share: share of the run in which crops are `small_side` pixels wide, at a third of the
                 cost of SIDE.
    """

    minutes: float = 12.0
    steps: int = 0
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
    """The last examples of an endless row, as many as there is room for."""

    def __init__(self, room: int, side: int) -> None:
        self.held = Examples(
            np.empty((room, side, side, 3), np.uint8),
            np.empty(room, np.int64),
            np.empty(room, np.int64),
        )

    def put(self, number: int, crop: npt.NDArray[np.uint8], concept: int, style: int) -> None:
        """The example of this number, in the place of one before it."""
        row = number % len(self.held.concepts)
        self.held.crops[row], self.held.concepts[row], self.held.styles[row] = crop, concept, style

    def draw(self, put: int, count: int, rng: np.random.Generator) -> Examples:
        """Once `put` examples were put."""
        held = self.held
        rows = rng.integers(min(put, len(held.concepts)), size=count)
        return Examples(held.crops[rows], held.concepts[rows], held.styles[rows])


class ExampleStream(IterableDataset[Examples]):
    """Endless batches of crops, some through the autoencoder, of a stretch that began at step
    `first`, from `step` on.

    Each step sees the last `pool` examples of an endless row, to which it adds `rendered`; one that
    is not the first of its stretch renders those before it again.
    """

    def __init__(
        self,
        bank: Path,
        subjects: tuple[Subject, ...],
        config: JudgeConfig,
        autoencoder: LatentCodec | None,
        run: JudgeRun,
        first: int = 0,
        step: int = 0,
    ) -> None:
        self.bank, self.subjects, self.config = bank, subjects, config
        self.autoencoder, self.run = autoencoder, run
        self.first, self.since = first, step - first

    def __iter__(self) -> Iterator[Examples]:
        torch.set_num_threads(1)
        cv2.setNumThreads(1)
        run, pool = self.run, _Pool(self.run.pool, self.run.stored)
        bank, dtype = StickerBank.load(self.bank), fast_dtype(torch.device("cpu"))
        # Rounds of `rendered` scenes: how many there are before this batch, and fill the pool.
        due = -(-min(run.least_pool, run.pool) // run.rendered) + self.since
        for turn in count(max(0, due - -(-run.pool // run.rendered))):
            rng = np.random.default_rng([run.seed, self.first, turn])
            seeds = rng.integers(RESERVED_SEED, size=run.rendered)
            scenes = [make_scene(bank, self.subjects, int(seed), RECIPE) for seed in seeds]
            pictures = zip(scenes, self._decode(scenes, dtype), strict=True)
            for number, (scene, image) in enumerate(pictures, start=turn * run.rendered):
                sticker = bank.stickers[self.subjects[scene.subject].sticker]
                crop = crop_hole(image, scene.mask, run.stored, run.stored_margin)
                concept = self.config.concepts.index(sticker.concept)
                pool.put(number, crop, concept, self.config.styles.index(sticker.style))
            if turn + 1 >= due:
                yield pool.draw((turn + 1) * run.rendered, run.batch, rng)

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
    cpu = torch.device("cpu")
    plan = Plan(
        steps=run.steps,
        minutes=run.minutes,
        further=True,
        seed=run.seed,
        clip=1.0,
        dtype=fast_dtype(cpu),
        log_every=25,
        save_minutes=1.0,
    )

    def stream(first: int, step: int) -> ExampleStream:
        return ExampleStream(bank_folder, subjects, judge.config, autoencoder, run, first, step)

    feed = ExampleFeed(stream, len(subjects))
    hooks = Hooks(on_save=lambda weights, step: save_judge(out, judge))
    Loop(make_accelerator(cpu), JudgeLearner(judge, run), feed, plan, out, hooks).run()
    return check_judge(load_judge(out), bank, subjects, run.checked)


class ExampleFeed:
    """An `ExampleStream` in a process of its own; size: how many subjects there are."""

    def __init__(self, stream: Callable[[int, int], ExampleStream], size: int) -> None:
        self.stream, self.size = stream, size

    def batches(self, first: int, clock: Clock, state: Mapping[str, Tensor]) -> Iterator[Examples]:
        stream = self.stream(first, clock().step)
        yield from DataLoader(stream, batch_size=None, num_workers=1, prefetch_factor=4)

    def state(self) -> Mapping[str, Tensor]:
        return {}

    def count(self, batch: Examples) -> Count:
        return Count(len(batch.concepts), len(batch.concepts))


class JudgeLearner(Learner[Examples]):
    """Cross-entropy of concept and style, on augmented crops that are small at first."""

    def __init__(self, judge: Judge, run: JudgeRun) -> None:
        super().__init__()
        self.model: Judge = judge
        self.run, self.right, self.taken = run, 0.0, 0

    def loss(self, batch: Examples, moment: Moment) -> Terms:
        side = self.run.small_side if moment.progress < self.run.small_share else SIDE
        image = augment(as_tensor(batch.crops), side, moment.generator())
        concepts, styles, _ = self.model(image.contiguous(memory_format=torch.channels_last))
        truth, shown = torch.from_numpy(batch.concepts), torch.from_numpy(batch.styles)
        self.taken += 1
        kept = min(0.98, 1 - 1 / self.taken)
        hits = (concepts.argmax(1) == truth).float().mean().item()
        self.right = kept * self.right + (1 - kept) * hits
        return {
            "concept": F.cross_entropy(concepts.float(), truth, label_smoothing=SMOOTHING),
            "style": self.run.style_weight * F.cross_entropy(styles.float(), shown),
        }

    def optimizers(self) -> Mapping[str, torch.optim.Optimizer]:
        rate = self.run.peak_rate
        return {"adam": torch.optim.AdamW(self.model.parameters(), lr=rate, weight_decay=0.02)}

    def rate(self, moment: Moment) -> float:
        """A short warm-up, then half a cosine down to 0."""
        falling = 0.5 + 0.5 * math.cos(math.pi * moment.progress)
        return min(1.0, (moment.since + 1) / 100) * falling

    def told(self) -> Mapping[str, float]:
        return {"top-1": self.right}


def _begin(out: Path, concepts: dict[str, tuple[str, ...]]) -> Judge:
    """The judge in `out`, or a new one, ready to train."""
    config = JudgeConfig(tuple(concepts), tuple(p[0] for p in concepts.values()), STYLES)
    judge = load_judge(out) if (out / "config.json").exists() else Judge(config)
    if judge.config.concepts != config.concepts:
        raise TrainingError(f"The judge in {out} learns other concepts: name another folder.")
    judge.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return judge


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
