"""The file that a picture was opened from, carried along so that saving brings back what it held.

Its samples may be deeper than the canvas, in other colours, and described by metadata. The contents
as they were read say all of that at once, in the fewest bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, eq=False)
class SourceFile:
    """name: of the file, without its folder. data: its contents."""

    name: str
    data: bytes


class Stamp(NamedTuple):
    """What tells whether another program has changed a file: its time in nanoseconds, its size."""

    modified: int
    size: int
