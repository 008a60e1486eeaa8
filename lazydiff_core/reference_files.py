"""Reference pictures as a setting names them: one file a line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from lazydiff_core.errors import InputError

MAX_REFERENCES: Final = 3


def read_references(setting: str) -> tuple[Path, ...]:
    """The files of a setting; raises InputError for more than MAX_REFERENCES."""
    lines = (line.strip() for line in setting.splitlines())
    paths = tuple(Path(line).expanduser().absolute() for line in lines if line)
    if len(paths) > MAX_REFERENCES:
        raise InputError(
            f"A prompt can refer to {MAX_REFERENCES} pictures at most, not to {len(paths)}."
        )
    return paths


def references_setting(paths: Iterable[Path]) -> str:
    """The inverse of `read_references`."""
    return "\n".join(str(path.expanduser().absolute()) for path in paths)
