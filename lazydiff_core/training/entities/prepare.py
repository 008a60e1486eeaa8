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
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any

import cv2

from lazydiff_core.device_faults import is_out_of_memory
from lazydiff_core.errors import OutOfMemoryError, TargetError, TrainingError
from lazydiff_core.storage.safe_files import make_folder, write_files
from lazydiff_core.training.entities.entity import EntitySource, Picture
from lazydiff_core.training.entities.samples import Choice, Prepared, prepare_picture
from lazydiff_core.training.webshards import Files, index_path, write_shard

PER_SHARD = 250

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
    pictures = sources[0].pictures()
    make_folder(out)
    _begin(out, _notes(sources[0], pictures, choice, per_shard))
    groups = [pictures[k : k + per_shard] for k in range(0, len(pictures), per_shard)]
    mine = [(k, group) for k, group in enumerate(groups) if k % parts == part]
    todo = [(k, group) for k, group in mine if not index_path(_shard(out, k)).exists()]
    of = sum(len(group) for _, group in mine)
    place = count(1 + of - sum(len(group) for _, group in todo))
    with _preparing(sources, choice) as work:
        for number, group in todo:
            shard = _shard(out, number)
            write_shard(shard, _samples(work(group), shard, lambda: on_picture(next(place), of)))
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


def _notes(
    source: EntitySource, pictures: Sequence[Picture], choice: Choice, per_shard: int
) -> dict[str, Any]:
    """All that shards depend on; nothing that may differ from machine to machine."""
    names = "\n".join(picture.name for picture in pictures)
    return {
        "source": source.about,
        "choice": asdict(choice),
        "per_shard": per_shard,
        "pictures": len(pictures),
        "names": hashlib.sha256(names.encode()).hexdigest(),
    }


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
        yield lambda group: (_prepared(sources[0], one, choice) for one in group)
        return
    context = multiprocessing.get_context("spawn")  # a process that has CUDA cannot be forked
    queue = context.Queue()
    for source in sources:
        queue.put(source)
    threads = max(1, (os.cpu_count() or 1) // len(sources))
    pool = ProcessPoolExecutor(len(sources), context, _take_place, (queue, choice, threads))
    try:
        yield lambda group: pool.map(_prepare_one, group)
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


def _prepare_one(picture: Picture) -> Prepared:
    source, choice = _given[0]
    return _prepared(source, picture, choice)


def _prepared(source: EntitySource, picture: Picture, choice: Choice) -> Prepared:
    try:
        return prepare_picture(source, picture, choice)
    except Exception as error:
        if is_out_of_memory(error):
            raise OutOfMemoryError(
                f"There is no memory left to prepare {picture.name}: go on with fewer --workers."
            ) from error
        raise
