from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lazydiff_core.contract import RGB
from lazydiff_core.errors import OutOfMemoryError, TargetError, TrainingError
from lazydiff_core.training.entities import prepare as module
from lazydiff_core.training.entities.coco import CocoEntities
from lazydiff_core.training.entities.entity import Chosen, Entity, Picture
from lazydiff_core.training.entities.look import look_at
from lazydiff_core.training.entities.prepare import counts, prepare
from lazydiff_core.training.entities.samples import Choice
from lazydiff_core.training.webshards import find_shards, open_shards

Make = Callable[..., Any]


@pytest.fixture
def make(folder: Path, coco: Path, choice: Choice) -> Make:
    """Prepares six pictures, two a shard."""
    source = CocoEntities(folder, coco)

    def run(out: Path, *more: Any, workers: int = 1, **changes: Any) -> Any:
        changed = replace(choice, **changes)
        return prepare([source] * workers, out, changed, *more, per_shard=2)

    return run


def contents(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def test_a_folder_of_pictures_becomes_shards(make: Make, tmp_path: Path) -> None:
    out = tmp_path / "shards"
    found = make(out)
    assert found == counts(out)
    assert (found["pictures"], found["unreadable"], found["samples"]) == (6, 2, 6)
    assert [path.name for path in find_shards([out])] == ["000000.tar", "000001.tar", "000002.tar"]
    shards = open_shards(find_shards([out]))
    assert len(shards) == 6
    keys = [shards.read(k)[0] for k in range(6)]
    assert keys == sorted(keys)


def test_it_goes_on_where_it_stopped(make: Make, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    make(whole)
    told: list[tuple[int, int]] = []

    def stop(done: int, of: int) -> None:
        told.append((done, of))
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(broken, 0, 1, stop)
    assert [path.name for path in find_shards([broken])] == ["000000.tar"]
    make(broken, 0, 1, lambda *news: told.append(news))
    assert told == [(k, 6) for k in (1, 2, 3, 4, 3, 4, 5, 6)]
    assert contents(broken) == contents(whole)


def test_several_machines_do_it_together(make: Make, tmp_path: Path) -> None:
    whole, shared = tmp_path / "whole", tmp_path / "shared"
    make(whole)
    told: list[tuple[int, int]] = []
    make(shared, 1, 2, lambda *news: told.append(news))
    assert [path.name for path in find_shards([shared])] == ["000001.tar"]
    assert told == [(1, 2), (2, 2)]
    make(shared, 0, 2)
    assert contents(shared) == contents(whole)


def test_several_processes_give_the_same(make: Make, tmp_path: Path) -> None:
    make(tmp_path / "one")
    make(tmp_path / "two", workers=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


@dataclass(frozen=True)
class Deadly:
    """Ends the process that asks it."""

    folder: Path
    about: str = "deadly"

    def pictures(self) -> list[Picture]:
        return [Picture(0, "a.jpg")]

    def entities(self, image: RGB, picture: Picture) -> list[Entity]:
        import os

        os._exit(9)

    def named(self, chosen: Sequence[Chosen]) -> list[list[Entity]]:
        return [one.entities for one in chosen]


def test_a_process_that_dies_is_said(folder: Path, choice: Choice, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="go on with fewer --workers"):
        prepare([Deadly(folder)] * 2, tmp_path / "shards", choice)
    assert not list((tmp_path / "shards").glob("*.tar"))


def test_memory_that_ends_is_said(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object) -> None:
        raise RuntimeError("CUDA out of memory")

    monkeypatch.setattr(CocoEntities, "entities", full)
    with pytest.raises(
        OutOfMemoryError, match=r"a\.jpg and what follows: go on with fewer --workers"
    ):
        make(tmp_path / "shards")


def test_other_settings_need_another_folder(make: Make, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "shards"
    make(out)
    with pytest.raises(TargetError, match="begun with other pictures or other settings"):
        make(out, seed=5)
    (out / "prepare.json").write_text("{")
    with pytest.raises(TargetError, match="name a new folder"):
        make(out)


def test_a_moved_folder_goes_on(folder: Path, coco: Path, choice: Choice, tmp_path: Path) -> None:
    """Other machines may have the pictures elsewhere."""
    out = tmp_path / "shards"
    prepare([CocoEntities(folder, coco)], out, choice)
    before = {path: path.read_bytes() for path in out.iterdir()}
    moved = shutil.copytree(folder, tmp_path / "elsewhere")
    prepare([CocoEntities(moved, moved / "notes.json")], out, choice)
    assert {path: path.read_bytes() for path in out.iterdir()} == before


def test_a_full_disk_leaves_no_shard(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(contents: object) -> None:
        raise TargetError("No space left on device")

    out = tmp_path / "shards"
    make(out, 1, 2)
    monkeypatch.setattr(module, "write_files", full)
    with pytest.raises(TargetError):
        make(out, 0, 2)
    monkeypatch.undo()
    assert [path.name for path in find_shards([out])] == ["000001.tar"]
    assert make(out)["samples"] == 6


def test_shards_without_samples_are_shards(make: Make, tmp_path: Path) -> None:
    out = tmp_path / "shards"
    assert make(out, least_side=10_000)["samples"] == 0
    with pytest.raises(TrainingError, match="hold no samples"):
        open_shards(find_shards([out]))
    assert len(open_shards(find_shards([out]), allow_empty=True)) == 0


# --- to be looked at ---------------------------------------------------------------------------


def test_a_sheet_shows_holes_and_names(make: Make, tmp_path: Path) -> None:
    make(tmp_path / "shards")
    sheet = look_at(tmp_path / "shards", count=4)
    assert sheet.shape == (256 + 24 + 8 + 8, 6 * (256 + 8) + 8, 3)
    pink = (sheet.astype(int) == (255, 0, 90)).all(-1)
    assert all(pink[:, k * 264 : (k + 1) * 264].any() for k in range(4))
    assert np.array_equal(sheet, look_at(tmp_path / "shards", count=4))
