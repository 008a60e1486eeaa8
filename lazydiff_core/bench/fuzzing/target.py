"""Targets of fuzzing, and the counts of results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """A reader of files to fuzz.

    samples: makes intact files to mutate, in a folder that lasts as long as the run.
    read:    (path, folder of the samples): reads the file. It must return or raise LazyDiffError;
             anything else is a fault.
    suffix:  suffix of the file's name.
    """

    samples: Callable[[Path], list[bytes]]
    read: Callable[[Path, Path], object]
    suffix: str = ""


@dataclass
class Tally:
    """Counts of cases.

    refused: rejected with a typed error.
    read:    read without an error.
    untyped, slow, large, crashes: faults: another exception, too much time, too much memory, a
             dead process.
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
