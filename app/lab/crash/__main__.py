"""Kill the program many times and count losses: `python -m app.lab.crash --kills 100`.

Prints one JSON object; the exit code is 1 if anything was lost.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context

from app.lab.crash.series import Tally, run_series


def main(argv: Sequence[str] | None = None) -> int:
    """Run several series in parallel; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m app.lab.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=4, help="programs at a time")
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args(argv)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    shares = [len(range(job, wanted.kills, wanted.jobs)) for job in range(wanted.jobs)]
    seeds = range(wanted.seed, wanted.seed + wanted.jobs)
    with ProcessPoolExecutor(wanted.jobs, mp_context=get_context("spawn")) as pool:
        total = sum(pool.map(run_series, shares, seeds), Tally())
    print(json.dumps(asdict(total)))
    return 1 if total.lost else 0


if __name__ == "__main__":
    sys.exit(main())
