from __future__ import annotations

import errno
import io
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.storage.formats.raster import planes_of
from app.storage.journal.log import Kind, Log, scan
from app.storage.journal.reader import read_journal
from app.storage.journal.recorder import Patch, Recorder
from lazydiff_core.contract import Box
from lazydiff_core.errors import ProjectError
from tests.app.storage.formats.pictures import layered_picture, same_picture, some_picture
from tests.app.storage.journal.doubles import SimulatedDisk
from tests.app.storage.journal.driving import change, read

SMALL = {"height": 60, "width": 90}


@pytest.mark.parametrize("sketched", [False, True])
def test_a_picture_is_recovered(tmp_path: Path, sketched: bool) -> None:
    picture = some_picture(sketched=sketched)
    disk = SimulatedDisk()
    Recorder(disk).write(change(picture, 5))

    found = read(disk.written, tmp_path / "j")

    assert found is not None
    assert same_picture(found.picture, picture)
    assert (found.path, found.time, found.saved) == (Path("/a/b.png"), 5.0, False)
    assert not found.problems


def test_arrays_and_edits_are_written_once(tmp_path: Path) -> None:
    picture = some_picture(**SMALL)
    disk = SimulatedDisk()
    recorder = Recorder(disk)
    recorder.write(change(picture))
    before = recorder.size
    # Another variant of the last edit shows: nothing new but a few numbers.
    last = replace(picture.stack.edits[-1], chosen=1)
    edits = (*picture.stack.edits[:-1], last)
    recorder.write(replace(change(picture, first=False), edits=edits, patches=()))

    assert recorder.size - before < 2000
    found = read(disk.written, tmp_path / "j")
    assert found is not None
    assert [edit.chosen for edit in found.picture.stack.edits] == [0, 1, 1]
    kinds = Counter(record.kind for record in scan(io.BytesIO(disk.written)))
    assert kinds[Kind.EDIT] == 4
    assert kinds[Kind.STATE] == 2


def test_patches_are_laid_over_each_other(tmp_path: Path) -> None:
    picture = some_picture(edits=0, sketched=False)
    disk = SimulatedDisk()
    recorder = Recorder(disk)
    recorder.write(change(picture))
    cover = picture.cover.copy()
    rng = np.random.default_rng(0)
    for _ in range(5):
        left, top = int(rng.integers(0, 200)), int(rng.integers(0, 100))
        box = Box(left, top, left + 300, top + 150)
        cover[box.slices] = rng.integers(0, 256, (150, 300), np.uint8)
        patch = Patch("cover", box, planes_of(cover[box.slices].copy()))
        recorder.write(replace(change(picture, first=False), patches=(patch,)))

    found = read(disk.written, tmp_path / "j")

    assert found is not None
    assert np.array_equal(found.picture.cover, cover)


def test_a_journal_without_a_whole_state_holds_nothing(tmp_path: Path) -> None:
    disk = SimulatedDisk()
    Log(disk).append(Kind.TILE, bytes(100))

    assert read(disk.written, tmp_path / "j") is None


def test_the_last_whole_state_counts_wherever_the_file_is_cut(tmp_path: Path) -> None:
    disk = SimulatedDisk()
    recorder = Recorder(disk)
    picture, ends = some_picture(**SMALL, edits=0, sketched=False), [0]
    pictures = []
    for number in range(4):
        picture = replace(picture, stack=some_picture(**SMALL, edits=number).stack)
        recorder.write(change(picture, number))
        ends.append(recorder.size)
        pictures.append(picture)

    for size in range(ends[1], ends[-1] + 1, 997):
        found = read(disk.written[:size], tmp_path / "j")
        whole = sum(end <= size for end in ends[1:])
        assert found is not None
        assert same_picture(found.picture, pictures[whole - 1])


@pytest.mark.parametrize("seed", range(3))
def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    pictures = [some_picture(seed, **SMALL, edits=edits) for edits in range(3)]
    for _ in range(20):
        disk = SimulatedDisk()
        recorder = Recorder(disk)
        acknowledged = -1
        for number in range(rng.randrange(1, 6)):
            recorder.write(change(pictures[number % 3], number))
            if rng.random() < 0.5:
                recorder.sync()
                acknowledged = number
        try:
            found = read(disk.after_power_cut(rng), tmp_path / "j")
        except ProjectError:
            found = None
        if found is None:
            assert acknowledged == -1
        else:
            assert found.time >= acknowledged
            assert same_picture(found.picture, pictures[int(found.time) % 3])


@pytest.mark.parametrize("room", [0, 20, 100, 5000, 30_000])
def test_a_full_disk_leaves_what_was_written_before(tmp_path: Path, room: int) -> None:
    picture = some_picture(**SMALL, edits=0)
    free = SimulatedDisk()
    Recorder(free).write(change(picture, 1))
    disk = SimulatedDisk(full_at=len(free.written) + room)
    recorder = Recorder(disk)
    recorder.write(change(picture, 1))

    large = some_picture(2, height=200, width=300, edits=1)
    with pytest.raises(OSError, match="No space") as caught:
        recorder.write(change(large, 2))

    assert caught.value.errno == errno.ENOSPC
    found = read(disk.written, tmp_path / "j")
    assert found is not None
    assert found.time == 1


def test_a_journal_of_before_edits_were_layers_is_recovered() -> None:
    recovered = read_journal(Path(__file__).parent / "data" / "version-2.journal")

    assert recovered is not None
    assert not recovered.problems
    saved = some_picture(seed=2, height=60, width=80, channels=4)
    assert same_picture(recovered.picture, saved)


@pytest.mark.parametrize("channels", [3, 4])
def test_layers_are_recovered(tmp_path: Path, channels: int) -> None:
    picture = layered_picture(channels=channels)
    disk = SimulatedDisk()
    recorder = Recorder(disk)
    recorder.write(change(picture))
    recorder.sync()

    recovered = read(disk.written, tmp_path / "a.journal")

    assert recovered is not None
    assert same_picture(recovered.picture, picture)
