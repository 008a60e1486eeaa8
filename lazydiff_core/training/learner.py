"""What the trainer trains: a module that turns a batch into a loss, and into pictures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Self

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from lazydiff_core.model.files.weights import SkipRandomInit
from lazydiff_core.model.network.decoder import Hole
from lazydiff_core.model.network.lazy_model import LazyDiffusion
from lazydiff_core.model.text.prompt import Prompt
from lazydiff_core.sampling import SAMPLERS, samplers_for
from lazydiff_core.sampling.guidance import guided
from lazydiff_core.sampling.sampler import Start
from lazydiff_core.training.batches import Batch
from lazydiff_core.training.objectives import (
    drop_prompts,
    objective_for,
    repeat_prompt,
    stratified,
)
from lazydiff_core.training.packing import decode, packs
from lazydiff_core.training.recipe import Recipe

Terms = dict[str, Tensor]

# The transformer blocks: what is sharded, and recomputed in the backward pass, one at a time.
BLOCKS = {"EncoderBlock", "DecoderBlock"}


@dataclass(frozen=True)
class Painting:
    """How pictures are painted during training."""

    steps: int
    guidance: float


class Learner(nn.Module, ABC):
    """`model` is what is saved.

    The loss goes through `forward`, where DDP and FSDP gather weights and spread gradients.
    """

    model: nn.Module

    @property
    def _no_split_modules(self) -> list[str]:
        """Blocks that FSDP shards one by one; it refuses names that a model does not have."""
        here = {type(module).__name__ for module in self.modules()}
        return sorted(here & BLOCKS)

    def forward(self, batch: Batch) -> Terms:
        return self.loss(batch)

    @abstractmethod
    def loss(self, batch: Batch) -> Terms:
        """Scalars whose sum is minimised, each a mean of equally weighted samples."""

    @abstractmethod
    def twin(self, weights: Mapping[str, Tensor]) -> Self:
        """A learner of its own with these weights, not sharded: to paint with."""

    @abstractmethod
    def paint(self, batch: Batch, painting: Painting) -> list[Tensor]:
        """Clean tokens (N,P) of each sample's hole."""


@dataclass(frozen=True, eq=False)
class Draws:
    """Random numbers of a batch, (B*draws, ...): noise, quantiles of time, dropped prompts."""

    noise_BNP: Tensor
    quantile_B: Tensor
    dropped_B: Tensor


class LazyLearner(Learner):
    """A LazyDiffusion of any architecture and objective, as its config says."""

    def __init__(self, model: LazyDiffusion, recipe: Recipe) -> None:
        super().__init__()
        self.model: LazyDiffusion = model
        self.recipe = recipe
        self.objective = objective_for(
            model.config.objective, recipe.time_mean, recipe.bound_weight
        )

    def loss(self, batch: Batch) -> Terms:
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
                repeat_prompt(self._prompt(batch), draws),
                decoder.null_prompt(len(t)),
                random.dropped_B,
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
            dropped.append(torch.rand(draws, generator=source) < self.recipe.null_share)
        device = batch.visible.device
        nameless = batch.nameless_B.repeat_interleave(draws)
        return Draws(
            noise.flatten(0, 1).to(device),
            torch.cat(quantiles).to(device),
            torch.cat(dropped).to(device) | nameless,
        )


def _mean(error_BN: Tensor, valid_BN: Tensor) -> Tensor:
    """Mean over samples of the mean over their tokens."""
    kept = torch.where(valid_BN, error_BN, 0.0)
    return (kept.sum(1) / valid_BN.sum(1)).mean()


def _quietly(step: int, steps: int, clean: Tensor) -> None:
    """Nobody watches."""


def recompute_blocks(learner: nn.Module) -> None:
    """Keep only the inputs of transformer blocks for the backward pass (activation checkpoints)."""
    for module in learner.modules():
        if type(module).__name__ in BLOCKS:
            module.forward = partial(checkpoint, module.forward, use_reentrant=False)
