"""Runs a target's cases in a child process, and starts another one after a crash."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from threading import Timer

from lazydiff_core.bench.fuzzing.target import Tally

_MAX_SECONDS_A_CASE = 120.0  # of real time: a reader that hangs uses no CPU time


def fuzz(
    module: str, name: str, cases: int, seed: int, on_fault: Callable[[str], None] = print
) -> Tally:
    """Let target `name` of `python -m module` read `cases` broken files; reports each fault."""
    tally, first = Tally(), 0
    while first < cases:
        reached, counts = _one_process(module, name, first, cases, seed, on_fault)
        if counts is not None:
            tally.add(counts)
            return tally
        if reached is None:
            raise RuntimeError(f"The intact samples of {name!r} cannot be read.")
        tally.crashes += 1
        tally.cases += reached + 1 - first
        on_fault(f"{name}, case {reached} of seed {seed}: the process died")
        first = reached + 1
    return tally


def _one_process(
    module: str, name: str, first: int, last: int, seed: int, on_fault: Callable[[str], None]
) -> tuple[int | None, dict[str, int] | None]:
    """The last case that began, and the counts if the process finished."""
    command = [sys.executable, "-m", module, name, str(first), str(last), str(seed)]
    reached: int | None = None
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        watchdog = Timer(_MAX_SECONDS_A_CASE, process.kill)
        watchdog.start()
        for line in process.stdout:
            news = json.loads(line)
            if "counts" in news:
                watchdog.cancel()
                return reached, news["counts"]
            if "fault" in news:
                on_fault(f"{name}, case {news['case']} of seed {seed}:\n{news['fault']}")
            elif news["begins"] % 50 == 0 or reached is None:
                watchdog.cancel()
                watchdog = Timer(_MAX_SECONDS_A_CASE, process.kill)
                watchdog.start()
            reached = news.get("begins", reached)
        watchdog.cancel()
    return reached, None
