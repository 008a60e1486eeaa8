from __future__ import annotations

import errno
import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lazydiff_core.errors import TargetError
from lazydiff_core.storage.safe_files import (
    backup_of,
    check_writable,
    file_sha256,
    make_folder,
    replacing,
    write_files,
)

OLD, NEW = b"old" * 3000, b"new" * 5000


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

    with pytest.raises(TargetError, match="cannot be created: file exists"):
        make_folder(tmp_path / "a")


def test_file_sha256(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    assert file_sha256(tmp_path / "abc").startswith("ba7816bf8f01cfea")


def _write_at_once(path: Path) -> None:
    write_files({path: NEW}, backup=True)


def _write_in_pieces(path: Path) -> None:
    with replacing(path, backup=True) as temporary, temporary.open("wb") as file:
        for start in range(0, len(NEW), 1000):
            file.write(NEW[start : start + 1000])


WAYS = pytest.mark.parametrize("write", [_write_at_once, _write_in_pieces])


@contextmanager
def _disk_of(size: int) -> Iterator[None]:
    """The operating system itself refuses to let any file grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@WAYS
@pytest.mark.parametrize("size", [0, 1, 512, 4096, 8192, len(NEW) - 1])
def test_a_disk_that_is_full_at_any_byte_leaves_the_old_file(
    tmp_path: Path, write: Callable[[Path], None], size: int
) -> None:
    path = tmp_path / "a"
    path.write_bytes(OLD)

    with _disk_of(size), pytest.raises(TargetError, match="cannot be written"):
        write(path)

    assert path.read_bytes() == OLD
    assert _names(tmp_path) == ["a"]


@WAYS
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EDQUOT])
def test_a_fault_at_any_system_call_loses_neither_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], None], number: int
) -> None:
    """Every fsync, replace and open in turn: the old contents stay until the new ones are whole."""
    path, faults = tmp_path / "a", 0
    while True:
        path.write_bytes(OLD)
        backup_of(path).unlink(missing_ok=True)
        with monkeypatch.context() as patched:
            left = _fail_call(patched, faults + 1, number)
            if _succeeds(write, path):
                break
        faults += 1
        found = path.read_bytes()
        assert found == OLD or (found == NEW and backup_of(path).read_bytes() == OLD)
        assert {"a", "a~"} >= set(_names(tmp_path)), left
    assert faults >= 4
    assert path.read_bytes() == NEW
    assert backup_of(path).read_bytes() == OLD


def _succeeds(write: Callable[[Path], None], path: Path) -> bool:
    try:
        write(path)
    except TargetError:
        return False
    return True


def _fail_call(monkeypatch: pytest.MonkeyPatch, call: int, number: int) -> list[str]:
    """Let the `call`-th of all calls that change the disk fail; returns their names as made."""
    made: list[str] = []

    def guarded(name: str) -> Callable[..., object]:
        real = getattr(os, name)

        def run(*args: object, **options: object) -> object:
            made.append(name)
            if len(made) == call:
                raise OSError(number, os.strerror(number))
            return real(*args, **options)

        return run

    for name in ("fsync", "replace", "open"):
        monkeypatch.setattr(os, name, guarded(name))
    return made


def test_the_backup_is_the_file_before_the_last_write(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for data in (b"1", b"2", b"3"):
        write_files({path: data}, backup=True)

    assert path.read_bytes() == b"3"
    assert (tmp_path / "a~").read_bytes() == b"2"
    assert _names(tmp_path) == ["a", "a~"]


def test_a_file_system_without_links_gets_a_copy_as_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "a").write_bytes(OLD)

    write_files({tmp_path / "a": NEW}, backup=True)

    assert (tmp_path / "a~").read_bytes() == OLD


def test_the_backup_of_a_link_lies_beside_the_file_itself(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "real").write_bytes(OLD)
    (tmp_path / "link").symlink_to("there/real")

    write_files({tmp_path / "link": NEW}, backup=True)

    assert (tmp_path / "there" / "real~").read_bytes() == OLD


def test_nothing_is_replaced_when_the_writer_gives_up(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(OLD)

    def give_up(temporary: Path) -> None:
        temporary.write_bytes(NEW)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"), replacing(tmp_path / "a") as temporary:
        give_up(temporary)

    assert (tmp_path / "a").read_bytes() == OLD
    assert _names(tmp_path) == ["a"]


def test_what_a_killed_write_left_is_swept_an_hour_later(tmp_path: Path) -> None:
    with replacing(tmp_path / "a") as temporary:
        old, new = (temporary.with_name(f"{temporary.stem[:-2]}{n:02}.tmp") for n in range(2))
        old.touch()
        new.touch()
        os.utime(old, (time.time() - 7200,) * 2)

    write_files({tmp_path / "a": NEW})

    assert old.name not in _names(tmp_path)
    assert new.name in _names(tmp_path)


def test_a_device_is_never_replaced() -> None:
    with pytest.raises(TargetError, match="is a device"):
        write_files({Path("/dev/null"): NEW})


def _refusing(number: int) -> Callable[..., Any]:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


def test_a_name_too_long_is_one_sentence(tmp_path: Path) -> None:
    for name in ("x" * 300 + ".png", "/".join(["y" * 300, "a.png"])):
        with pytest.raises(TargetError):
            check_writable(tmp_path / name)
        with pytest.raises(TargetError):
            write_files({tmp_path / name: b"1"})
    assert not list(tmp_path.iterdir())


def test_a_read_only_file_system_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a one refuses to make a file, and to remove one that is not there."""
    monkeypatch.setattr(Path, "open", _refusing(errno.EROFS))
    monkeypatch.setattr(Path, "unlink", _refusing(errno.EROFS))
    with pytest.raises(TargetError, match="cannot be written: read-only file system"):
        write_files({tmp_path / "a.png": b"1"})


def test_a_file_system_without_permissions_times_and_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.png"
    write_files({path: b"old"})
    for name in ("chmod", "utime", "link", "setxattr"):
        monkeypatch.setattr(os, name, _refusing(errno.EPERM), raising=False)
    write_files({path: b"new"}, backup=True)
    assert path.read_bytes() == b"new"
    assert backup_of(path).read_bytes() == b"old"
