from __future__ import annotations

from pathlib import Path

import pytest
import torch

from lazydiff_core.errors import TrainingError
from lazydiff_core.model.checkpoint.checkpoint import Defaults, load_checkpoint
from lazydiff_core.model.files.tensors import write_tensors
from lazydiff_core.training.export import (
    continue_from,
    export_model,
    load_autoencoder,
    load_lazy,
)
from lazydiff_core.training.held_out import BEST


def test_a_model_made_into_runs_and_exported_again_is_the_same(
    tiny_folder: Path, tmp_path: Path
) -> None:
    lazy, autoencoder, out = tmp_path / "lazy", tmp_path / "autoencoder", tmp_path / "again"
    continue_from(tiny_folder, lazy, autoencoder)
    export_model(lazy, autoencoder, out, Defaults(3, 1.5), ("pear",))
    before, after = load_checkpoint(tiny_folder), load_checkpoint(out)
    for first, second in ((before.lazy, after.lazy), (before.autoencoder, after.autoencoder)):
        assert first.config == second.config
        for name, value in first.state_dict().items():
            assert torch.equal(value, second.state_dict()[name]), name
    assert after.defaults == Defaults(3, 1.5)
    assert after.concepts == ("pear",)


def test_a_run_is_never_overwritten(tiny_folder: Path, tmp_path: Path) -> None:
    continue_from(tiny_folder, tmp_path / "lazy", tmp_path / "autoencoder")
    with pytest.raises(TrainingError, match="would be overwritten"):
        continue_from(tiny_folder, tmp_path / "lazy", tmp_path / "other")


def test_the_best_weights_of_a_run_are_taken(tiny_folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "lazy"
    continue_from(tiny_folder, run, tmp_path / "autoencoder")
    last = load_lazy(run).state_dict()
    write_tensors(run / BEST, {name: value + 1 for name, value in last.items()})
    assert all(torch.equal(v, last[k] + 1) for k, v in load_lazy(run).state_dict().items())


@pytest.mark.parametrize("load", [load_lazy, load_autoencoder])
def test_a_folder_without_a_run_is_said_to_be_one(load: object, tmp_path: Path) -> None:
    assert callable(load)
    with pytest.raises(TrainingError, match=str(tmp_path)):
        load(tmp_path)
