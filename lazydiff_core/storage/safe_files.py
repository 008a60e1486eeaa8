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
# Errors of network file systems that cannot sync a folder.
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}


def check_writable(path: Path) -> None:
    """Raise TargetError unless a file can be written at `path` now; leaves no file behind."""
    _stage(path, b"").unlink()


def make_folder(path: Path) -> None:
    """Create a folder and its parents; raises TargetError if that fails."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TargetError(f"The folder {path} cannot be created: {_reason(error)}.") from error


def write_files(contents: Mapping[Path, bytes], *, backup: bool = False) -> None:
    """Write all files, or none if the disk is full or a permission is missing.

    Every file is staged beside its target and synced to disk before the first one is renamed.
    backup: keep a replaced file beside the new one, with `~` after its name.
    Raises TargetError.
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
    """Yield an empty file to fill; afterwards it is synced to disk and renamed to `path`.

    For contents too large for memory. If the block raises, `path` stays as it was.
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
    """Where the backup of a file is kept."""
    target = _real(path)
    return target.with_name(f"{target.name}~")


def sync_folder(folder: Path) -> None:
    """Sync a folder to disk, so that new and renamed files in it survive a power cut."""
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
    """SHA-256 of a file as hex digits, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _real(path: Path) -> Path:
    """The file that a link points to: replacing the link would leave that file unchanged."""
    return Path(os.path.realpath(path))


def _check_target(path: Path, target: Path) -> None:
    if target.is_dir():
        raise TargetError(f"{path} is a folder: name a file to write.")
    if target.exists() and not target.is_file():
        raise TargetError(f"{path} is a device, not a file: choose another name.")
    if target.exists() and not os.access(target, os.W_OK):
        raise TargetError(f"{path} is write-protected: change that, or choose another name.")
    if not target.parent.is_dir():
        raise TargetError(f"There is no folder {path.parent} to write {path.name} to.")


def _stage(path: Path, data: bytes) -> Path:
    """Write `data` to a new file in the folder of `path`, and sync it to disk."""
    try:
        target = _real(path)
        _check_target(path, target)
        return _written(target, data)
    except OSError as error:  # a name too long fails as soon as it is looked at
        raise _refused(path, error) from error


def _written(target: Path, data: bytes) -> Path:
    mark = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:8]
    temporary = target.parent / f".lazydiff-{mark}-{secrets.token_hex(8)}.tmp"
    _sweep(target.parent, mark)
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):  # a read-only file system refuses this, too, for a missing file
            temporary.unlink(missing_ok=True)
        raise
    return temporary


def _sweep(folder: Path, mark: str) -> None:
    """Remove staged files left behind when the program was killed while writing this file."""
    for left in folder.glob(f".lazydiff-{mark}-*.tmp"):
        with suppress(OSError):  # a leftover that cannot be removed does no harm
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()


def _move(temporary: Path, path: Path, backup: bool) -> None:
    target = _real(path)
    try:
        if target.exists():
            with suppress(OSError):  # some file systems keep no permissions; the pixels count
                shutil.copymode(target, temporary)
            if backup:
                _keep(target)
        os.replace(temporary, target)
        sync_folder(target.parent)
    except OSError as error:
        raise _refused(path, error) from error


def _keep(target: Path) -> None:
    """Give the current file a second name, its backup's; its own name exists all the time."""
    spare = target.parent / f".lazydiff-{secrets.token_hex(8)}.tmp"
    try:
        try:
            os.link(target, spare)
        except OSError:  # a file system without links
            shutil.copyfile(target, spare)
            with suppress(OSError):  # nor times and attributes
                shutil.copystat(target, spare)
            _sync_file(spare)
        os.replace(spare, backup_of(target))
    finally:
        # It remains if the replacement failed, or if both names were links to one file already.
        spare.unlink(missing_ok=True)


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _refused(path: Path, error: OSError) -> TargetError:
    return TargetError(f"{path} cannot be written: {_reason(error)}.")


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
