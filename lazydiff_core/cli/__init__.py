"""The `lazydiff` command. Exit codes: 0 done, 2 bad input, 1 unexpected fault."""

from lazydiff_core.cli.entry import main

__all__ = ["main"]
