"""Finds the files shipped with the program."""

from __future__ import annotations

from pathlib import Path

from lazydiff_core.errors import LazyDiffError

# `resources` lies beside `lazydiff_core`, in the repository and when installed.
_FOLDER = Path(__file__).resolve().parents[2] / "resources"


def resource(path: str) -> Path:
    """The file or folder `resources/<path>`; raises LazyDiffError if it is missing."""
    found = _FOLDER / path
    if not found.exists():
        raise LazyDiffError(f"The installation lacks {path}: install LazyDiff again.")
    return found
