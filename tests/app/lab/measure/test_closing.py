"""The program closed a few times while it generates: 200 are the command's."""

from __future__ import annotations

import pytest

from app.lab.measure.closing import Tally, close_one


@pytest.mark.slow
def test_closing_while_it_fills_ends_cleanly() -> None:
    tally = Tally()
    for seed in range(3):
        close_one(tally, "fake:slow=0.1", seed)
    found = tally.figures()
    assert found["closings"] == 3
    assert found["bad_exit_codes"] == found["with_warnings"] == found["threads_left"] == 0


@pytest.mark.slow
def test_an_engine_that_hangs_does_not_keep_the_program_open() -> None:
    tally = Tally()
    close_one(tally, "fake:hang@denoise", 1)
    found = tally.figures()
    assert (found["closings"], found["bad_exit_codes"]) == (1, 0)
    assert found["ended_by_force"] == 1
