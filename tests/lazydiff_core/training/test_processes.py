"""A whole run on two processes (gloo, CPU) against the same run on one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from lazydiff_core.model.checkpoint.checkpoint import save_checkpoint
from lazydiff_core.training.batches import BatchMaker
from lazydiff_core.training.checkpoints import Saved
from lazydiff_core.training.encode_shards import encode_shards
from tests.lazydiff_core.training import one_of_two
from tests.lazydiff_core.training.driving import free_port

ROOT = Path(one_of_two.__file__).parents[3]


def two_processes(kind: str, given: tuple[Path, ...], steps: int, found: Path) -> list[Any]:
    """What each of them found."""
    running = []
    shared = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port())}
    files = [found.with_name(f"{kind}-{rank}.json") for rank in "01"]
    for rank, file in zip("01", files, strict=True):
        told = {"RANK": rank, "LOCAL_RANK": rank, "LOCAL_WORLD_SIZE": "2", "OMP_NUM_THREADS": "1"}
        arguments = [kind, *map(str, given), str(steps), str(file)]
        command = [sys.executable, "-m", one_of_two.__name__, *arguments]
        environment = os.environ | shared | told
        running.append(
            subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        )
    try:
        for process in running:
            news = process.communicate(timeout=240)[1]
            assert process.returncode == 0, news
    finally:  # one that waits for the other would wait for ever
        for process in running:
            process.kill()
            process.communicate()
    return [json.loads(file.read_text()) for file in files]


@pytest.fixture
def given(
    make_maker: Callable[..., BatchMaker], web_shards: Path, tmp_path: Path
) -> tuple[Path, Path]:
    """A tiny model's folder, and shards encoded for it."""
    maker = make_maker()
    save_checkpoint(tmp_path / "model", maker.checkpoint)
    assert encode_shards(maker, [str(web_shards)], tmp_path / "encoded", 0, 1) == 3
    return tmp_path / "model", tmp_path / "encoded"


@pytest.mark.slow
def test_two_processes_train_as_one(given: tuple[Path, Path], tmp_path: Path) -> None:
    """Two steps with whole weights on each process, two with half of them (FSDP2), against four
    in one process: the checkpoint between fits both."""
    alone: Any = one_of_two.train(*given, tmp_path / "one", 4)
    assert len(alone["steps"]) == 4
    whole = two_processes("ddp", (*given, tmp_path / "two"), 2, tmp_path / "found")
    halves = two_processes("fsdp", (*given, tmp_path / "two"), 4, tmp_path / "found")
    for both in (whole, halves):
        assert [found["first"] for found in both] == [True, False]
        assert both[1]["steps"] == []  # only the first reports
        assert both[1]["loss"] == both[0]["loss"]
    # A step is its loss and the norm of its gradient before it is cut to `clip`.
    steps = np.array(whole[0]["steps"] + halves[0]["steps"])
    assert steps == pytest.approx(np.array(alone["steps"]), rel=1e-4)
    assert (steps[:, 1] > one_of_two.RECIPE.clip).all()
    files = sorted(path.name for path in (tmp_path / "two" / "step-00000004").iterdir())
    assert len(files) == 2  # each process wrote its part, and only that:
    sizes = [path.stat().st_size for path in (tmp_path / "two" / "step-00000004").iterdir()]
    (alone_file,) = (tmp_path / "one" / "step-00000004").iterdir()
    assert max(sizes) < 0.6 * alone_file.stat().st_size
    for part in ("model", "ema", "optimizer"):
        one, two = (Saved(tmp_path / name / "step-00000004").read(part) for name in ("one", "two"))
        assert one.keys() == two.keys()
        for key in one:
            scale = float(one[key].abs().max())
            assert torch.allclose(one[key], two[key], atol=1e-3 * scale), (part, key)
    assert (tmp_path / "two" / "sheets" / "step-00000004.png").is_file()


@pytest.mark.slow
def test_machines_that_do_not_share_the_folder_stop(
    given: tuple[Path, Path], tmp_path: Path
) -> None:
    """The second sees no checkpoint and would begin where the first goes on."""
    one_of_two.train(*given, tmp_path / "run-0", 2)
    found = two_processes("apart", (*given, tmp_path / "run"), 4, tmp_path / "found")
    assert all("Not all machines see the same checkpoints" in each["refused"] for each in found)


@pytest.mark.slow
def test_a_failure_of_one_process_ends_both(given: tuple[Path, Path], tmp_path: Path) -> None:
    """Within seconds and with the same sentence; nothing waits for the other."""
    found = two_processes("failing", (*given, tmp_path / "run"), 2, tmp_path / "found")
    sentences = [[sentence for sentence, _ in each["told"]] for each in found]
    assert sentences[0] == sentences[1]
    wanted = ("Another run writes to", "the sample is damaged", "No space left on device")
    assert all(map(str.__contains__, sentences[0], wanted))
    assert max(seconds for each in found for _, seconds in each["told"]) < 10
