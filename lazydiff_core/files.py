"""Writing files so that a full disk or a power cut leaves either the old file or the new one."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from lazydiff_core.errors import TargetError


def check_writable(path: Path) -> None:
    """Raise TargetError unless a file could be written at `path` now; leaves nothing behind."""
    target = _real(path)
    if target.is_dir():
        raise TargetError(f"{path} is a folder: name a file to write.")
    if target.exists() and not os.access(target, os.W_OK):
        raise TargetError(f"{path} is write-protected: choose another name.")
    if not target.parent.is_dir():
        raise TargetError(f"There is no folder {path.parent} to write {path.name} to.")
    _stage(path, b"").unlink()


def make_folder(path: Path) -> None:
    """Create a folder and its parents; raises TargetError where that cannot be done."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TargetError(f"The folder {path} cannot be made: {_reason(error)}.") from error


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write all of them, or, where a disk or a permission fails, none.

    Every file is staged beside its target and reaches the disk before the first one is renamed.
    Raises TargetError.
    """
    staged: dict[Path, Path] = {}
    try:
        for path, data in contents.items():
            staged[path] = _stage(path, data)
        for path, temporary in staged.items():
            _move(temporary, path)
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)


def _real(path: Path) -> Path:
    """The file behind a link: replacing the link itself would leave that file as it was."""
    return Path(os.path.realpath(path))


def _stage(path: Path, data: bytes) -> Path:
    """Write `data` to a new file in the folder of `path`, down to the disk."""
    temporary = _real(path).parent / f".lazydiff-{secrets.token_hex(8)}.tmp"
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _refused(path, error) from error
    return temporary


def _move(temporary: Path, path: Path) -> None:
    target = _real(path)
    try:
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
        if os.name == "posix":
            _sync_folder(target.parent)
    except OSError as error:
        raise _refused(path, error) from error


def _sync_folder(folder: Path) -> None:
    """Make a rename last: it is the folder that has changed."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refused(path: Path, error: OSError) -> TargetError:
    return TargetError(f"{path} cannot be written: {_reason(error)}.")


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def file_sha256(path: Path) -> str:
    """Hex digest of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
