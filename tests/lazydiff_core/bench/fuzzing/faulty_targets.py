"""Readers with every fault there is, as a program: what the harness must not miss."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from lazydiff_core.bench.fuzzing import fuzz_child
from lazydiff_core.bench.fuzzing.target import Target
from lazydiff_core.errors import ImageError

SOUND = b"sound" * 100


def samples(folder: Path) -> list[bytes]:
    return [SOUND]


def untyped(path: Path, folder: Path) -> None:
    if path.read_bytes() != SOUND:
        raise KeyError("a reader forgot this")


def typed(path: Path, folder: Path) -> None:
    if path.read_bytes() != SOUND:
        raise ImageError("It is damaged.")


def slow(path: Path, folder: Path) -> None:
    try:
        while path.read_bytes() != SOUND:
            pass
    except Exception:  # as careless readers do
        pass


def large(path: Path, folder: Path) -> None:
    if path.read_bytes() != SOUND:
        bytearray(2 * 2**30)


def crash(path: Path, folder: Path) -> None:
    if path.read_bytes() != SOUND:
        os.abort()


def never(path: Path, folder: Path) -> None:
    raise KeyError("not even a sound one")


fuzz_child.SECONDS = 0.2
TARGETS = {
    read.__name__: Target(samples, read) for read in (untyped, typed, slow, large, crash, never)
}

if __name__ == "__main__":
    sys.exit(fuzz_child.main(TARGETS, sys.argv[1:]))
