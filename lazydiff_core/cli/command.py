"""The types of a subcommand; each is a file under `cli/`, listed in `cli/command_table.py`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Report:
    """A command's output: `document` is printed with --json, `text` without.

    code: the exit code, other than 0 for a command that answers whether all is well.
    """

    document: Any
    text: str
    code: int = 0


def _no_arguments(parser: ArgumentParser) -> None:
    """Default of Command.add_arguments: no arguments apart from --json."""


@dataclass(frozen=True)
class Command:
    """A subcommand; `run` gets the parsed arguments and raises LazyDiffError for bad input."""

    name: str
    help: str
    run: Callable[[Namespace], Report]
    add_arguments: Callable[[ArgumentParser], None] = _no_arguments


@dataclass(frozen=True)
class Group:
    """Commands under one name, as in `lazydiff models list`."""

    name: str
    help: str
    commands: tuple[Command, ...]
