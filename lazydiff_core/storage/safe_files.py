"""Writing files so that a full disk or a power cut leaves either the old file or the new one."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from lazydiff_core.errors import TargetError

_STALE_SECONDS = 3600.0
# Some network file systems cannot sync a folder and say so in one of these ways.
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}


def check_writable(path: Path) -> None:
    """Raise TargetError unless a file could be written at `path` now; leaves nothing behind."""
    _stage(path, b"").unlink()


def make_folder(path: Path) -> None:
    """Create a folder and its parents; raises TargetError where that cannot be done."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TargetError(f"The folder {path} cannot be made: {_reason(error)}.") from error


def write_files(contents: Mapping[Path, bytes], *, backup: bool = False) -> None:
    """Write all of them, or, where a disk or a permission fails, none.

    Every file is staged beside its target and reaches the disk before the first one is renamed.
    backup: what is replaced stays beside it, its name ending in `~`. Raises TargetError.
    """
    staged: dict[Path, Path] = {}
    try:
        for path, data in contents.items():
            staged[path] = _stage(path, data)
        for path, temporary in staged.items():
            _move(temporary, path, backup)
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)


@contextmanager
def replacing(path: Path, *, backup: bool = False) -> Iterator[Path]:
    """Yield an empty file to fill; when that is done it reaches the disk and becomes `path`.

    For contents too large to hold. If anything is raised meanwhile, `path` stays as it was.
    backup: as for `write_files`. Raises TargetError.
    """
    temporary = _stage(path, b"")
    try:
        try:
            yield temporary
            _sync_file(temporary)
        except OSError as error:
            raise _refused(path, error) from error
        _move(temporary, path, backup)
    finally:
        temporary.unlink(missing_ok=True)


def backup_of(path: Path) -> Path:
    """Where the previous contents of a file are kept."""
    target = _real(path)
    return target.with_name(f"{target.name}~")


def sync_folder(folder: Path) -> None:
    """Make new and renamed files in a folder last: it is the folder that has changed."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)


def file_sha256(path: Path) -> str:
    """Hex digest of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _real(path: Path) -> Path:
    """The file behind a link: replacing the link itself would leave that file as it was."""
    return Path(os.path.realpath(path))


def _check_target(path: Path, target: Path) -> None:
    if target.is_dir():
        raise TargetError(f"{path} is a folder: name a file to write.")
    if target.exists() and not target.is_file():
        raise TargetError(f"{path} is a device, not a file: choose another name.")
    if target.exists() and not os.access(target, os.W_OK):
        raise TargetError(f"{path} is write-protected: choose another name.")
    if not target.parent.is_dir():
        raise TargetError(f"There is no folder {path.parent} to write {path.name} to.")


def _stage(path: Path, data: bytes) -> Path:
    """Write `data` to a new file in the folder of `path`, down to the disk."""
    target = _real(path)
    _check_target(path, target)
    mark = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:8]
    temporary = target.parent / f".lazydiff-{mark}-{secrets.token_hex(8)}.tmp"
    _sweep(target.parent, mark)
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _refused(path, error) from error
    return temporary


def _sweep(folder: Path, mark: str) -> None:
    """Remove what earlier writes of the same file left when the program was killed."""
    for left in folder.glob(f".lazydiff-{mark}-*.tmp"):
        with suppress(OSError):  # a courtesy: what cannot be removed stays
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()


def _move(temporary: Path, path: Path, backup: bool) -> None:
    target = _real(path)
    try:
        if target.exists():
            shutil.copymode(target, temporary)
            if backup:
                _keep(target)
        os.replace(temporary, target)
        sync_folder(target.parent)
    except OSError as error:
        raise _refused(path, error) from error


def _keep(target: Path) -> None:
    """Let the backup's name mean the file as it is; the file itself is never away."""
    spare = target.parent / f".lazydiff-{secrets.token_hex(8)}.tmp"
    try:
        try:
            os.link(target, spare)
        except OSError:  # a file system without links
            shutil.copy2(target, spare)
            _sync_file(spare)
        os.replace(spare, backup_of(target))
    finally:
        # Still there if the replacing failed, or did nothing as both were the same file already.
        spare.unlink(missing_ok=True)


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _refused(path: Path, error: OSError) -> TargetError:
    return TargetError(f"{path} cannot be written: {_reason(error)}.")


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
