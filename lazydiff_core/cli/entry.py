"""Parses the command line, runs one command, prints its report."""

from __future__ import annotations

import json
import logging
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import NoReturn

from lazydiff_core.cli.command import Command, Group, Report
from lazydiff_core.cli.paint.open_app import open_window
from lazydiff_core.errors import LazyDiffError


def main(argv: Sequence[str] | None = None) -> int:
    """Run `lazydiff` with these arguments (default: the process's own); returns the exit code."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    # A single argument that is a file opens it, even if the file has a command's name.
    if not arguments or (len(arguments) == 1 and Path(arguments[0]).is_file()):
        return open_window(arguments)
    from lazydiff_core.cli.command_table import COMMANDS  # imported late: the app starts sooner

    args = build_parser(COMMANDS).parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    logging.getLogger("lazydiff_core").setLevel(logging.INFO)
    try:
        report = _run(args)
    except LazyDiffError as error:
        print(f"lazydiff: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("lazydiff: stopped.", file=sys.stderr)
        return 1
    print(json.dumps(report.document) if args.json else report.text)
    return report.code


def _run(args: Namespace) -> Report:
    """Run the command; with --json, only the document may reach standard output."""
    command: Command = args.command
    with redirect_stdout(sys.stderr) if args.json else nullcontext():
        return command.run(args)


class _Parser(ArgumentParser):
    """Reports errors in one line, without printing the usage first."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help).\n")


def build_parser(commands: Sequence[Command | Group]) -> ArgumentParser:
    """The parser for these commands; the chosen command is in `args.command`."""
    parser = _Parser(
        prog="lazydiff",
        description="Paint a mask, type a prompt: only that region is generated. "
        "Without arguments, or with a picture alone, the window opens.",
    )
    _add(parser, commands)
    return parser


def _add(parser: ArgumentParser, commands: Sequence[Command | Group]) -> None:
    choices = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in commands:
        child = choices.add_parser(command.name, help=command.help, description=command.help)
        if isinstance(command, Group):
            _add(child, command.commands)
            continue
        command.add_arguments(child)
        child.add_argument("--json", action="store_true", help="print one JSON document")
        child.set_defaults(command=command)
