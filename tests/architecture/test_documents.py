"""The documents name files, decisions and commands that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lazydiff_core.cli.command import Command, Group
from lazydiff_core.cli.command_table import COMMANDS

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(path for room in ("docs", "packaging", "resources") for path in (ROOT / room).rglob("*.md")),
]
SOURCES = [path for room in ("app", "lazydiff_core", "tests") for path in (ROOT / room).rglob("*")]
LINK = re.compile(r"\]\(([^)#\s]+)")
SOURCE = re.compile(r"(?:app|lazydiff_core|tests)/[\w/]+(?:\.py)?")
DECISION = re.compile(r"ADR\s0*(\d+)")
TO_BE_WRITTEN = {"app/canvas/tools/gradient.py"}  # docs/contributing.md's example of a new tool


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_names_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = {link for link in LINK.findall(text) if not link.startswith("http")}
    assert [link for link in links if not (document.parent / link).exists()] == []
    assert [path for path in set(SOURCE.findall(text)) - TO_BE_WRITTEN if not _is_there(path)] == []


def test_decisions_that_are_referred_to_are_written_down() -> None:
    written = {int(path.name[:4]) for path in (ROOT / "docs" / "adr").glob("0*.md")}
    named = {
        int(number)
        for path in [*DOCUMENTS, *SOURCES]
        if path.suffix in (".md", ".py")
        for number in DECISION.findall(path.read_text(encoding="utf-8"))
    }
    assert named <= written
    assert len(named) > 5


def test_the_reference_of_the_command_line_has_every_command() -> None:
    text = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert [name for name in _names(COMMANDS) if name not in text] == []


def _is_there(path: str) -> bool:
    return (ROOT / path).exists() or (ROOT / f"{path}.py").exists()


def _names(commands: tuple[Command | Group, ...]) -> Iterator[str]:
    for command in commands:
        if isinstance(command, Group):
            for inner in command.commands:
                yield f"{command.name} {inner.name}"
        else:
            yield command.name
