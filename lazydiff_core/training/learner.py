"""What the loop trains: a learner, and the data that feed it.

To train something new, write a `Learner` (the model, its loss, its optimizers) and a `Feed` (its
batches), and hand them to the loop; `learners/` has all there are but the judge, which is
`evaluation/judge_trainer.py`. Everything else is the loop's: processes, precision, accumulation,
clipping, the running mean, checkpoints, schedules in steps or minutes, what is logged.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

BatchType = TypeVar("BatchType")
Given = TypeVar("Given", covariant=True)
Terms = dict[str, Tensor]

# The transformer blocks: what is sharded, compiled, and recomputed in the backward pass.
BLOCKS = {"EncoderBlock", "DecoderBlock"}


@dataclass(frozen=True)
class Moment:
    """A moment of a run: what is drawn by chance, and what changes in its course, follow from it.

    step: steps taken since the run began. since: those of this stretch. progress: the part of the
    stretch that is done, 0..1.
    """

    seed: int = 0
    step: int = 0
    since: int = 0
    progress: float = 0.0

    def seeds(self, count: int, *of: int) -> list[int]:
        """Seeds of random numbers, alike whenever the run comes here; `of`: for whom."""
        source = np.random.SeedSequence([self.seed, self.step, *of])
        found: list[int] = source.generate_state(count).tolist()
        return found

    def generator(self, *of: int) -> torch.Generator:
        """On the CPU, so that any device draws the same."""
        return torch.Generator().manual_seed(self.seeds(1, *of)[0])


Clock = Callable[[], Moment]  # tells which moment of the run the next batch is for


@dataclass(frozen=True)
class Count:
    """What a batch weighs: samples, tokens that are learned from, and bytes sent to the device."""

    samples: int
    tokens: int
    bytes: int = 0


class Learner(nn.Module, ABC, Generic[BatchType]):
    """`model` is what is saved.

    The loss goes through `forward`, where DDP and FSDP gather weights and spread gradients.
    """

    model: nn.Module

    @property
    def _no_split_modules(self) -> list[str]:
        """Blocks that FSDP shards one by one; it refuses names that a model does not have."""
        here = {type(module).__name__ for module in self.modules()}
        return sorted(here & BLOCKS)

    def forward(self, batch: BatchType, moment: Moment) -> Terms:
        return self.loss(batch, moment)

    @abstractmethod
    def loss(self, batch: BatchType, moment: Moment) -> Terms:
        """Scalars whose sum is minimised, each a mean of equally weighted samples."""

    @abstractmethod
    def optimizers(self) -> Mapping[str, torch.optim.Optimizer]:
        """Of all weights that are trained, each at its largest rate; any names."""

    def rate(self, moment: Moment) -> float:
        """The rates' share of their largest at this moment."""
        return 1.0

    def clipped(self) -> Iterable[nn.Parameter]:
        """The weights whose gradient is cut to the plan's length."""
        return self.parameters()

    def told(self) -> Mapping[str, float]:
        """Further numbers about the last batch, to be logged."""
        return {}


class Feed(Protocol[Given]):
    """Batches without end."""

    @property
    def size(self) -> int:
        """A number that is the same wherever the same data is seen."""
        ...

    def batches(self, first: int, clock: Clock, state: Mapping[str, Tensor]) -> Iterator[Given]:
        """Batches of the stretch that began at step `first`, from the clock's moment on.

        They follow from these alone, so that a run that was stopped goes on as if it had not been.
        state: what `state` said at that moment. Raises TrainingError where data cannot be used.
        """
        ...

    def state(self) -> Mapping[str, Tensor]:
        """What is to be kept of how far data were read, of this process: (rows, ...) each."""
        ...

    def count(self, batch: Any) -> Count:
        """What one of its batches weighs."""
        ...


@dataclass(frozen=True)
class Plan:
    """How a learner is trained.

    steps: optimizer steps, counted as `further` says; 0 = `minutes` from here on, a schedule that
    no second run repeats exactly. further: count from where the last stretch of the run ended, not
    from its beginning; one that was stopped goes on to its own end.
    parts: micro-batches a step, whose gradients are accumulated. clip: largest norm of a gradient,
    0 = none. ema: decay of the running mean of the weights, 0 = none is kept.
    dtype: of autocast. compiled: a backend of torch.compile for the blocks, "" = none.
    recomputed: keep only the blocks' inputs for the backward pass.
    log_every, save_every, sample_every: steps, 0 = never; save_minutes as well. keep: checkpoints.
    """

    steps: int = 0
    minutes: float = 0.0
    further: bool = False
    seed: int = 0
    parts: int = 1
    clip: float = 0.0
    ema: float = 0.0
    dtype: torch.dtype = torch.float32
    compiled: str = ""
    recomputed: bool = False
    log_every: int = 20
    save_every: int = 0
    save_minutes: float = 0.0
    sample_every: int = 0
    keep: int = 1
