"""A lazy model, or a baseline, of the bundled kind: it learns from rendered scenes, with Muon.

Batches hold samples with the same number of hole tokens, so nothing is padded. Ours, after the
measurements that docs/training-log.md records.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.training.batches import Batch
from lazydiff_core.training.held_out import HeldOut, Losses
from lazydiff_core.training.learner import Clock, Count, Moment, Plan
from lazydiff_core.training.learners.lazy import LazyLearner
from lazydiff_core.training.loop import Hooks, Loop, make_accelerator
from lazydiff_core.training.muon import Muon
from lazydiff_core.training.precision import autocast, fast_dtype
from lazydiff_core.training.prompt_table import PromptTable
from lazydiff_core.training.recipe import Recipe
from lazydiff_core.training.scenes import HELD_OUT_SEED
from lazydiff_core.training.shards import ShardSet, shard_paths
from lazydiff_core.training.whole import shards_for

HELD_OUT_BATCHES = 4


@dataclass(frozen=True)
class LazyRun:
    """One training run; its schedule is measured in minutes so that it fits a sitting.

    steps: measured in these instead, for runs that are to be compared; 0 = in minutes.
    compiled: backend of torch.compile for the blocks, "" = none.
    device: what computes; what is drawn by chance is drawn on the CPU, alike for all.
    """

    minutes: float = 60.0
    steps: int = 0
    tokens_per_step: int = 7_000
    small_hole: int = 100
    small_share: float = 0.0
    compiled: str = ""
    draws: int = 7
    muon_rate: float = 0.02
    adam_rate: float = 2e-3
    weight_decay: float = 0.01
    null_share: float = 0.1
    time_mean: float = 0.2
    ema: float = 0.999
    warm_steps: int = 60
    decay_share: float = 0.5
    reload_minutes: float = 4.0
    save_minutes: float = 2.0
    seed: int = 0
    device: str = "cpu"


class Batches:
    """Batches of equal hole size; each size is drawn as often as its tokens weigh.

    weights: of concepts whose scenes are drawn more or less often than others (1).
    TrainingError where no scene is left.
    """

    def __init__(
        self,
        shards: ShardSet,
        run: LazyRun,
        table: PromptTable,
        weights: Mapping[str, float] | None = None,
    ) -> None:
        self.shards, self.run, self.table = shards, run, table
        often = weights or {}
        self.often = torch.tensor([often.get(asked.concept, 1.0) for asked in shards.asked])
        rows: dict[int, list[int]] = defaultdict(list)
        for row, size in enumerate(shards.tokens.sum(1).tolist()):
            if self.often[row] > 0:
                rows[size].append(row)
        if not rows:
            raise TrainingError("No scene of these shards has a weight above 0.")
        self.buckets = {size: torch.tensor(members) for size, members in rows.items()}
        self.sizes = torch.tensor(sorted(self.buckets))
        self.weights = torch.stack(
            [n * self.often[self.buckets[n]].sum() for n in self.sizes.tolist()]
        )

    def rows(self, generator: torch.Generator, most_tokens: int | None = None) -> Tensor:
        """Scenes of one hole size, at most `most_tokens` (the curriculum starts small)."""
        weights = self.weights
        if most_tokens is not None:
            weights = weights * (self.sizes <= max(most_tokens, int(self.sizes[0])))
        size = int(self.sizes[int(torch.multinomial(weights, 1, generator=generator))])
        members = self.buckets[size]
        count = max(1, min(len(members), self.run.tokens_per_step // (size * self.run.draws)))
        return members[torch.multinomial(self.often[members], count, generator=generator)]

    def batch(self, rows: Tensor, moment: Moment, place: int = 0) -> Batch:
        """What is drawn by chance follows from the moment and the process's place."""
        shards, count = self.shards, len(rows)
        index = torch.stack([t.nonzero()[:, 0] for t in shards.tokens[rows]])
        frames = shards.frames[rows].float().gather(1, index[..., None].expand(-1, -1, 6))
        asked, generator = [shards.asked[row] for row in rows.tolist()], moment.generator(place, 1)
        return Batch(
            shards.visible[rows].float(),
            shards.target[rows].float(),
            shards.masks(rows),
            index,
            frames,
            torch.ones(index.shape, dtype=torch.bool),
            self.table.draw(asked, shards.told[rows].float(), generator),
            torch.zeros(count, dtype=torch.bool),
            (index.shape[1],) * count,
            tuple(moment.seeds(count, place, 2)),
        )


class SceneFeed:
    """Batches of a folder of shards, which is looked at again for new ones every few minutes."""

    def __init__(
        self,
        folder: Path,
        config: LazyConfig,
        run: LazyRun,
        table: PromptTable,
        weights: Mapping[str, float] | None = None,
        place: int = 0,
    ) -> None:
        self.folder, self.config, self.run, self.table = folder, config, run, table
        self.weights, self.place, self.device = weights, place, torch.device(run.device)
        self.data = self._read()

    @property
    def size(self) -> int:
        return len(self.data.shards)

    def _read(self) -> Batches:
        shards = shards_for(self.config, self.folder)
        self.table.learn(shards)
        return Batches(shards, self.run, self.table, self.weights)

    def batches(self, first: int, clock: Clock, state: Mapping[str, Tensor]) -> Iterator[Batch]:
        read, known = time.monotonic(), shard_paths(self.folder)
        while True:
            moment = clock()
            small = self.run.small_hole if moment.progress < self.run.small_share else None
            rows = self.data.rows(moment.generator(self.place), small)
            batch = self.data.batch(rows, moment, self.place)
            yield batch.on(self.device)
            if time.monotonic() - read > 60 * self.run.reload_minutes:
                read = time.monotonic()
                if known != (found := shard_paths(self.folder)):
                    self.data, known = self._read(), found

    def state(self) -> Mapping[str, Tensor]:
        return {}

    def count(self, batch: Batch) -> Count:
        draws = self.run.draws
        return Count(len(batch.seeds) * draws, sum(batch.lengths) * draws, batch.nbytes)


class SceneLearner(LazyLearner):
    """Muon for the matrices of the blocks, AdamW for everything else."""

    def __init__(self, model: LazyDiffusion, run: LazyRun, dtype: torch.dtype) -> None:
        recipe = Recipe(draws=run.draws, null_share=run.null_share, time_mean=run.time_mean)
        super().__init__(model, recipe)
        self.run, self.dtype = run, dtype

    def optimizers(self) -> Mapping[str, torch.optim.Optimizer]:
        run = self.run
        matrices, others = split_parameters(self.model)
        muon = Muon(matrices, lr=run.muon_rate, weight_decay=run.weight_decay, dtype=self.dtype)
        adam = torch.optim.AdamW(others, lr=run.adam_rate, weight_decay=0.0, betas=(0.9, 0.98))
        return {"muon": muon, "adam": adam}

    def rate(self, moment: Moment) -> float:
        return rate_at(moment.progress, moment.since, self.run)

    def clipped(self) -> Iterable[nn.Parameter]:
        """Muon's updates have a length of their own."""
        return split_parameters(self.model)[1]


def held_out_losses(
    shards: ShardSet, table: PromptTable, run: LazyRun, weights: Mapping[str, float] | None = None
) -> Losses:
    """What HeldOut asks for: some batches of reserved scenes, one draw a context.

    weights: of concepts, as they are trained with (Batches).
    """
    table.learn(shards)
    once, cpu = replace(run, draws=1), torch.device("cpu")
    data = Batches(shards, once, table, weights)

    def losses(model: LazyDiffusion) -> list[Tensor]:
        dtype, found = fast_dtype(cpu), []
        learner = SceneLearner(model, once, dtype)
        for number in range(HELD_OUT_BATCHES):
            moment = Moment(HELD_OUT_SEED, number)
            batch = data.batch(data.rows(moment.generator()), moment)
            with autocast(cpu, dtype):
                found.append(learner(batch, moment)["velocity"])
        return found

    return losses


def split_parameters(model: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Matrices of the transformer blocks (for Muon), and everything else (for AdamW)."""
    matrices: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    for name, p in model.named_parameters():
        in_block = ".blocks." in name and p.ndim == 2 and min(p.shape) > 8
        (matrices if in_block else others).append(p)
    return matrices, others


def rate_at(progress: float, step: int, run: LazyRun) -> float:
    """Warm-up, constant, then linear decay to 2% over the last `decay_share`."""
    left = min(1.0, max(0.0, (1 - progress) / run.decay_share))
    return min(1.0, (step + 1) / run.warm_steps) * max(0.02, left)


def _claim(out: Path, config: LazyConfig) -> None:
    """Make a run's folder, or find that it is this model's; TrainingError for another's."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "config.json"
    if path.exists() and LazyConfig.from_dict(json.loads(path.read_text())) != config:
        raise TrainingError(f"{out} holds a run of another model: name another folder.")
    path.write_text(json.dumps(config.to_dict(), indent=1))


def train_lazy(
    shards: Path,
    concepts: dict[str, tuple[str, ...]],
    text: TextEncoder,
    out: Path,
    run: LazyRun,
    config: LazyConfig = LazyConfig(),
    held_out: Path | None = None,
    weights: Mapping[str, float] | None = None,
) -> float:
    """Train for `run.minutes` or `run.steps`, resuming from `out`, where checkpoints are written.

    held_out: shards of reserved scenes, by whose loss the best running mean is kept as well.
    weights: of concepts (Batches). The config's architecture decides which model is trained, and on
    which tokens. Returns the running mean of the loss; TrainingError if it stops being finite.
    """
    torch.manual_seed(run.seed)
    _claim(out, config)
    accelerator = make_accelerator(torch.device(run.device))
    dtype = fast_dtype(accelerator.device)
    if accelerator.is_fsdp2:
        raise TrainingError("Muon needs whole matrices: train this model without sharding.")
    table = PromptTable(text, concepts)
    model = LazyDiffusion(config)
    on_save = None
    if held_out is not None:
        losses = held_out_losses(shards_for(config, held_out), table, run, weights)
        question = json.dumps([weights or {}, "drawn by moments"], sort_keys=True)
        on_save = HeldOut(model, losses, out, question=question).check
    plan = Plan(
        steps=run.steps,
        minutes=run.minutes,
        further=True,
        seed=run.seed,
        clip=1.0,
        ema=run.ema,
        dtype=dtype,
        compiled=run.compiled,
        log_every=25,
        save_minutes=run.save_minutes,
    )
    feed = SceneFeed(shards, config, run, table, weights, accelerator.process_index)
    learner = SceneLearner(model, run, dtype)
    loop: Loop[Batch] = Loop(accelerator, learner, feed, plan, out, Hooks(on_save=on_save))
    loop.run()
    return loop.mean_loss
