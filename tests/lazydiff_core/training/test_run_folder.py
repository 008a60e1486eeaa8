from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from lazydiff_core.errors import TrainingError
from lazydiff_core.training.checkpoints import checkpoints
from lazydiff_core.training.run_folder import RunNotes, begin, claimed, read_notes


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
        begin(tmp_path, RunNotes("model", {}, "float32"), resume=False)
    assert read_notes(tmp_path).init == "model"
