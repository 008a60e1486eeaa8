"""Where the files shipped with the program are."""

from __future__ import annotations

from pathlib import Path

from lazydiff_core.errors import LazyDiffError

# `resources` is installed beside `lazydiff_core`, as it lies beside it in the repository.
_FOLDER = Path(__file__).resolve().parents[2] / "resources"


def resource(path: str) -> Path:
    """Where `resources/<path>` is on this machine; raises LazyDiffError if it is not there."""
    found = _FOLDER / path
    if not found.exists():
        raise LazyDiffError(f"The installation lacks {path}: install LazyDiff again.")
    return found
