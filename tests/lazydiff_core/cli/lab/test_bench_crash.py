from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from lazydiff_core.cli.entry import main

FOUND = {
    "kills": 3,
    "closed": 1,
    "acknowledged": 20,
    "lost": 0,
    "restored": 2,
    "slowest_ms": 321.0,
}


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The window's side as it answers, and what it is asked."""
    asked: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, json.dumps(FOUND))

    monkeypatch.setattr(subprocess, "run", run)
    return asked


def test_what_was_counted_is_printed(
    commands: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "crash", "--kills", "3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == FOUND
    assert commands[0][1:] == ["-m", "app.lab.crash", "--kills=3", "--seed=0"]


def test_a_quick_run_kills_less(
    commands: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "crash", "--quick"]) == 0
    assert "3 kills, 20 acknowledged changes, 0 lost" in capsys.readouterr().out
    assert "--kills=40" in commands[0]


def test_a_run_that_fails_is_a_fault_and_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "")

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(subprocess.CalledProcessError):
        main(["bench", "crash"])
