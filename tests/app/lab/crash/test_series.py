"""The program really killed. 100 times take 45 s on two busy cores, 15 s of them computing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.lab.crash.series import Tally

ROOT = Path(__file__).parents[4]


def kill(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.lab.crash", *arguments],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_hundred_kills_lose_nothing() -> None:
    done = kill("--kills", "100")

    assert done.returncode == 0, done.stderr
    tally = json.loads(done.stdout)
    assert (tally["kills"], tally["lost"]) == (100, 0)
    assert tally["acknowledged"] > 100
    assert tally["restored"] > 10


FORGETFUL = """
import sys
from app.lab.crash import series
from app.storage.journal.recorder import Recorder

Recorder._write_patch = lambda self, patch: None  # as if strokes were not written
tally = series.run_series(6, 1)
sys.exit(0 if tally.lost else 1)
"""


@pytest.mark.slow
def test_a_journal_that_forgets_strokes_is_caught() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", FORGETFUL], cwd=ROOT, env=environment, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert "lost: acknowledged" in done.stderr


def test_series_add_up() -> None:
    assert Tally(1, 2, 3, 0, 5, 60.0) + Tally(1, 1, 1, 1, 1, 7.0) == Tally(2, 3, 4, 1, 6, 60.0)
