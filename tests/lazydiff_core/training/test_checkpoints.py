"""A checkpoint is there whole, or not at all; test_loop.py has the same within a run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from torch import Tensor, nn

from lazydiff_core.errors import TargetError, TrainingError
from lazydiff_core.training import checkpoints as module
from lazydiff_core.training.checkpoints import (
    PARTS,
    Saved,
    checkpoints,
    last_weights,
    optimizer_tensors,
    restore_optimizers,
    save_checkpoint,
)
from lazydiff_core.training.muon import Muon


def parts(step: int) -> dict[str, Tensor]:
    """80 kB a part."""
    return {f"{name}.weight": torch.full((20_000,), float(step)) for name in PARTS}


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
        assert torch.equal(Saved(folder).read(name)["weight"], parts(1)[f"{name}.weight"])
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
    assert Saved(tmp_path / "step-00000002").read("ema")["weight"][0] == 2


def test_a_damaged_checkpoint_is_named(tmp_path: Path) -> None:
    folder = save_checkpoint(tmp_path, 1, parts(1), keep=1)
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    for length in (0, 5, 1000, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(TrainingError, match=r"step-00000001 cannot be read"):
            Saved(folder).read("ema")


def test_a_part_that_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole tensors with the file, and parts of tensors that several processes wrote."""
    monkeypatch.setattr(module, "_PER_FILE", 100_000)
    folder = save_checkpoint(tmp_path, 1, parts(1), keep=1)
    files = sorted(folder.iterdir())
    assert len(files) > 2
    files[0].unlink()
    with pytest.raises(TrainingError, match=r"another model's: .* does not fit"):
        Saved(folder).load(parts(0))


def test_no_file_grows_beyond_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PER_FILE", 100_000)
    folder = save_checkpoint(tmp_path, 1, parts(3), keep=1)
    assert max(path.stat().st_size for path in folder.iterdir()) < 200_000
    assert all((Saved(folder).read(part)["weight"] == 3).all() for part in PARTS)


def test_it_is_plain_safetensors(tmp_path: Path) -> None:
    """Nothing that only a pickle could hold, and nothing that only this program can read."""
    folder = save_checkpoint(tmp_path, 1, parts(1), keep=1)
    (path,) = folder.iterdir()
    with safe_open(path, "pt") as file:
        assert set(file.keys()) == set(parts(1))


def test_the_last_weights_are_the_running_mean_where_there_is_one(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="holds no checkpoint yet"):
        last_weights(tmp_path)
    save_checkpoint(tmp_path, 0, {"model.weight": torch.zeros(1)}, keep=9)
    assert last_weights(tmp_path)[1]["weight"] == 0
    both = {"model.weight": torch.zeros(1), "ema.weight": torch.ones(1)}
    save_checkpoint(tmp_path, 3, both, keep=9)
    step, weights = last_weights(tmp_path)
    assert (step, weights["weight"]) == (3, 1)


def test_optimizers_go_on_with_what_they_kept(tmp_path: Path) -> None:
    def made(seed: int) -> tuple[nn.Module, dict[str, torch.optim.Optimizer]]:
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Linear(6, 12), nn.Linear(12, 6))
        muon = Muon([model[0].weight, model[1].weight])
        adam = torch.optim.AdamW([model[0].bias, model[1].bias], lr=0.01)
        return model, {"muon": muon, "adam": adam}

    def train(model: nn.Module, optimizers: dict[str, torch.optim.Optimizer], seed: int) -> None:
        x = torch.randn(16, 6, generator=torch.Generator().manual_seed(seed))
        (model(x) - x.flip(1)).square().mean().backward()
        for optimizer in optimizers.values():
            optimizer.step()
            optimizer.zero_grad()

    model, optimizers = made(0)
    train(model, optimizers, 1)
    kept = {f"optimizer.{k}": v for k, v in optimizer_tensors(model, optimizers.values()).items()}
    assert len(kept) == 2 + 2 * 3
    folder = save_checkpoint(tmp_path, 1, kept, keep=1)
    again, theirs = made(1)
    again.load_state_dict(model.state_dict())
    restore_optimizers(again, theirs, Saved(folder))
    for one, its in ((model, optimizers), (again, theirs)):
        train(one, its, 2)
    pairs = zip(model.parameters(), again.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    other = nn.Linear(6, 6)
    with pytest.raises(TrainingError, match=r"another model's: it has no 0\.bias"):
        restore_optimizers(other, {"adam": torch.optim.AdamW(other.parameters())}, Saved(folder))
