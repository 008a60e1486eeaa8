"""A lazy model, or a baseline of the same kind, and WebDataset shards that it learns from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Self

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from lazydiff_core.contract import RGB
from lazydiff_core.errors import TrainingError
from lazydiff_core.model.files.weights import SkipRandomInit
from lazydiff_core.model.network.decoder import Hole
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.sampling import SAMPLERS, samplers_for
from lazydiff_core.sampling.guidance import guided
from lazydiff_core.sampling.sampler import Start
from lazydiff_core.training.batches import Batch, BatchMaker
from lazydiff_core.training.lanes import (
    Mark,
    MicroBatch,
    MicroBatches,
    Share,
    Source,
    readers,
)
from lazydiff_core.training.learner import Clock, Count, Learner, Moment, Plan, Terms
from lazydiff_core.training.objectives import drop_prompts, objective_for, stratified
from lazydiff_core.training.packing import decode, packs
from lazydiff_core.training.precision import autocast
from lazydiff_core.training.recipe import Recipe
from lazydiff_core.training.samples import Sample
from lazydiff_core.training.sheet import sheet


@dataclass(frozen=True)
class Painting:
    """How pictures are painted during training."""

    steps: int
    guidance: float


@dataclass(frozen=True, eq=False)
class Draws:
    """Random numbers of a batch, (B*draws, ...): noise, quantiles of time; dropped prompts (B,)."""

    noise_BNP: Tensor
    quantile_B: Tensor
    dropped_B: Tensor


class LazyLearner(Learner[Batch]):
    """A LazyDiffusion of any architecture and objective, as its config says."""

    def __init__(self, model: LazyDiffusion, recipe: Recipe) -> None:
        super().__init__()
        self.model: LazyDiffusion = model
        self.recipe = recipe
        self.objective = objective_for(
            model.config.objective, recipe.time_mean, recipe.bound_weight
        )

    def optimizers(self) -> Mapping[str, torch.optim.Optimizer]:
        recipe = self.recipe
        adam = torch.optim.AdamW(
            self.parameters(),
            lr=recipe.rate,
            betas=(recipe.beta1, recipe.beta2),
            eps=recipe.epsilon,
            weight_decay=recipe.weight_decay,
        )
        return {"adam": adam}

    def rate(self, moment: Moment) -> float:
        return min(1.0, (moment.step + 1) / max(1, self.recipe.warm_steps))

    def loss(self, batch: Batch, moment: Moment) -> Terms:
        """Each token of a hole counts alike, and so does each sample."""
        draws, decoder, config = self.recipe.draws, self.model.decoder, self.model.config
        random = self._draw(batch)
        t = self.objective.times(random.quantile_B)
        clean = batch.clean(config.patch).repeat_interleave(draws, 0)
        noised = self.objective.noised(clean, random.noise_BNP, t)
        lengths = tuple(length for length in batch.lengths for _ in range(draws))
        prediction = decode(
            decoder,
            noised.state,
            t,
            self._see(batch).repeat(draws),
            drop_prompts(
                self._prompt(batch), decoder.null_prompt(len(batch.seeds)), random.dropped_B
            ),
            lengths,
            packed=packs(self.recipe.ragged, t.device, config.width // config.heads),
        )
        valid = batch.valid_BN.repeat_interleave(draws, 0)
        errors = self.objective.errors(prediction.float(), noised)
        return {name: _mean(error, valid) for name, error in errors.items()}

    def twin(self, weights: Mapping[str, Tensor]) -> Self:
        with SkipRandomInit():
            model = LazyDiffusion(self.model.config)
        model.load_state_dict(dict(weights))
        return type(self)(model.eval(), self.recipe)

    @torch.no_grad()
    def paint(self, batch: Batch, painting: Painting) -> list[Tensor]:
        whole, prompt = self._see(batch), self._prompt(batch)
        nameless = batch.nameless_B
        prompt = drop_prompts(prompt, self.model.decoder.null_prompt(len(nameless)), nameless)
        return [
            self._paint_one(
                Hole(*(part[k : k + 1, :n] for part in (whole.context, whole.index, whole.frame))),
                prompt.map(itemgetter(slice(k, k + 1))),
                torch.Generator().manual_seed(batch.seeds[k]),
                painting,
            )
            for k, n in enumerate(batch.lengths)
        ]

    def _paint_one(
        self, hole: Hole, prompt: Prompt, generator: torch.Generator, painting: Painting
    ) -> Tensor:
        config = self.model.config
        sampler = SAMPLERS[samplers_for(config.objective)[0]]
        noise = torch.randn(1, hole.index.shape[1], config.token_width, generator=generator)
        model = guided(self.model.decoder, hole, prompt, None, painting.guidance)
        start = Start(noise.to(hole.context.device))
        return sampler.run(model, start, painting.steps, [generator], _quietly)[0]

    def _see(self, batch: Batch) -> Hole:
        return self.model.encode_context(batch.visible, batch.mask, batch.index_BN, batch.frame_BN6)

    def _prompt(self, batch: Batch) -> Prompt:
        if isinstance(batch.prompt, Prompt):
            return batch.prompt
        return self.model.decoder.class_prompt(batch.prompt)

    def _draw(self, batch: Batch) -> Draws:
        """Drawn on the CPU, from each sample's own seed: alike in any batch and on any device."""
        draws, width = self.recipe.draws, self.model.config.token_width
        longest = batch.index_BN.shape[1]
        noise = torch.zeros(len(batch.seeds), draws, longest, width)
        quantiles, dropped = [], []
        for k, (seed, length) in enumerate(zip(batch.seeds, batch.lengths, strict=True)):
            source = torch.Generator().manual_seed(seed)
            noise[k, :, :length] = torch.randn(draws, length, width, generator=source)
            quantiles.append(stratified(1, draws, source))
            dropped.append(torch.rand(1, generator=source) < self.recipe.null_share)
        device = batch.visible.device
        return Draws(
            noise.flatten(0, 1).to(device),
            torch.cat(quantiles).to(device),
            torch.cat(dropped).to(device) | batch.nameless_B,
        )


def _mean(error_BN: Tensor, valid_BN: Tensor) -> Tensor:
    """Mean over samples of the mean over their tokens."""
    kept = torch.where(valid_BN, error_BN, 0.0)
    return (kept.sum(1) / valid_BN.sum(1)).mean()


def _quietly(step: int, steps: int, clean: Tensor) -> None:
    """Nobody watches."""


# --- data -----------------------------------------------------------------------------------------


class WebFeed:
    """Micro-batches of WebDataset shards, encoded by the frozen parts of the model.

    What comes follows from the recipe and the step; how far streams were read is the one state.
    """

    def __init__(self, maker: BatchMaker, source: Source, recipe: Recipe, share: Share) -> None:
        self.maker, self.source, self.recipe, self.share = maker, source, recipe, share
        self.marks: dict[int, Mark] = {}
        self.moved = 0

    @property
    def size(self) -> int:
        return self.source.size

    def batches(self, first: int, clock: Clock, state: Mapping[str, Tensor]) -> Iterator[Batch]:
        marks = state.get("marks", torch.empty(0, 4)).tolist()
        self.marks = {int(lane): Mark(*map(int, mark)) for lane, *mark in marks}
        for micro in self.loader(clock().step):
            if isinstance(micro, TrainingError):
                raise micro
            before = self.maker.sent
            batch = self.maker.batch(micro.samples)
            self.moved = self.maker.sent - before
            if micro.after is not None:
                self.marks[micro.lane] = micro.after
            yield batch

    def loader(self, step: int) -> Iterable[MicroBatch | TrainingError]:
        """What readers read from this step on; errors are handed on as values."""
        config, marks = self.maker.config, dict(self.marks)
        data = MicroBatches(self.source, config, self.recipe, self.share, step, marks)
        workers = readers(self.recipe, os.cpu_count() or 1)
        on_card = self.maker.device.type == "cuda"
        return DataLoader(data, batch_size=None, num_workers=workers, pin_memory=on_card)

    def state(self) -> Mapping[str, Tensor]:
        """marks: (lanes, 4) int64: each lane's number, and where it goes on."""
        rows = [[lane, *mark] for lane, mark in sorted(self.marks.items())]
        return {"marks": torch.tensor(rows)} if rows else {}

    def count(self, batch: Batch) -> Count:
        return Count(len(batch.seeds), sum(batch.lengths) * self.recipe.draws, self.moved)


def plan_of(recipe: Recipe, share: Share, dtype: torch.dtype) -> Plan:
    """TrainingError where a batch cannot be shared like this."""
    return Plan(
        steps=recipe.steps,
        seed=recipe.seed,
        parts=share.micro_batches(recipe),
        clip=recipe.clip,
        ema=recipe.ema,
        dtype=dtype,
        compiled=recipe.compile,
        recomputed=recipe.checkpoint_blocks,
        log_every=recipe.log_every,
        save_every=recipe.save_every,
        sample_every=recipe.sample_every,
        keep=recipe.keep,
    )


# --- what there is to see -------------------------------------------------------------------------


def painted_sheet(
    learner: LazyLearner, weights: Mapping[str, Tensor], maker: BatchMaker, source: Source
) -> RGB:
    """The same samples whenever they are asked for, painted by a model with these weights."""
    recipe = learner.recipe
    samples = first_samples(source, maker, recipe)
    batch = maker.batch(samples)
    painting = Painting(recipe.sample_steps, recipe.sample_guidance)
    twin = learner.twin(weights).to(maker.device)
    with autocast(maker.device, maker.dtype):
        painted = twin.paint(batch, painting)
    return sheet(maker, samples, batch, painted)


def first_samples(source: Source, maker: BatchMaker, recipe: Recipe) -> list[Sample]:
    """As many as the recipe shows on a sheet; TrainingError where they cannot be read."""
    count = min(recipe.samples, source.size)
    alone = replace(recipe, seed=0, steps=1, batch=count, micro_batch=count, workers=0, pool=1)
    first = next(iter(MicroBatches(source, maker.config, alone, Share())))
    if isinstance(first, TrainingError):
        raise first
    return first.samples
