"""Locks on files, between processes; they end with the process that holds them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from lazydiff_core.errors import LazyDiffError
from lazydiff_core.storage.safe_files import make_folder


@contextmanager
def locked(
    path: Path, refusal: LazyDiffError, seconds: float = 0, *, stays: bool = True
) -> Iterator[None]:
    """Hold the lock of a file, whose folder is made; raises the refusal if another holds it for so
    long. stays: whether the file is left."""
    make_folder(path.parent)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=seconds)
    except Timeout as error:
        raise refusal from error
    except NotImplementedError:  # some network disks have no locks: they are trusted
        pass
    try:
        yield
    finally:
        lock.release()
        if not stays:
            path.unlink(missing_ok=True)
