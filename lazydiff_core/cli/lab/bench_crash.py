"""`lazydiff bench crash`: does anything get lost when the program is killed?"""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentParser, Namespace

from lazydiff_core.cli.command import Command, Report
from lazydiff_core.cli.values import whole_number

_QUICK = 40


def _add_arguments(parser: ArgumentParser) -> None:
    count = whole_number(1, 100_000)
    parser.add_argument("--kills", type=count, default=100, help="how often to kill it")
    parser.add_argument("--quick", action="store_true", help=f"{_QUICK} times")
    parser.add_argument(
        "--seed", type=int, default=0, help="seed for when it is killed, and what is done"
    )


def _crash(args: Namespace) -> Report:
    kills = _QUICK if args.quick else args.kills
    # The app measures this in a process of its own, because the core must not import the app.
    command = [sys.executable, "-m", "app.lab.crash", f"--kills={kills}", f"--seed={args.seed}"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if not done.stdout:  # the program failed; a lost change would be reported as a result
        done.check_returncode()
    found = json.loads(done.stdout)
    return Report(
        found,
        "{kills} kills, {acknowledged} acknowledged changes, {lost} lost; {restored} times there "
        "was something to restore; a change was safe after {slowest_ms:.0f} ms at most".format(
            **found
        ),
    )


CRASH = Command("crash", "Kill the program and count what is lost.", _crash, _add_arguments)
