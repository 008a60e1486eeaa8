"""The process that reads the cases of one target, with limited memory and time. Unix only."""

from __future__ import annotations

import json
import logging
import os
import random
import re
import resource
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TextIO

from lazydiff_core.bench.fuzzing.mutation import mutate
from lazydiff_core.bench.fuzzing.target import Tally, Target
from lazydiff_core.errors import LazyDiffError, OutOfMemoryError

MEMORY_BYTES = 1536 * 2**20
SECONDS = 5.0  # of CPU time, so that other load on the machine does not count


class SlowError(BaseException):
    """A case took too long; a BaseException, so that a reader's `except Exception` lets it pass."""


def run_cases(target: Target, first: int, last: int, seed: int, out: TextIO) -> None:
    """Read the cases from `first` to `last` (exclusive).

    Writes a line of JSON to `out` for each case that begins, for each fault, and for the counts at
    the end.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        samples = target.samples(folder)
        path = folder / f"case{target.suffix}"
        for sample in samples:  # intact files must be readable; this also imports all modules
            path.write_bytes(sample)
            target.read(path, folder)
        signal.signal(signal.SIGPROF, _too_slow)
        _limit_memory()
        tally = Tally()
        for number in range(first, last):
            path.write_bytes(mutate(samples, random.Random(f"{seed} {number}")))
            _tell(out, begins=number)
            fault = _read(target, path, folder, tally)
            if fault:
                _tell(out, case=number, fault=fault)
        _tell(out, counts=tally.counts())


def _read(target: Target, path: Path, folder: Path, tally: Tally) -> str:
    """Read and count one case; returns a description of a fault, or ""."""
    tally.cases += 1
    try:
        with _limited_time():
            target.read(path, folder)
    except (MemoryError, OutOfMemoryError):
        tally.large += 1
        return traceback.format_exc()
    except LazyDiffError:
        tally.refused += 1
        return ""
    except SlowError:
        tally.slow += 1
        return traceback.format_exc()
    except Exception:
        tally.untyped += 1
        return traceback.format_exc()
    tally.read += 1
    return ""


@contextmanager
def _limited_time() -> Iterator[None]:
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _too_slow(_signal: int, _frame: FrameType | None) -> None:
    raise SlowError


def _limit_memory() -> None:
    """Limit memory to MEMORY_BYTES more than is in use now."""
    if sys.platform == "linux":
        found = re.search(r"VmSize:\s+(\d+) kB", Path("/proc/self/status").read_text())
        assert found is not None
        most = int(found[1]) * 1024 + MEMORY_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _tell(out: TextIO, **news: object) -> None:
    out.write(json.dumps(news) + "\n")
    out.flush()


def main(targets: dict[str, Target], argv: list[str]) -> int:
    """Run the reading process for the arguments `NAME FIRST LAST SEED`."""
    name, first, last, seed = argv
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # keep what libraries print out of the report
    logging.disable()  # every refusal would be logged
    run_cases(targets[name], int(first), int(last), int(seed), out)
    return 0
