"""Where a run's samples come from: shards that are read by position, or streamed.

`--data` names folders of shards, or addresses: `https://store/shards/{000000..000999}.tar`,
`pipe:aws s3 cp s3://bucket/{000..099}.tar -`, or whatever fsspec opens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from lazydiff_core.errors import TrainingError
from lazydiff_core.training.lanes import Lane, Mark, Raw, Source
from lazydiff_core.training.order import permuted
from lazydiff_core.training.recipe import Recipe
from lazydiff_core.training.streams import Addresses, is_address, read_stream
from lazydiff_core.training.webshards import WebShards, find_shards, open_shards


def open_source(data: Sequence[str]) -> Source:
    """The data set that these folders or addresses name; TrainingError where there is none."""
    addresses = addresses_in(data)
    if addresses is not None:
        return StreamedShards(addresses)
    return ShuffledShards(open_shards(find_shards([Path(one) for one in data])))


def addresses_in(data: Sequence[str]) -> Addresses | None:
    """What is to be streamed; None where these are folders, TrainingError where some are."""
    addresses = [one for one in data if is_address(one)]
    if addresses and len(addresses) < len(data):
        raise TrainingError("Name folders or addresses of shards, not both.")
    return Addresses(tuple(addresses)) if addresses else None


@dataclass(frozen=True, eq=False)
class ShuffledShards:
    """Shards on a disk: every sample comes once an epoch, in a shuffle of them all."""

    shards: WebShards

    @property
    def size(self) -> int:
        """The number of samples."""
        return len(self.shards)

    def raw(self, lane: Lane, recipe: Recipe, order: int, mark: Mark | None) -> Iterator[Raw]:
        """As in `Source`; what comes at a place follows from the seed alone: no mark is needed."""
        for following in count(order):
            for place in lane.places(following, recipe):
                yield Raw(*self.shards.read(sample_number(place, self.size, recipe.seed)))


def sample_number(place: int, of: int, seed: int) -> int:
    """Which of `of` samples comes at a place of the run: each once an epoch, shuffled."""
    epoch, rest = divmod(place, of)
    return permuted(rest, of, seed, epoch)


@dataclass(frozen=True, eq=False)
class StreamedShards:
    """Shards that are read from their beginning, in a store of objects or through a command.

    An epoch's shards are shuffled and shared by the lanes, each of which reads its own one after
    another, and its samples in their order; lanes and pools mix them.
    """

    addresses: Addresses

    @property
    def size(self) -> int:
        """The number of shards."""
        return len(self.addresses)

    def raw(self, lane: Lane, recipe: Recipe, order: int, mark: Mark | None) -> Iterator[Raw]:
        """As in `Source`; only a mark tells how far a lane was read, so a run goes on with one."""
        if self.size < lane.count:
            raise TrainingError(
                f"There are {self.size} shards, but this recipe reads {lane.count} at a time "
                "(batch / micro_batch x workers): write smaller shards, or lower workers."
            )
        if order and mark is None:
            raise TrainingError(
                "The checkpoint does not say how far its stream was read: "
                "go on with the data that the run was begun with."
            )
        at = mark or Mark()
        while True:
            empty = at == Mark(at.epoch)
            for turn in range(at.shard, -(-(self.size - lane.number) // lane.count)):
                number = permuted(turn * lane.count + lane.number, self.size, recipe.seed, at.epoch)
                skipped = at.sample if turn == at.shard else 0
                stream = read_stream(self.addresses[number], skipped)
                for place, (key, files) in enumerate(stream, start=skipped + 1):
                    empty = False
                    yield Raw(key, files, Mark(at.epoch, turn, place))
            if empty:
                raise TrainingError(f"The shards {self.addresses[0]} ... hold no samples.")
            at = Mark(at.epoch + 1)
