"""A checkpoint is there whole, or not at all; test_trainer.py has the same within a run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from filelock import FileLock
from safetensors.torch import load_file
from torch import Tensor

from lazydiff_core.errors import TargetError, TrainingError
from lazydiff_core.training.run_folder import (
    PARTS,
    checkpoints,
    claimed,
    load_part,
    save_checkpoint,
)

Parts = dict[str, dict[str, Tensor]]


def parts(step: int) -> Parts:
    """80 kB a part."""
    return {name: {"weight": torch.full((20_000,), float(step))} for name in PARTS}


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """The system itself refuses longer files, as a full disk does."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of files are Linux's")
def test_a_write_the_system_refuses_leaves_the_old_checkpoint(tmp_path: Path) -> None:
    save_checkpoint(tmp_path, 1, parts(1), keep=1)
    with (
        pytest.raises(TargetError, match=r"Step 2 cannot be saved.*last checkpoint is step-0*1"),
        no_file_beyond(40_000),
    ):
        save_checkpoint(tmp_path, 2, parts(2), keep=1)
    ((step, folder),) = checkpoints(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    assert step == 1
    for name in PARTS:
        assert torch.equal(load_part(folder, name)["weight"], parts(1)[name]["weight"])
    save_checkpoint(tmp_path, 2, parts(2), keep=1)
    assert [step for step, _ in checkpoints(tmp_path)] == [2]


def test_what_was_being_written_when_it_was_killed_is_no_checkpoint(tmp_path: Path) -> None:
    save_checkpoint(tmp_path, 1, parts(1), keep=2)
    left = tmp_path / ".step-00000002.tmp"
    left.mkdir()
    (left / "model.safetensors").write_bytes(b"half")
    assert [step for step, _ in checkpoints(tmp_path)] == [1]
    save_checkpoint(tmp_path, 2, parts(2), keep=2)
    assert not left.exists()
    assert load_file(tmp_path / "step-00000002" / "ema.safetensors")["weight"][0] == 2


def test_a_damaged_checkpoint_is_named(tmp_path: Path) -> None:
    folder = save_checkpoint(tmp_path, 1, parts(1), keep=1)
    path = folder / "ema.safetensors"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(TrainingError, match=r"step-00000001 cannot be read"):
        load_part(folder, "ema")


def test_one_run_at_a_time_writes_to_a_folder(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with claimed(out):
        with pytest.raises(TrainingError, match="Another run writes"), claimed(out):
            pass
        assert not checkpoints(out)
    with claimed(out):  # free again
        pass


def test_a_disk_without_locks_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(lock: FileLock, **given: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(FileLock, "acquire", refuse)
    with claimed(tmp_path):
        save_checkpoint(tmp_path, 1, parts(1), keep=1)
    assert [step for step, _ in checkpoints(tmp_path)] == [1]
