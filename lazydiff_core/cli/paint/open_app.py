"""Opens the app or the window of a study, or says why not; nothing else in the core imports it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def open_window(arguments: Sequence[str] = ()) -> int:
    """Run the app until it is closed, with a picture if one is named; returns its exit code."""
    from app.__main__ import main

    return main(list(arguments))


def open_study(folder: Path, rater: str) -> int:
    """Ask one person a study's questions until the window is closed; returns the exit code."""
    from app.lab.study.__main__ import main

    return main([str(folder), rater])


def why_no_window() -> str:
    """One sentence on why the app cannot open a window here; empty if it can."""
    from app.system.libraries import what_is_missing

    return what_is_missing()
