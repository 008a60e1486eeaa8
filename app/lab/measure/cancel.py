"""How fast a fill can be cancelled: `python -m app.lab.measure.cancel --model bundled`.

Starts fills and cancels them at random moments, with the app's own action. Prints as JSON how long
the app took to be idle again, how long the worker took (from the click to its report), how long the
slowest step of an undisturbed fill is, and how many cancelled results landed anyway.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.document.commands import replace_mask
from app.engine.jobs import Report
from app.engine.worker import engine_loader
from app.lab.measure.figures import noise, square_mask, summary
from app.lab.measure.play import Play, Wait
from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.contract import Progress
from lazydiff_core.generation_settings import GenerationSettings

_SIDE, _HOLE = 512, 160


class Cancelling:
    """Cancels `count` fills of one window and collects the times in milliseconds."""

    def __init__(self, window: MainWindow, count: int, seed: int) -> None:
        self._window, self._count = window, count
        self._generation, self._document = window.generation, window.document
        self._rng = random.Random(seed)
        self.window_ms: list[float] = []
        self.worker_ms: list[float] = []
        self.step_ms: list[float] = []
        self.stale = self.too_late = 0
        self._ended = 0.0
        window.generation.engine_thread.reported.connect(self._on_report)

    def _on_report(self, report: Report) -> None:
        if report.job > 0 and not isinstance(report.news, Progress):  # a fill has ended
            self._ended = time.perf_counter()

    def script(self) -> Iterator[Wait]:
        """Wait for the engine, watch one fill, then cancel the others."""
        yield lambda: self._generation.info is not None
        replace_mask(self._document, "Mask", square_mask(_SIDE, _HOLE))
        yield from self._warm_up()
        begin = time.perf_counter()
        yield from self._watch_one()
        whole_ms = (time.perf_counter() - begin) * 1000
        number = 0
        while len(self.window_ms) < self._count:
            number += 1
            self._document.set_filled(False)
            self._generation.fill(GenerationSettings("a red mushroom", seed=number))
            yield self._rng.uniform(0, whole_ms)
            if not self._generation.is_running:  # already over: the watched fill was slower
                self.too_late += 1
                whole_ms *= 0.9
                continue
            yield from self._cancel()

    def _warm_up(self) -> Iterator[Wait]:
        """Run one fill first, since the first of a process takes longer."""
        self._generation.fill(GenerationSettings("a red mushroom"))
        yield lambda: not self._generation.is_running

    def _watch_one(self) -> Iterator[Wait]:
        times: list[float] = []
        watch = self._generation.progressed.connect(lambda _: times.append(time.perf_counter()))
        self._document.set_filled(False)
        self._generation.fill(GenerationSettings("a red mushroom"))
        yield lambda: not self._generation.is_running
        self._generation.progressed.disconnect(watch)
        times.append(self._ended)
        self.step_ms = [1000 * (b - a) for a, b in pairwise(times)]

    def _cancel(self) -> Iterator[Wait]:
        before = self._document.undo_stack.count()
        begin = time.perf_counter()
        self._window.actions_by_name["cancel"].trigger()
        self.window_ms.append(1000 * (time.perf_counter() - begin))
        yield lambda: self._ended > begin
        self.worker_ms.append(1000 * (self._ended - begin))
        yield 0
        self.stale += self._document.undo_stack.count() != before


def measure(model: str, count: int, seed: int) -> dict[str, float]:
    """The figures of `count` cancelled fills."""
    with tempfile.TemporaryDirectory() as folder:
        settings = SettingsStore(Path(folder) / "window.json")
        window = MainWindow(engine_loader(model, None, None), settings)
        window.document.replace(noise(_SIDE))
        window.show()
        cancelling = Cancelling(window, count, seed)
        play = Play(cancelling.script(), QApplication.exit, window)
        window.generation.start()
        QApplication.exec()
        del play
        window.document.undo_stack.setClean()
        window.close()
    return {
        "cancels": len(cancelling.window_ms),
        "too_late": cancelling.too_late,
        "stale": cancelling.stale,
        "longest_step_ms": max(cancelling.step_ms),
        **summary("window_", cancelling.window_ms),
        **summary("worker_", cancelling.worker_ms),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Print one JSON document; returns the exit code."""
    parser = argparse.ArgumentParser(description="How fast fills can be cancelled.")
    parser.add_argument("--model", default="fake:slow=0.02")
    parser.add_argument("--cancels", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args(argv)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    print(json.dumps(measure(wanted.model, wanted.cancels, wanted.seed)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
