from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from lazydiff_core.errors import TargetError
from lazydiff_core.files import check_writable, file_sha256, make_folder, write_files


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _fail_at(monkeypatch: pytest.MonkeyPatch, call: int, number: int) -> None:
    """Let the `call`-th fsync fail as the operating system would."""
    calls = iter(range(1, 1000))
    real = os.fsync

    def fsync(handle: int) -> None:
        if next(calls) == call:
            raise OSError(number, os.strerror(number))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)


def test_files_are_written_and_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")

    write_files({tmp_path / "a": b"new", tmp_path / "Ünï 漢字 🎨": b"b"})

    assert (tmp_path / "a").read_bytes() == b"new"
    assert _names(tmp_path) == ["a", "Ünï 漢字 🎨"]


@pytest.mark.parametrize("call", [1, 2])
def test_a_full_disk_leaves_all_files_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(b"old")
    _fail_at(monkeypatch, call, errno.ENOSPC)

    with pytest.raises(TargetError, match="cannot be written: no space left on device"):
        write_files({tmp_path / "a": b"new", tmp_path / "b": b"new"})

    assert [(tmp_path / name).read_bytes() for name in "ab"] == [b"old"] * 2
    assert _names(tmp_path) == ["a", "b"]


def test_permissions_of_a_replaced_file_stay(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o640)

    write_files({path: b"new"})

    assert path.stat().st_mode & 0o777 == 0o640


def test_a_new_file_gets_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()

    write_files({tmp_path / "a": b"new"})

    assert (tmp_path / "a").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_link_stays_and_what_it_points_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")

    write_files({tmp_path / "link": b"new"})

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_writable_place_is_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")

    check_writable(tmp_path / "a")
    check_writable(tmp_path / "b")

    assert _names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_folder_is_no_target(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="is a folder"):
        check_writable(tmp_path)


@pytest.mark.parametrize("name", ["none/a", "file/a"])
def test_a_folder_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(TargetError, match=f"no folder .*{Path(name).parent}"):
        check_writable(tmp_path / name)


def test_a_write_protected_file_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").touch()
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write anything

    with pytest.raises(TargetError, match="write-protected"):
        check_writable(tmp_path / "a")


def test_a_read_only_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail_at(monkeypatch, 1, errno.EROFS)

    with pytest.raises(TargetError, match="read-only file system"):
        check_writable(tmp_path / "a")
    assert _names(tmp_path) == []


def test_folders_are_made_with_their_parents(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")

    assert (tmp_path / "a" / "b").is_dir()


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").touch()

    with pytest.raises(TargetError, match="cannot be made: file exists"):
        make_folder(tmp_path / "a")


def test_file_sha256(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    assert file_sha256(tmp_path / "abc").startswith("ba7816bf8f01cfea")
