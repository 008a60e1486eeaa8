"""Which process and which reader takes which samples of a run, in an order fixed by the recipe.

A step's batch is made of groups of `micro_batch` samples. The steps of a group are read by as many
readers as the recipe has `workers`, which take turns: what one reader reads of one group is a
*lane*. The lanes follow from the recipe alone, so any number of processes computes the same run:
each takes some of the groups, and its readers the lanes of those.

A lane may deal its samples: `pool` steps are read ahead as files, and dealt anew so that all steps
cost alike. Whatever the sizes of holes, processes then wait little for each other; and a lane
without a shuffle of its own, such as a stream, is shuffled by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, Protocol

import numpy as np
from torch.utils.data import IterableDataset, get_worker_info

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.training.order import deal
from lazydiff_core.training.recipe import Recipe
from lazydiff_core.training.samples import Sample, count_tokens, read_sample
from lazydiff_core.training.webshards import Files


class Mark(NamedTuple):
    """Where a streamed lane stands: its `shard`-th of an epoch, and how many samples are read."""

    epoch: int = 0
    shard: int = 0
    sample: int = 0


@dataclass(frozen=True, eq=False)
class Raw:
    """A sample as files. after: where its lane goes on behind it; None where places say that."""

    key: str
    files: Files
    after: Mark | None = None


@dataclass(frozen=True)
class Lane:
    """One of `count` lanes: the group's place in a batch, and the first of its steps.

    The lane's steps are first, first + turns, ...; `places` says which places of the run they take.
    """

    number: int
    count: int
    group: int
    first: int
    turns: int

    def step(self, order: int) -> int:
        """The lane's `order`-th step."""
        return self.first + order * self.turns

    def orders_before(self, step: int) -> int:
        """How many of the lane's steps come before this step of the run."""
        return max(0, -(-(step - self.first) // self.turns))

    def places(self, order: int, recipe: Recipe) -> range:
        """Places in the run of the samples of its `order`-th step."""
        start = self.step(order) * recipe.batch + self.group * recipe.micro_batch
        return range(start, start + recipe.micro_batch)


class Source(Protocol):
    """Where samples come from; sent to readers, so it holds names, not data."""

    @property
    def size(self) -> int:
        """A number that is the same wherever the same data is seen."""
        ...

    def raw(self, lane: Lane, recipe: Recipe, order: int, mark: Mark | None) -> Iterator[Raw]:
        """Samples of a lane without end, from its `order`-th step on, or from a mark.

        Raises TrainingError where they cannot be read.
        """
        ...


@dataclass(frozen=True, eq=False)
class MicroBatch:
    """Samples that are computed at once.

    lane: the one they are of. after: where it goes on; None where the step alone says that.
    """

    samples: list[Sample]
    lane: int = 0
    after: Mark | None = None

    def pin_memory(self) -> MicroBatch:
        """In memory that a card reads while the processor goes on."""
        return MicroBatch([one.pin_memory() for one in self.samples], self.lane, self.after)


@dataclass(frozen=True)
class Share:
    """What one of several processes computes of each step: `batch` / `world` samples."""

    rank: int = 0
    world: int = 1

    def micro_batches(self, recipe: Recipe) -> int:
        """Micro-batches a step; TrainingError where a batch cannot be shared like this."""
        parts = self.world * recipe.micro_batch
        if recipe.batch % parts:
            raise TrainingError(
                f"A batch of {recipe.batch} cannot be shared by {self.world} processes "
                f"with micro-batches of {recipe.micro_batch}: {parts} must divide it."
            )
        return recipe.batch // parts


def lane_at(recipe: Recipe, share: Share, micro: int) -> tuple[Lane, int]:
    """Of a process's micro-batch `micro`, counted from the first step: lane, and order in it."""
    each = share.micro_batches(recipe)
    step, part = divmod(micro, each)
    turns = max(1, recipe.workers)
    order, first = divmod(step, turns)
    group = share.rank * each + part
    count = recipe.batch // recipe.micro_batch * turns
    return Lane(group * turns + first, count, group, first, turns), order


def readers(recipe: Recipe, processors: int) -> int:
    """Processes that read, as many as there is use for, so that each lane has one reader."""
    fitting = (k for k in range(1, recipe.workers + 1) if recipe.workers % k == 0)
    return max((k for k in fitting if k <= processors), default=0)


class MicroBatches(IterableDataset[MicroBatch | TrainingError]):
    """A process's micro-batches from `first_step` to the end; readers take turns.

    marks: where lanes go on, of a source that needs it. A reader hands an error on as a value:
    raised in another process it would arrive as a traceback.
    """

    def __init__(
        self,
        source: Source,
        config: LazyConfig,
        recipe: Recipe,
        share: Share,
        first_step: int = 0,
        marks: dict[int, Mark] | None = None,
    ) -> None:
        self.source, self.config, self.recipe = source, config, recipe
        self.share, self.first_step, self.marks = share, first_step, marks or {}

    def __iter__(self) -> Iterator[MicroBatch | TrainingError]:
        reader = get_worker_info()
        at, turns = (reader.id, reader.num_workers) if reader else (0, 1)
        each = self.share.micro_batches(self.recipe)
        open_lanes: dict[int, Iterator[MicroBatch]] = {}
        for micro in range(self.first_step * each + at, self.recipe.steps * each, turns):
            lane, order = lane_at(self.recipe, self.share, micro)
            try:
                if lane.number not in open_lanes:
                    open_lanes[lane.number] = self._run(lane, order)
                yield next(open_lanes[lane.number])
            except TrainingError as error:
                yield error
                return

    def _run(self, lane: Lane, order: int) -> Iterator[MicroBatch]:
        """The micro-batches of a lane from its `order`-th step on."""
        recipe, pool = self.recipe, self.recipe.pool
        begun, done = divmod(order, pool)
        mark = self.marks.get(lane.number)
        raw = self.source.raw(lane, recipe, begun * pool, mark)
        while True:
            files = list(islice(raw, pool * recipe.micro_batch))
            first = begun * pool
            places = [p for k in range(first, first + pool) for p in lane.places(k, recipe)]
            hands = self._dealt(files, lane.number, begun)
            for hand, chosen in enumerate(hands):
                if hand < done:
                    continue
                # Within a pool, a lane is read again from the pool's beginning.
                after = files[-1].after if hand + 1 == pool else mark
                samples = [self._sample(files[k], places[k]) for k in chosen]
                yield MicroBatch(samples, lane.number, after)
            begun, done, mark = begun + 1, 0, files[-1].after

    def _dealt(self, files: list[Raw], lane: int, pool: int) -> list[list[int]]:
        if self.recipe.pool == 1:
            return [list(range(len(files)))]
        sizes = [count_tokens(one.key, one.files, self.config) for one in files]
        return deal(sizes, self.recipe.pool, self.recipe.seed, lane, pool)

    def _sample(self, raw: Raw, place: int) -> Sample:
        seed = int(np.random.SeedSequence([self.recipe.seed, place]).generate_state(1)[0])
        return read_sample(raw.key, raw.files, self.config, seed)
