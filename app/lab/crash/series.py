"""One series of kills in one folder: each program continues from the state of the last."""

from __future__ import annotations

import os
import random
import select
import signal
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from app.engine.worker import engine_loader
from app.lab.crash.child import run
from app.lab.crash.verdict import Promises, found_in

_LONGEST_RUN = 1.2
_PATIENCE = 120.0


@dataclass
class Tally:
    """The results of a series.

    kills:        of running programs.
    closed:       programs that ended by themselves before they were killed.
    acknowledged: changes that the programs reported as being on the disk.
    lost:         kills after which an acknowledged change was missing.
    restored:     kills that left something to restore.
    slowest_ms:   the longest time from a change to its being on the disk, in milliseconds.
    """

    kills: int = 0
    closed: int = 0
    acknowledged: int = 0
    lost: int = 0
    restored: int = 0
    slowest_ms: float = 0.0

    def __add__(self, other: Tally) -> Tally:
        mine, theirs = asdict(self), asdict(other)
        both = {name: mine[name] + theirs[name] for name in mine}
        both["slowest_ms"] = max(self.slowest_ms, other.slowest_ms)
        return Tally(**both)


def run_series(kills: int, seed: int) -> Tally:
    """Kill `kills` programs at random times. Needs a system with fork."""
    rng, tally = random.Random(seed), Tally()
    engine_loader("fake", None, None)()  # import its modules once, before forking
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before: str | None = None
        while tally.kills < kills:
            promises = Promises()
            killed = _one_run(folder, rng, promises)
            tally.kills += killed
            tally.closed += not killed
            before = _judge(folder, promises, tally, before)
    return tally


def _judge(folder: Path, promises: Promises, tally: Tally, before: str | None) -> str | None:
    """Count one run in `tally`; returns the digest that the next run has to restore."""
    digest, restored = found_in(folder)
    # Restoring must not lose anything: the old work is the first state, or still on the disk.
    promises.begin_with(before)
    if not promises.kept(digest):
        tally.lost += 1
        print(f"lost: {promises.summary()}, found {digest}", file=sys.stderr)
    tally.restored += restored
    tally.acknowledged += promises.count
    tally.slowest_ms = max(tally.slowest_ms, round(promises.slowest * 1000, 1))
    return digest if restored else None


def _one_run(folder: Path, rng: random.Random, promises: Promises) -> bool:
    """Fork a program, let it work for a while and kill it; False if it closed before that."""
    mine, its = os.pipe()
    seed = rng.randrange(2**32)
    child = os.fork()
    if child == 0:
        os.close(mine)
        code = 1
        try:
            code = run(folder, its, seed)
        finally:
            os._exit(code)
    os.close(its)
    heard = _listen(mine, time.monotonic() + _PATIENCE, until_first=True)
    heard += _listen(mine, time.monotonic() + rng.uniform(0, _LONGEST_RUN))
    os.kill(child, signal.SIGKILL)
    heard += _listen(mine, time.monotonic() + _PATIENCE)
    os.close(mine)
    _, status = os.waitpid(child, 0)
    promises.hear(heard.decode())
    if not os.WIFSIGNALED(status) and os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError("The program that was to be killed has failed by itself.")
    return os.WIFSIGNALED(status)


def _listen(pipe: int, until: float, *, until_first: bool = False) -> bytes:
    """The output of a pipe up to the time `until`, or to its end."""
    heard = b""
    while (left := until - time.monotonic()) > 0:
        ready, _, _ = select.select([pipe], [], [], left)
        data = os.read(pipe, 65536) if ready else b""
        if not data:
            break
        heard += data
        if until_first:
            break
    return heard
