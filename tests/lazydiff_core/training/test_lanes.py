from __future__ import annotations

import tracemalloc
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.training.lanes import MicroBatch, MicroBatches, Share, lane_at, readers
from lazydiff_core.training.recipe import Recipe
from lazydiff_core.training.sources import ShuffledShards, sample_number
from lazydiff_core.training.webshards import WebShards, find_shards, open_shards
from tests.lazydiff_core.training.drawn import CAPTIONS, drawn_sample

RECIPE = Recipe(steps=5, batch=4, micro_batch=1, workers=0, seed=3)
POOLED = replace(RECIPE, steps=8, micro_batch=2, workers=2, pool=2)


@pytest.fixture(scope="module")
def web(web_shards: Path) -> ShuffledShards:
    return ShuffledShards(open_shards(find_shards([web_shards])))


def test_each_sample_comes_once_an_epoch_in_another_order() -> None:
    epochs = [[sample_number(12 * e + k, 12, seed=1) for k in range(12)] for e in range(3)]
    assert all(sorted(epoch) == list(range(12)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 3
    assert epochs[0] != [sample_number(k, 12, seed=2) for k in range(12)]


def all_of(data: MicroBatches, workers: int = 0) -> list[int]:
    seeds: list[int] = []
    for micro in DataLoader(data, batch_size=None, num_workers=workers):
        assert isinstance(micro, MicroBatch)
        assert micro.after is None
        seeds += [sample.seed for sample in micro.samples]
    return seeds


@pytest.mark.parametrize(("world", "micro_batch"), [(1, 4), (1, 2), (2, 1), (2, 2), (4, 1)])
def test_any_share_computes_the_same_steps(
    web: ShuffledShards, tiny_config: LazyConfig, world: int, micro_batch: int
) -> None:
    expected = all_of(MicroBatches(web, tiny_config, RECIPE, Share()))
    assert len(expected) == len(set(expected)) == 20
    recipe = replace(RECIPE, micro_batch=micro_batch)
    shares = [
        all_of(MicroBatches(web, tiny_config, recipe, Share(rank, world))) for rank in range(world)
    ]
    each = 4 // world
    for step in range(5):
        together = chain(*(seeds[step * each : (step + 1) * each] for seeds in shares))
        assert list(together) == expected[4 * step : 4 * step + 4]


def test_what_is_dealt_is_dealt_alike_to_any_number_of_processes(
    web: ShuffledShards, tiny_config: LazyConfig
) -> None:
    alone = all_of(MicroBatches(web, tiny_config, POOLED, Share()))
    assert sorted(alone) == sorted(
        all_of(MicroBatches(web, tiny_config, replace(POOLED, pool=1), Share()))
    )
    first, second = (all_of(MicroBatches(web, tiny_config, POOLED, Share(k, 2))) for k in (0, 1))
    for step in range(8):
        one, two = first[2 * step : 2 * step + 2], second[2 * step : 2 * step + 2]
        assert one + two == alone[4 * step : 4 * step + 4]


@pytest.mark.parametrize("recipe", [RECIPE, POOLED])
@pytest.mark.parametrize("step", [1, 3, 4])
def test_a_run_goes_on_from_any_step(
    web: ShuffledShards, tiny_config: LazyConfig, recipe: Recipe, step: int
) -> None:
    unbroken = all_of(MicroBatches(web, tiny_config, recipe, Share()))
    assert all_of(MicroBatches(web, tiny_config, recipe, Share(), step)) == unbroken[4 * step :]


@pytest.mark.filterwarnings("ignore:This DataLoader will create")  # on a single core
@pytest.mark.parametrize("pool", [1, 2])
@pytest.mark.parametrize("step", [0, 3])
def test_readers_take_turns(
    web: ShuffledShards, tiny_config: LazyConfig, pool: int, step: int
) -> None:
    data = MicroBatches(web, tiny_config, replace(POOLED, pool=pool), Share(), step)
    assert all_of(data, workers=2) == all_of(data)


def test_each_lane_has_one_reader() -> None:
    recipe = replace(POOLED, batch=12, workers=6)
    for world in (1, 2, 3):
        for processes in (1, 2, 3, 6):
            owner: dict[int, int] = {}
            each = Share(0, world).micro_batches(recipe)
            for micro in range(5 * each, 40 * each):
                lane, _ = lane_at(recipe, Share(0, world), micro)
                assert (
                    owner.setdefault(lane.number, (micro - 5 * each) % processes)
                    == (micro - 5 * each) % processes
                )
    assert [readers(replace(recipe, workers=6), k) for k in (1, 2, 4, 5, 8)] == [1, 2, 3, 3, 6]
    assert readers(replace(recipe, workers=0), 8) == 0


def test_all_samples_are_seen(web: ShuffledShards, tiny_config: LazyConfig) -> None:
    data = MicroBatches(web, tiny_config, replace(RECIPE, steps=3), Share())
    captions = Counter(
        sample.caption
        for micro in data
        if isinstance(micro, MicroBatch)
        for sample in micro.samples
    )
    assert captions == Counter(dict.fromkeys(CAPTIONS, 3))


@pytest.mark.parametrize("pool", [1, 2])
def test_an_error_comes_as_a_value(web: ShuffledShards, tiny_config: LazyConfig, pool: int) -> None:
    broken = ShuffledShards(replace(web.shards, paths=(Path("nowhere.tar"),) * 3))
    found = list(MicroBatches(broken, tiny_config, replace(RECIPE, pool=pool), Share()))
    assert len(found) == 1
    assert isinstance(found[0], TrainingError)
    assert "nowhere.tar" in str(found[0])


def test_a_batch_that_cannot_be_shared() -> None:
    with pytest.raises(TrainingError, match="batch of 4 cannot be shared by 3 processes"):
        Share(0, 3).micro_batches(RECIPE)
    assert Share(0, 56).micro_batches(Recipe()) == 1
    assert Share(0, 8).micro_batches(Recipe()) == 7


class Names(Sequence[Path]):
    """A hundred thousand shards that are on no disk."""

    def __len__(self) -> int:
        return 100_000

    def __getitem__(self, number: Any) -> Any:
        return Path(f"{number}.tar")


def test_a_readers_memory_does_not_grow_with_the_data(
    tiny_config: LazyConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred million samples in shards of a thousand: eight bytes a shard, nothing a sample."""
    read = list[int]()

    def made_up(self: WebShards, number: int) -> tuple[str, dict[str, bytes]]:
        read.append(number)
        return str(number), drawn_sample(number % 12)

    monkeypatch.setattr(WebShards, "read", made_up)
    ends = np.arange(1, 100_001, dtype=np.int64) * 1000
    many = ShuffledShards(WebShards(Names(), ends))
    assert many.size == 10**8
    data = MicroBatches(many, tiny_config, replace(RECIPE, pool=4), Share())
    list(data)  # what libraries keep is kept by now
    tracemalloc.start()
    assert len(list(data)) == 20
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(set(read)) > 25
    assert max(read) > 9e7
    assert peak < 5e6


def test_pinned_samples_keep_their_parts(
    web: ShuffledShards, tiny_config: LazyConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a loader asks for it where there is a card."""
    pinned: list[torch.Tensor] = []

    def pin(self: torch.Tensor) -> torch.Tensor:
        pinned.append(self)
        return self.clone()

    monkeypatch.setattr(torch.Tensor, "pin_memory", pin)
    micro = next(iter(MicroBatches(web, tiny_config, RECIPE, Share())))
    assert isinstance(micro, MicroBatch)
    again = micro.pin_memory()
    assert len(pinned) == 2  # picture and mask
    (one,), (other,) = micro.samples, again.samples
    assert one.images is not None
    assert other.images is not None
    assert torch.equal(one.images, other.images)
    assert (one.caption, one.seed) == (other.caption, other.seed)
