"""The one place where the core opens windows: the program's, and a study's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def open_window(arguments: Sequence[str] = ()) -> int:
    """Run the window, on a picture if one is named, until it is closed; returns its exit code."""
    from app.__main__ import main

    return main(list(arguments))


def open_study(folder: Path, rater: str) -> int:
    """Ask one person a study's questions until the window is closed; returns its exit code."""
    from app.lab.study.__main__ import main

    return main([str(folder), rater])
