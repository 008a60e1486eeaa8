"""The frame around the commands: exit codes, --json, help, the window."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import pytest

from lazydiff_core.cli import command_table, entry
from lazydiff_core.cli.command import Command, Group, Report
from lazydiff_core.errors import Cancelled, InputError, ModelError


def _register(monkeypatch: pytest.MonkeyPatch, run: Any) -> None:
    """Make `lazydiff probe` do this."""
    monkeypatch.setattr(command_table, "COMMANDS", (Command("probe", "A probe.", run),))


def _raising(error: BaseException) -> Any:
    def run(args: Namespace) -> Report:
        raise error

    return run


def test_json_keeps_standard_output_for_the_document(
    lazydiff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(args: Namespace) -> Report:
        print("a library that talks")
        return Report({"answer": 42}, "forty-two")

    _register(monkeypatch, run)

    outcome = lazydiff("probe", "--json")
    assert (outcome.code, outcome.document) == (0, {"answer": 42})
    assert outcome.err == "a library that talks\n"
    assert lazydiff("probe").out == "a library that talks\nforty-two\n"


@pytest.mark.parametrize("error", [InputError("No."), ModelError("No."), Cancelled("No.")])
def test_expected_errors_are_one_sentence_and_exit_code_2(
    lazydiff: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    _register(monkeypatch, _raising(error))

    outcome = lazydiff("probe", "--json")
    assert (outcome.code, outcome.out, outcome.err) == (2, "", "lazydiff: No.\n")


def test_faults_are_not_hidden(lazydiff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _register(monkeypatch, _raising(ZeroDivisionError("a fault")))

    with pytest.raises(ZeroDivisionError, match="a fault"):
        lazydiff("probe")


def test_an_interrupted_command_says_so(lazydiff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _register(monkeypatch, _raising(KeyboardInterrupt()))

    outcome = lazydiff("probe")
    assert (outcome.code, outcome.err) == (1, "lazydiff: stopped.\n")


def _paths(table: tuple[Command | Group, ...]) -> list[list[str]]:
    paths = []
    for item in table:
        paths.append([item.name])
        if isinstance(item, Group):
            paths += [[item.name, *path] for path in _paths(item.commands)]
    return paths


@pytest.mark.parametrize("path", _paths(command_table.COMMANDS), ids=" ".join)
def test_every_command_has_help(lazydiff: Any, path: list[str]) -> None:
    outcome = lazydiff(*path, "--help")

    assert outcome.code == 0
    assert outcome.out.startswith(f"usage: lazydiff {' '.join(path)}")


@pytest.mark.parametrize("arguments", [["no-such-command"], ["fill"], ["models"]], ids=" ".join)
def test_misuse_is_one_line_and_exit_code_2(lazydiff: Any, arguments: list[str]) -> None:
    outcome = lazydiff(*arguments)

    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.count("\n") == 1
    assert "--help" in outcome.err


def test_without_arguments_the_window_opens(lazydiff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "open_window", lambda arguments: 17)

    assert lazydiff().code == 17
