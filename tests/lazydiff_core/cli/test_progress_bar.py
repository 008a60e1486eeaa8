from __future__ import annotations

import io
import sys

import pytest

from lazydiff_core.cli.progress_bar import counting, progress_bar
from lazydiff_core.contract import Progress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _paint_twenty_steps() -> None:
    with progress_bar("a red mushroom") as show:
        show(Progress(1, "context"))
        for step in range(1, 21):
            show(Progress(1, "denoise", step, 20))


def test_a_terminal_sees_the_prompt_the_stage_and_the_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    _paint_twenty_steps()

    shown = terminal.getvalue()
    assert "a red mushroom" in shown
    assert "20/20" in shown
    assert "context" in shown
    assert "denoise" in shown


def test_a_file_or_a_pipe_sees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)

    _paint_twenty_steps()

    assert pipe.getvalue() == ""


def test_things_done_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, pipe = _Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        monkeypatch.setattr(sys, "stderr", stream)
        with counting("image") as show:
            for done in (1, 7, 12):
                show(done, 12)
    assert "12/12" in terminal.getvalue()
    assert "image" in terminal.getvalue()
    assert pipe.getvalue() == ""
