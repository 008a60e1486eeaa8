"""Train a bundled-scale model: rectified flow on the tokens that its architecture generates.

Batches hold samples with the same number of hole tokens, so nothing is padded. Ours, after the
measurements that docs/training-log.md records.
"""

from __future__ import annotations

import json
import logging
import math
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.network.transformer_layers import DecoderBlock, EncoderBlock, patchify
from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.model.text.text_encoder import TextEncoder
from lazydiff_core.training.held_out import HeldOut, Losses
from lazydiff_core.training.muon import Muon
from lazydiff_core.training.objectives import (
    RectifiedFlow,
    drop_prompts,
    stratified,
)
from lazydiff_core.training.precision import autocast, fast_dtype
from lazydiff_core.training.prompt_table import PromptTable
from lazydiff_core.training.scenes import HELD_OUT_SEED
from lazydiff_core.training.shards import Asked, ShardSet
from lazydiff_core.training.state import Ema, load_run, save_run
from lazydiff_core.training.whole import shards_for

log = logging.getLogger(__name__)
HELD_OUT_BATCHES = 4


@dataclass(frozen=True)
class LazyRun:
    """One training run; its schedule is measured in minutes so that it fits a sitting.

    steps: measured in these instead, for runs that are to be compared; 0 = in minutes.
    device: what computes; what is drawn by chance is drawn on the CPU, alike for all.
    """

    minutes: float = 60.0
    steps: int = 0
    tokens_per_step: int = 7_000
    small_hole: int = 100
    small_share: float = 0.0
    compiled: bool = False
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


@dataclass(frozen=True)
class Batch:
    """`rows` of the shard set, all with the same number of hole tokens."""

    visible: Tensor
    mask: Tensor
    target_BNP: Tensor
    index_BN: Tensor
    frame_BN6: Tensor
    told: Tensor
    asked: tuple[Asked, ...]

    def on(self, device: torch.device) -> Batch:
        """The same on a device."""
        return Batch(
            self.visible.to(device),
            self.mask.to(device),
            self.target_BNP.to(device),
            self.index_BN.to(device),
            self.frame_BN6.to(device),
            self.told.to(device),
            self.asked,
        )


class Batches:
    """Batches of equal hole size; each size is drawn as often as its tokens weigh.

    weights: of concepts whose scenes are drawn more or less often than others (1).
    TrainingError where no scene is left.
    """

    def __init__(
        self,
        shards: ShardSet,
        config: LazyConfig,
        run: LazyRun,
        seed: int,
        weights: Mapping[str, float] | None = None,
    ) -> None:
        self.shards, self.config, self.run = shards, config, run
        self.generator = _seeded(seed)
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

    def draw(self, most_tokens: int | None = None) -> Batch:
        """A batch of one hole size, at most `most_tokens` (the curriculum starts small)."""
        weights = self.weights
        if most_tokens is not None:
            weights = weights * (self.sizes <= max(most_tokens, int(self.sizes[0])))
        pick = int(torch.multinomial(weights, 1, generator=self.generator))
        size = int(self.sizes[pick])
        members = self.buckets[size]
        count = max(1, min(len(members), self.run.tokens_per_step // (size * self.run.draws)))
        order = torch.multinomial(self.often[members], count, generator=self.generator)
        return self.batch(members[order])

    def batch(self, rows: Tensor) -> Batch:
        shards = self.shards
        index = torch.stack([t.nonzero()[:, 0] for t in shards.tokens[rows]])
        target = patchify(shards.target[rows].float(), self.config.patch)
        return Batch(
            shards.visible[rows].float(),
            shards.masks(rows),
            target.gather(1, index[..., None].expand(-1, -1, target.shape[-1])),
            index,
            shards.frames[rows].float().gather(1, index[..., None].expand(-1, -1, 6)),
            shards.told[rows].float(),
            tuple(shards.asked[row] for row in rows.tolist()),
        )


def flow_loss(
    model: LazyDiffusion, batch: Batch, prompt: Prompt, run: LazyRun, generator: torch.Generator
) -> Tensor:
    """Mean squared error of the velocity noise - clean, `run.draws` draws a context."""
    draws, device = run.draws, batch.visible.device
    hole = model.encode_context(batch.visible, batch.mask, batch.index_BN, batch.frame_BN6).repeat(
        draws
    )
    clean = batch.target_BNP.repeat_interleave(draws, 0)
    noise = torch.randn(clean.shape, generator=generator).to(device)
    flow = RectifiedFlow(run.time_mean)
    t = flow.times(stratified(len(batch.asked), draws, generator)).to(device)
    noised = flow.noised(clean, noise, t)
    contexts = len(batch.asked)
    dropped = torch.rand(contexts, generator=generator) < run.null_share
    null = model.decoder.null_prompt(contexts)
    prompt = drop_prompts(prompt.map(lambda part: part.to(device)), null, dropped.to(device))
    velocity = model.decoder(noised.state, t, hole, prompt)
    return flow.errors(velocity.float(), noised)["velocity"].mean()


def held_out_losses(
    shards: ShardSet, table: PromptTable, run: LazyRun, weights: Mapping[str, float] | None = None
) -> Losses:
    """What HeldOut asks for: some batches of reserved scenes, one draw a context.

    weights: of concepts, as they are trained with (Batches).
    """
    table.learn(shards)
    once = replace(run, draws=1)

    def losses(model: LazyDiffusion) -> list[Tensor]:
        generator = _seeded(HELD_OUT_SEED)
        data = Batches(shards, model.config, once, HELD_OUT_SEED, weights)
        dtype = fast_dtype(torch.device("cpu"))
        found = []
        for _ in range(HELD_OUT_BATCHES):
            batch = data.draw()
            prompt = table.draw(batch.asked, batch.told, generator)
            with autocast(torch.device("cpu"), dtype):
                found.append(flow_loss(model, batch, prompt, once, generator))
        return found

    return losses


def _seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def split_parameters(model: LazyDiffusion) -> tuple[list[Tensor], list[Tensor]]:
    """Matrices of the transformer blocks (for Muon), and everything else (for AdamW)."""
    matrices: list[Tensor] = []
    others: list[Tensor] = []
    for name, p in model.named_parameters():
        in_block = ".blocks." in name and p.ndim == 2 and min(p.shape) > 8
        (matrices if in_block else others).append(p)
    return matrices, others


def rate_at(progress: float, step: int, run: LazyRun) -> float:
    """Warm-up, constant, then linear decay to 2% over the last `decay_share`."""
    left = min(1.0, max(0.0, (1 - progress) / run.decay_share))
    return min(1.0, (step + 1) / run.warm_steps) * max(0.02, left)


def _progress(run: LazyRun, steps: int, seconds: float) -> float:
    """The part of a run that is done."""
    return steps / run.steps if run.steps else seconds / (60 * run.minutes)


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
    """Train for `run.minutes` or `run.steps`, resuming from `out`.

    Writes the states of model, running mean and optimizers there. held_out: shards of reserved
    scenes, by whose loss the best running mean is kept as well. weights: of concepts (Batches).
    The config's architecture decides which model is trained, and on which tokens.
    Returns the running mean of the loss; TrainingError if it stops being finite.
    """
    torch.manual_seed(run.seed)
    _claim(out, config)
    device = torch.device(run.device)
    dtype = fast_dtype(device)
    model = LazyDiffusion(config).to(device)
    matrices, others = split_parameters(model)
    muon = Muon(matrices, lr=run.muon_rate, weight_decay=run.weight_decay, dtype=dtype)
    adam = torch.optim.AdamW(others, lr=run.adam_rate, weight_decay=0.0, betas=(0.9, 0.98))
    ema = Ema(model, run.ema)
    step = load_run(out, model, ema, {"muon": muon, "adam": adam})
    generator = _seeded(run.seed + step)
    table = PromptTable(text, concepts)
    data = Batches(shards_for(config, shards), config, run, run.seed + step, weights)
    table.learn(data.shards)
    if run.compiled:  # all blocks share one compiled graph; holes of any size reuse it
        for block in model.modules():
            if isinstance(block, DecoderBlock | EncoderBlock):
                block.compile(dynamic=True)
    check = None
    if held_out is not None:
        losses = held_out_losses(shards_for(config, held_out), table, run, weights)
        check = HeldOut(model, losses, out, question=json.dumps(weights or {}, sort_keys=True))

    def keep(step: int) -> None:
        save_run(out, model, ema, {"muon": muon, "adam": adam}, step)
        if check is not None:
            check.check(ema.weights, step)

    start = saved = reloaded = time.monotonic()
    first, samples, mean_loss = step, 0, 0.0
    while (progress := _progress(run, step - first, time.monotonic() - start)) < 1:
        for optimizer, peak in ((muon, run.muon_rate), (adam, run.adam_rate)):
            optimizer.param_groups[0]["lr"] = peak * rate_at(progress, step - first, run)
        batch = data.draw(run.small_hole if progress < run.small_share else None)
        prompt = table.draw(batch.asked, batch.told, generator)
        with autocast(device, dtype):
            loss = flow_loss(model, batch.on(device), prompt, run, generator)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        for optimizer in (muon, adam):
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        ema.update(model, step)
        step += 1
        samples += len(batch.asked) * run.draws
        decay = min(0.98, 1 - 1 / (step - first))
        mean_loss = decay * mean_loss + (1 - decay) * loss.item()
        now = time.monotonic()
        if step % 25 == 0:
            rate = samples / (now - start)
            log.info(
                "%6.1f%% step %d loss %.4f %.0f samples/s", 100 * progress, step, mean_loss, rate
            )
        if not math.isfinite(mean_loss):
            raise TrainingError(
                f"The loss is not finite at step {step}: the checkpoint in {out} is the last good."
            )
        if now - saved > 60 * run.save_minutes:
            keep(step)
            saved = now
        if now - reloaded > 60 * run.reload_minutes:
            data = Batches(shards_for(config, shards), config, run, run.seed + step, weights)
            table.learn(data.shards)
            reloaded = now
    keep(step)
    return mean_loss
