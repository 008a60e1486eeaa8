"""Does the program close fast and cleanly during a fill? `python -m app.lab.measure.closing`.

Each run starts the program in a process of its own, fills a mask and closes it at a random moment
of the fill. Prints as JSON the time from closing to the end of the process, and counts exit codes
other than 0, output on standard error (such as Qt's warnings) and threads left at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from app.lab.measure.figures import square_mask, summary

_MAX_SECONDS = 300
# Expected output: the program's log, and Qt's messages about a missing screen.
_NO_WARNING = ("INFO ", "This plugin does not support propagateSizeHints")


@dataclass
class Tally:
    """The results of the runs. hard: runs ended by force, as the engine did not stop in time."""

    seconds: list[float] = field(default_factory=list)
    bad_codes: int = 0
    talkative: int = 0
    threads_left: int = 0
    hard: int = 0

    def figures(self) -> dict[str, float]:
        return {
            "closings": len(self.seconds),
            "bad_exit_codes": self.bad_codes,
            "with_warnings": self.talkative,
            "threads_left": self.threads_left,
            "ended_by_force": self.hard,
            **summary("", [1000 * seconds for seconds in self.seconds]),
        }


def close_one(tally: Tally, model: str, seed: int) -> None:
    """Start the program, let it close, and count the result in `tally`."""
    with tempfile.TemporaryDirectory() as home:
        homes = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME"), home)
        done = subprocess.run(
            [sys.executable, "-m", "app.lab.measure.closing", f"--model={model}", f"--be={seed}"],
            env=os.environ | homes | {"QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            timeout=_MAX_SECONDS,
            check=False,
        )
    ended = time.time()
    told = [json.loads(line) for line in done.stdout.splitlines()]
    closing = next((row["closing"] for row in told if "closing" in row), None)
    threads = next((row["threads"] for row in told if "threads" in row), None)
    if done.returncode != 0 or closing is None:
        tally.bad_codes += 1
        print(f"exit code {done.returncode}: {done.stderr}", file=sys.stderr)
        return
    tally.seconds.append(ended - closing)
    words = [line for line in done.stderr.splitlines() if line and not line.startswith(_NO_WARNING)]
    if words:
        tally.talkative += 1
        print("\n".join(words), file=sys.stderr)
    tally.hard += threads is None
    tally.threads_left += bool(threads)


def be_closed(model: str, seed: int) -> int:
    """Run the program and close it during a fill; returns its exit code."""
    from app.__main__ import main as run_window
    from app.lab.measure.play import Play, Wait
    from app.window import MainWindow

    def script(window: MainWindow) -> Iterator[Wait]:
        from app.document.commands import replace_mask
        from lazydiff_core.generation_settings import GenerationSettings

        yield lambda: window.generation.info is not None
        replace_mask(window.document, "Mask", square_mask(512, 200))
        window.generation.fill(GenerationSettings("a red mushroom", seed=seed))
        yield random.Random(seed).uniform(0, 600)
        window.document.undo_stack.setClean()  # so that it does not ask about unsaved changes
        _tell(closing=time.time())
        window.close()

    def watch(window: MainWindow) -> None:
        Play(script(window), partial(int, 0), window)

    code = run_window(["--model", model], watch)
    # Python lists a thread started by Qt that has called Python as Dummy-1.
    own = [t for t in threading.enumerate() if not t.name.startswith("Dummy-")]
    _tell(threads=[thread.name for thread in own if thread is not threading.main_thread()])
    return code


def _tell(**news: Any) -> None:
    print(json.dumps(news), flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Print one JSON document; returns the exit code."""
    parser = argparse.ArgumentParser(description="Close the program while it generates.")
    parser.add_argument("--model", default="fake:slow=0.1")
    parser.add_argument("--closings", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--be", type=int, help=argparse.SUPPRESS)
    wanted = parser.parse_args(argv)
    if wanted.be is not None:
        return be_closed(wanted.model, wanted.be)
    tally = Tally()
    for number in range(wanted.closings):
        close_one(tally, wanted.model, wanted.seed + number)
    print(json.dumps(tally.figures()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
