"""Shards that are streamed: through a command, and where the store fails."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.files.config import LazyConfig
from lazydiff_core.training import streams
from lazydiff_core.training.lanes import Mark, MicroBatch, MicroBatches, Share
from lazydiff_core.training.recipe import Recipe
from lazydiff_core.training.sources import ShuffledShards, StreamedShards, open_source
from lazydiff_core.training.streams import WAITS, Addresses, is_address, read_stream
from lazydiff_core.training.webshards import write_shard
from tests.lazydiff_core.training.drawn import drawn_sample

RECIPE = Recipe(steps=12, batch=4, micro_batch=2, workers=2, seed=3, pool=2)
SHARDS, EACH = 9, 5
ALONE = Share()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine shards of five samples; keys say which."""
    folder = tmp_path_factory.mktemp("store")
    for k in range(SHARDS):
        samples = ((f"{k}-{n}", drawn_sample(EACH * k + n)) for n in range(EACH))
        write_shard(folder / f"s-{k:03d}.tar", samples)
    return folder


@pytest.fixture
def piped(store: Path) -> StreamedShards:
    found = open_source([f"pipe:cat {store}/s-{{000..008}}.tar"])
    assert isinstance(found, StreamedShards)
    return found


def test_what_is_an_address(store: Path) -> None:
    assert is_address("https://store/{000..123}.tar")
    assert is_address("pipe:aws s3 cp s3://bucket/a.tar -")
    assert is_address("disk/{00..10}.tar")
    assert not is_address(str(store))
    assert isinstance(open_source([str(store)]), ShuffledShards)
    with pytest.raises(TrainingError, match="not both"):
        open_source([str(store), "s3://bucket/a.tar"])


def test_addresses_by_number() -> None:
    found = Addresses(("a-{008..011}.tar", "b.tar", "pipe:cat {0..1}.tar"))
    assert list(found) == [
        *("a-008.tar", "a-009.tar", "a-010.tar", "a-011.tar"),
        *("b.tar", "pipe:cat 0.tar", "pipe:cat 1.tar"),
    ]
    many = Addresses(("s3://x/{000000000..099999999}.tar",))
    assert len(many) == 10**8
    assert many[12_345] == "s3://x/000012345.tar"
    for wrong in ("a{3..1}.tar", "a{1..2}{1..2}.tar"):
        with pytest.raises(TrainingError, match="one range, from low to high"):
            len(Addresses((wrong,)))


def keys(stream: Any) -> list[str]:
    return [key for key, _ in stream]


def test_a_shard_through_a_command(store: Path) -> None:
    address = f"pipe:cat {store}/s-003.tar"
    assert keys(read_stream(address)) == [f"3-{n}" for n in range(EACH)]
    assert keys(read_stream(address, 3)) == ["3-3", "3-4"]
    files = next(read_stream(address))[1]
    assert files == drawn_sample(EACH * 3)


def test_fsspec_opens_the_rest(store: Path) -> None:
    import fsspec

    with fsspec.open("memory://shards/a.tar", "wb") as file:
        file.write((store / "s-001.tar").read_bytes())
    assert keys(read_stream("memory://shards/a.tar")) == [f"1-{n}" for n in range(EACH)]
    with pytest.raises(TrainingError, match=r"nothing://a\.tar cannot be opened"):
        next(read_stream("nothing://a.tar"))


# --- a run ---------------------------------------------------------------------------------------


def run(
    source: StreamedShards,
    config: LazyConfig,
    recipe: Recipe = RECIPE,
    share: Share = ALONE,
    step: int = 0,
    marks: dict[int, Mark] | None = None,
) -> list[MicroBatch]:
    found = []
    for micro in MicroBatches(source, config, recipe, share, step, marks):
        assert isinstance(micro, MicroBatch), micro
        found.append(micro)
    return found


def seeds(micros: list[MicroBatch]) -> list[tuple[int, str, int]]:
    return [(s.seed, s.caption, len(s.index)) for micro in micros for s in micro.samples]


def test_an_epoch_has_every_sample_once(
    piped: StreamedShards, tiny_config: LazyConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = list[str]()
    stream = streams.read_stream

    def noted(address: str, skipped: int) -> Any:
        for key, files in stream(address, skipped):
            read.append(key)
            yield key, files

    monkeypatch.setattr("lazydiff_core.training.sources.read_stream", noted)
    one_lane = replace(RECIPE, batch=1, micro_batch=1, workers=0, pool=1, steps=SHARDS * EACH)
    run(piped, tiny_config, one_lane)
    assert len(set(read)) == SHARDS * EACH
    assert read != sorted(read)


def test_any_number_of_processes_reads_the_same_run(
    piped: StreamedShards, tiny_config: LazyConfig
) -> None:
    alone = seeds(run(piped, tiny_config))
    assert len(alone) == 12 * 4
    halves = [seeds(run(piped, tiny_config, share=Share(k, 2))) for k in (0, 1)]
    for step in range(12):
        together = [one for half in halves for one in half[2 * step : 2 * step + 2]]
        assert together == alone[4 * step : 4 * step + 4]


@pytest.mark.parametrize("step", [1, 2, 5, 8, 11])
def test_it_goes_on_by_shard_and_sample(
    piped: StreamedShards, tiny_config: LazyConfig, step: int
) -> None:
    """Also in the middle of a pool, and by another number of processes."""
    unbroken = run(piped, tiny_config)
    marks = {m.lane: m.after for m in unbroken[: 2 * step] if m.after is not None}
    assert all(isinstance(mark, Mark) for mark in marks.values())
    assert seeds(run(piped, tiny_config, step=step, marks=marks)) == seeds(unbroken[2 * step :])
    half = run(piped, tiny_config, share=Share(1, 2), step=step, marks=marks)
    assert seeds(half) == seeds(unbroken[2 * step + 1 :: 2])


def test_without_marks_it_does_not_pretend_to_go_on(
    piped: StreamedShards, tiny_config: LazyConfig
) -> None:
    (error,) = MicroBatches(piped, tiny_config, RECIPE, Share(), 8)
    assert "does not say how far its stream was read" in str(error)


def test_too_few_shards(piped: StreamedShards, tiny_config: LazyConfig) -> None:
    (error,) = MicroBatches(piped, tiny_config, replace(RECIPE, batch=20), Share())
    assert "There are 9 shards, but this recipe reads 20 at a time" in str(error)


# --- what goes wrong -----------------------------------------------------------------------------


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited, without waiting."""
    slept: list[float] = []
    monkeypatch.setattr(streams.time, "sleep", slept.append)
    return slept


def opens(monkeypatch: pytest.MonkeyPatch, each: Callable[[int], bytes]) -> list[int]:
    """A store that gives these bytes the first, second, ... time."""
    tries: list[int] = []

    def opened(address: str) -> io.BytesIO:
        tries.append(1)
        return io.BytesIO(each(len(tries)))

    monkeypatch.setattr(streams, "_opened", opened)
    return tries


def test_a_store_that_fails_for_a_minute(
    store: Path, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (store / "s-002.tar").read_bytes()

    def failing(tries: int) -> bytes:
        if 1 < tries < 7:
            raise ConnectionError("503")
        return whole[: len(whole) // 2] if tries == 1 else whole

    opens(monkeypatch, failing)
    assert keys(read_stream("s3://x/a.tar")) == [f"2-{n}" for n in range(EACH)]
    assert waits == [1, 2, 4, 8, 15, 30]


def test_a_store_that_fails_for_good(
    store: Path, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(tries: int) -> bytes:
        raise ConnectionError("503 Slow Down")

    opens(monkeypatch, failing)
    with pytest.raises(TrainingError, match=r"s3://x/a\.tar cannot be read beyond its sample 0, "):
        next(read_stream("s3://x/a.tar"))
    assert waits == list(WAITS)


@pytest.mark.parametrize("part", [0.3, 0.5, 0.9])
def test_a_shard_that_is_cut_short_is_named(
    store: Path, waits: list[float], monkeypatch: pytest.MonkeyPatch, part: float
) -> None:
    whole = (store / "s-002.tar").read_bytes()
    opens(monkeypatch, lambda tries: whole[: int(part * len(whole))])
    found = list[str]()

    def read() -> None:
        for key, _ in read_stream("s3://x/a.tar"):
            found.append(key)

    with pytest.raises(TrainingError, match=r"a\.tar cannot be read beyond its sample \d"):
        read()
    assert found == [f"2-{n}" for n in range(len(found))]  # what came whole, once each
    assert len(found) < EACH


def test_one_that_is_cut_between_two_files_is_found_too(
    store: Path, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """tarfile itself takes it for a whole one."""
    import numpy as np

    from lazydiff_core.training.webshards import index_path

    whole = (store / "s-002.tar").read_bytes()
    end = int(np.load(index_path(store / "s-002.tar"))[2])
    opens(monkeypatch, lambda tries: whole[:end])
    with pytest.raises(TrainingError, match="ends too early"):
        keys(read_stream("s3://x/a.tar"))


def test_a_command_that_fails(waits: list[float]) -> None:
    command = f'{sys.executable} -c "raise SystemExit(3)"'
    with pytest.raises(TrainingError, match="cannot be read beyond its sample 0"):
        next(read_stream(f"pipe:{command}"))


def test_what_is_no_shard_of_ours(waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    import tarfile

    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        member = tarfile.TarInfo("x.jpg")
        member.size = 1
        tar.addfile(member, io.BytesIO(b"j"))
    opens(monkeypatch, lambda tries: buffer.getvalue())
    with pytest.raises(TrainingError, match=r"no shard of ours: The sample x lacks its mask\.png"):
        next(read_stream("s3://x/a.tar"))
    assert waits == []


def test_shards_without_samples(tmp_path: Path, tiny_config: LazyConfig) -> None:
    for k in range(2):
        write_shard(tmp_path / f"{k}.tar", [])
    source = StreamedShards(Addresses((f"{tmp_path}/{{0..1}}.tar",)))
    alone = replace(RECIPE, batch=1, micro_batch=1, workers=0, pool=1)
    (error,) = MicroBatches(source, tiny_config, alone, Share())
    assert "hold no samples" in str(error)
