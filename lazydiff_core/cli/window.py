"""The one place where the core opens the window: `lazydiff` without arguments."""

from __future__ import annotations


def open_window() -> int:
    """Run the window until it is closed; returns its exit code."""
    from app.__main__ import main

    return main([])
