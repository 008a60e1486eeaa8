"""What a subcommand is: one file each under `cli/`, listed in `cli/command_table.py`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Report:
    """What a command has to say: `document` is printed with --json, `text` without."""

    document: Any
    text: str


def _no_arguments(parser: ArgumentParser) -> None:
    """A command that takes nothing but --json."""


@dataclass(frozen=True)
class Command:
    """`run` gets the parsed arguments and raises LazyDiffError on bad input."""

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
