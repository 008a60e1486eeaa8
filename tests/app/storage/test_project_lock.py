from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.storage.project_lock import ProjectLock
from tests.app.doubles import PATIENCE_MS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "a.lazydiff"
    made.touch()
    return made


def test_a_file_is_held_by_one(qapp: object, tmp_path: Path, path: Path) -> None:
    one, other = ProjectLock(tmp_path / "open"), ProjectLock(tmp_path / "open")
    assert one.hold(path)
    assert one.hold(path), "again"
    assert not other.hold(path)
    assert not other.is_free(path)
    one.release()
    assert other.hold(path)
    other.release()


def test_a_link_is_the_same_file(qapp: object, tmp_path: Path, path: Path) -> None:
    (tmp_path / "link.lazydiff").symlink_to(path)
    one, other = ProjectLock(tmp_path / "open"), ProjectLock(tmp_path / "open")
    one.hold(path)
    assert not other.hold(tmp_path / "link.lazydiff")
    one.release()


def test_holding_another_lets_go_of_the_first(qapp: object, tmp_path: Path, path: Path) -> None:
    one, other = ProjectLock(tmp_path / "open"), ProjectLock(tmp_path / "open")
    one.hold(path)
    one.hold(tmp_path / "b.lazydiff")
    assert other.is_free(path)
    assert not other.is_free(tmp_path / "b.lazydiff")
    one.release()


def test_the_holder_hears_that_its_file_is_wanted(qtbot: QtBot, tmp_path: Path, path: Path) -> None:
    one, other = ProjectLock(tmp_path / "open"), ProjectLock(tmp_path / "open")
    one.hold(path)
    with qtbot.waitSignal(one.show_asked, timeout=PATIENCE_MS):
        other.show_holder(path)
    one.release()


def test_without_a_folder_for_locks_files_open_all_the_same(
    qapp: object, tmp_path: Path, path: Path
) -> None:
    (tmp_path / "open").touch()
    one = ProjectLock(tmp_path / "open")
    assert one.is_free(path)
    assert one.hold(path)
    one.release()
