"""`lazydiff data prepare`: pictures to shards, in parallel, on any number of machines, resumable.

Shard k holds the samples of the k-th PER_SHARD pictures, and depends on nothing else. Its index is
written last (webshards.write_shard), so a shard that has one is complete and is not made again.

OUT/prepare.json        what the folder was begun with
OUT/000000.json         how many of what a shard's pictures gave
OUT/000000.tar          samples, and OUT/000000.index.npy
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

import cv2

from lazydiff_core.device_faults import is_out_of_memory
from lazydiff_core.errors import OutOfMemoryError, TargetError, TrainingError
from lazydiff_core.storage.safe_files import make_folder, write_files
from lazydiff_core.training.entities.entity import EntitySource, Picture
from lazydiff_core.training.entities.samples import Choice, Prepared, prepare_pictures
from lazydiff_core.training.webshards import Files, index_path, write_shard

PER_SHARD = 250
TOGETHER = 8  # pictures whose entities are named at once

Prepare = Callable[[Sequence[Picture]], Iterator[Prepared]]


def prepare(
    sources: Sequence[EntitySource],
    out: Path,
    choice: Choice,
    part: int = 0,
    parts: int = 1,
    on_picture: Callable[[int, int], None] = lambda done, of: None,
    per_shard: int = PER_SHARD,
) -> Counter[str]:
    """Write the shards that are not there yet; returns the counts of all that are there.

    sources: alike but for their device, one for each worker process; a single one works in this
    process. part of parts: every parts-th shard only, from the part-th (0-based). on_picture: is
    told how many pictures are done, and of how many. Raises InputError, ModelError, TrainingError.
    """
    make_folder(out)
    total, notes = _notes(sources[0], choice, per_shard)
    _begin(out, notes)
    mine = range(part, -(-total // per_shard), parts)
    done = {k for k in mine if index_path(_shard(out, k)).exists()}
    of = sum(min(per_shard, total - k * per_shard) for k in mine)
    place = count(1 + sum(min(per_shard, total - k * per_shard) for k in done))
    with _preparing(sources, choice) as work:
        for number, group in enumerate(_groups(sources[0].pictures(), per_shard)):
            if number in mine and number not in done:
                shard = _shard(out, number)
                prepared = _samples(work(group), shard, lambda: on_picture(next(place), of))
                write_shard(shard, prepared)
    return counts(out)


def counts(out: Path) -> Counter[str]:
    """Of all shards in a folder."""
    found = Counter[str]()
    for path in sorted(out.glob("[0-9]*.json")):
        found.update(json.loads(path.read_text(encoding="utf-8")))
    return found


def _samples(
    prepared: Iterator[Prepared], shard: Path, on_picture: Callable[[], None]
) -> Iterator[tuple[str, Files]]:
    """A shard's samples; at their end the counts are written, before the shard is complete."""
    tally = Counter[str]()
    for one in prepared:
        tally.update(one.tally)
        on_picture()
        yield from one.samples
    write_files({shard.with_suffix(".json"): _json(tally)})


def _shard(out: Path, number: int) -> Path:
    return out / f"{number:06d}.tar"


def _json(values: Any) -> bytes:
    return (json.dumps(values, indent=1) + "\n").encode()


def _notes(source: EntitySource, choice: Choice, per_shard: int) -> tuple[int, dict[str, Any]]:
    """The number of pictures, and all that shards depend on: nothing that differs by machine."""
    digest, total = hashlib.sha256(), 0
    for picture in source.pictures():
        digest.update((("\n" if total else "") + picture.name).encode())
        total += 1
    return total, {
        "source": source.about,
        "choice": asdict(choice),
        "per_shard": per_shard,
        "pictures": total,
        "names": digest.hexdigest(),
    }


def _groups(pictures: Iterable[Picture], size: int) -> Iterator[list[Picture]]:
    """Pictures in groups, which are not all in memory at once."""
    rest = iter(pictures)
    while group := list(islice(rest, size)):
        yield group


def _begin(out: Path, notes: dict[str, Any]) -> None:
    """TargetError where the folder was begun with something else."""
    path = out / "prepare.json"
    try:
        before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else notes
    except (OSError, ValueError):
        before = None
    if before != notes:
        raise TargetError(
            f"{out} was begun with other pictures or other settings: name a new folder."
        )
    write_files({path: _json(notes)})


# --- processes ------------------------------------------------------------------------------------

_given: list[tuple[EntitySource, Choice]] = []


@contextmanager
def _preparing(sources: Sequence[EntitySource], choice: Choice) -> Iterator[Prepare]:
    """Prepares pictures in their order, in as many processes as there are sources."""
    if len(sources) == 1:
        yield lambda group: chain.from_iterable(
            _prepared(sources[0], some, choice) for some in _groups(group, TOGETHER)
        )
        return
    context = multiprocessing.get_context("spawn")  # a process that has CUDA cannot be forked
    queue = context.Queue()
    for source in sources:
        queue.put(source)
    threads = max(1, (os.cpu_count() or 1) // len(sources))
    pool = ProcessPoolExecutor(len(sources), context, _take_place, (queue, choice, threads))
    try:
        yield lambda group: chain.from_iterable(pool.map(_prepare_some, _groups(group, TOGETHER)))
    except BrokenProcessPool as error:
        raise TrainingError(
            "A process that prepared pictures ended by itself, perhaps for want of memory: "
            "go on with fewer --workers."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _take_place(queue: Any, choice: Choice, threads: int) -> None:
    """Begin as one of several processes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process stops the others
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    cv2.setNumThreads(threads)
    _given.append((queue.get(), choice))


def _prepare_some(pictures: list[Picture]) -> list[Prepared]:
    source, choice = _given[0]
    return _prepared(source, pictures, choice)


def _prepared(source: EntitySource, pictures: list[Picture], choice: Choice) -> list[Prepared]:
    try:
        return prepare_pictures(source, pictures, choice)
    except Exception as error:
        if is_out_of_memory(error):
            raise OutOfMemoryError(
                f"There is no memory left to prepare {pictures[0].name} and what follows: "
                "go on with fewer --workers."
            ) from error
        raise
