from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from lazydiff_core.errors import ModelError, TargetError
from lazydiff_core.model.files.weights import (
    SkipRandomInit,
    check_digests,
    fit_state,
    read_state,
    save_sharded,
    weight_files,
)
from lazydiff_core.storage.safe_files import file_sha256


@pytest.fixture
def state() -> dict[str, Tensor]:
    return {name: torch.randn(10, 10) for name in "abcd"}


@pytest.mark.parametrize(("limit", "files"), [(10**9, 1), (800, 2), (100, 4)])
def test_shards(state: dict[str, Tensor], tmp_path: Path, limit: int, files: int) -> None:
    save_sharded(tmp_path / "new", state, "model", limit)
    assert len(weight_files(tmp_path / "new", "model")) == files
    assert (tmp_path / "new" / "model.safetensors.index.json").is_file() == (files > 1)
    loaded = read_state(tmp_path / "new", "model")
    assert loaded.keys() == state.keys()
    assert all(torch.equal(loaded[name], value) for name, value in state.items())


def test_an_index_that_promises_too_much(state: dict[str, Tensor], tmp_path: Path) -> None:
    save_file(state, tmp_path / "x.safetensors")
    names = dict.fromkeys([*state, "lost"], "x.safetensors")
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": names}))
    with pytest.raises(ModelError, match="incomplete: none of its files holds lost"):
        read_state(tmp_path, "model")


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"There is no folder .*none"):
        read_state(tmp_path / "none", "model")


def test_digests(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"content")
    check_digests(tmp_path, {"file": file_sha256(path)})
    with pytest.raises(ModelError, match="file is damaged"):
        check_digests(tmp_path, {"file": "0" * 64})
    with pytest.raises(ModelError, match="other is missing"):
        check_digests(tmp_path, {"other": "0" * 64})
    with pytest.raises(ModelError, match="cannot be read"):
        check_digests(tmp_path.parent, {tmp_path.name: "0" * 64})


def test_one_tensor_too_many(tmp_path: Path) -> None:
    layer = nn.Linear(2, 2)
    fit_state(layer, layer.state_dict(), tmp_path)
    with pytest.raises(ModelError, match=r"another architecture .*\(more\)"):
        fit_state(layer, layer.state_dict() | {"more": torch.zeros(1)}, tmp_path)


def test_a_folder_that_cannot_be_written(state: dict[str, Tensor], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(TargetError, match="cannot be written to"):
        save_sharded(tmp_path / "file", state)


def test_unfilled_layers_draw_nothing() -> None:
    before = torch.get_rng_state()
    with SkipRandomInit():
        layers = nn.Sequential(nn.Linear(3, 3), nn.Conv2d(1, 2, 3), nn.Embedding(4, 2))
    assert torch.equal(torch.get_rng_state(), before)
    state = {name: torch.ones_like(value) for name, value in layers.state_dict().items()}
    layers.load_state_dict(state)
    assert torch.equal(layers[0](torch.ones(1, 3)), torch.full((1, 3), 4.0))
    nn.Linear(3, 3)
    assert not torch.equal(torch.get_rng_state(), before)
