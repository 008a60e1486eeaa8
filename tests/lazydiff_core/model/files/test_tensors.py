from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from lazydiff_core.errors import TargetError
from lazydiff_core.model.files.tensors import write_tensors


def test_tensors_are_as_readable_as_any_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    write_tensors(tmp_path / "x.safetensors", {"a": torch.ones(2)})
    modes = {path.stat().st_mode for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.safetensors"
    write_tensors(path, {"a": torch.ones(2)})

    def full(*args: object, **options: object) -> None:
        raise SafetensorError("I/O error: No space left on device")

    monkeypatch.setattr("lazydiff_core.model.files.tensors.save_file", full)
    with pytest.raises(TargetError, match="no space left"):
        write_tensors(path, {"a": torch.zeros(2)})
    assert load_file(path)["a"].tolist() == [1, 1]
    assert list(tmp_path.iterdir()) == [path]
