from __future__ import annotations

import io
import os
import random
from pathlib import Path

import pytest

from app.storage.journal.log import MAGIC, DiskFile, Kind, Log, scan
from lazydiff_core.errors import ProjectError
from tests.app.storage.journal.doubles import SimulatedDisk


def payloads(data: bytes) -> list[bytes]:
    file = io.BytesIO(data)
    return [record.payload(file) for record in scan(file)]


def test_what_is_appended_is_read_back(tmp_path: Path) -> None:
    file = DiskFile(tmp_path / "a")
    log = Log(file)
    written = [os.urandom(size) for size in (0, 1, 300_000)]
    for data in written:
        log.append(Kind.TILE, data)
    log.sync()
    file.close()

    whole = (tmp_path / "a").read_bytes()
    assert payloads(whole) == written
    assert log.size == len(whole)


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"mine")

    with pytest.raises(FileExistsError):
        DiskFile(tmp_path / "a")


@pytest.mark.parametrize("data", [b"", MAGIC[:3], MAGIC, MAGIC + bytes(15)])
def test_a_log_that_was_only_just_begun_is_empty(data: bytes) -> None:
    assert not payloads(data)


@pytest.mark.parametrize("data", [b"x", bytes(16), b"x" * 100])
def test_other_files_are_no_logs(data: bytes) -> None:
    with pytest.raises(ProjectError, match="not a LazyDiff journal"):
        payloads(data)


def test_every_cut_leaves_the_records_before_it() -> None:
    disk = SimulatedDisk()
    log = Log(disk)
    ends = [log.size]
    for number in range(5):
        log.append(Kind.STATE, bytes([number]) * (number * 7))
        ends.append(log.size)

    for size in range(ends[0], ends[-1] + 1):
        found = payloads(disk.written[:size])
        assert len(found) == sum(end <= size for end in ends[1:])


def test_a_changed_byte_ends_the_log_there() -> None:
    disk = SimulatedDisk()
    log = Log(disk)
    written = [os.urandom(40) for _ in range(6)]
    for data in written:
        log.append(Kind.TILE, data)

    for place in range(len(MAGIC), log.size):
        damaged = bytearray(disk.written)
        damaged[place] ^= 0x10
        found = payloads(bytes(damaged))
        assert found == written[: len(found)]
        assert len(found) < len(written)


def test_records_of_another_log_do_not_count() -> None:
    """Blocks that a file gets from the disk may hold the records of a deleted one."""
    old, new = SimulatedDisk(), SimulatedDisk()
    for disk, count in ((old, 6), (new, 3)):
        log = Log(disk)
        for _ in range(count):
            log.append(Kind.TILE, bytes(100))

    mixed = new.written + old.written[len(new.written) :]

    assert len(payloads(mixed)) == 3


@pytest.mark.parametrize("seed", range(4))
def test_a_power_cut_keeps_what_was_synced_and_nothing_out_of_order(seed: int) -> None:
    """Unsynced sectors are lost, kept, torn or filled with rubbish, in any order."""
    rng = random.Random(seed)
    for _ in range(100):
        disk = SimulatedDisk()
        log = Log(disk)
        written: list[bytes] = []
        acknowledged = 0
        for _ in range(rng.randrange(1, 25)):
            written.append(rng.randbytes(rng.choice((0, 10, 511, 512, 3000))))
            log.append(rng.choice(list(Kind)), written[-1])
            if rng.random() < 0.3:
                log.sync()
                acknowledged = len(written)
        left = disk.after_power_cut(rng)
        try:
            found = payloads(left)
        except ProjectError:
            found = []
        assert found == written[: len(found)]
        assert len(found) >= acknowledged
