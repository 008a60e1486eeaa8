"""What is fuzzed, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """A reader of files.

    samples: sound files, whose mutations are read; made in a folder that lasts as long as the run.
    read:    reads the file at a path, with what the samples' folder has beside it; returns, or
             raises LazyDiffError, InputError being one. Anything else is a fault.
    suffix:  of the file.
    """

    samples: Callable[[Path], list[bytes]]
    read: Callable[[Path, Path], object]
    suffix: str = ""


@dataclass
class Tally:
    """Counts of cases: refused by a typed error, read all the same, and those at fault.

    untyped: another exception. slow: more than the seconds allowed. large: more than the memory
    allowed. crashes: the process was gone.
    """

    cases: int = 0
    refused: int = 0
    read: int = 0
    untyped: int = 0
    slow: int = 0
    large: int = 0
    crashes: int = 0

    def add(self, other: Mapping[str, int]) -> None:
        for name, value in other.items():
            setattr(self, name, getattr(self, name) + value)

    @property
    def faults(self) -> int:
        return self.untyped + self.slow + self.large + self.crashes

    def counts(self) -> dict[str, int]:
        return asdict(self)
