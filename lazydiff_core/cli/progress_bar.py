"""Progress bars on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from lazydiff_core.contract import OnProgress, Progress


@contextmanager
def progress_bar(title: str) -> Iterator[OnProgress]:
    """A bar on standard error, shown on a terminal only; yields what `Engine.run` reports to."""
    with tqdm(desc=title, file=sys.stderr, disable=None, leave=False, unit="step") as bar:

        def show(news: Progress) -> None:
            if bar.disable:
                return
            bar.set_postfix_str(news.stage, refresh=False)
            if news.steps:
                bar.total, bar.n = news.steps, news.step
            bar.refresh()

        yield show


@contextmanager
def counting(unit: str) -> Iterator[Callable[[int, int], None]]:
    """A bar of things done; yields what is told how many, and of how many. Terminals only."""
    with tqdm(file=sys.stderr, disable=None, unit=unit) as bar:

        def show(done: int, of: int) -> None:
            if not bar.disable:
                bar.total = of
                bar.update(done - bar.n)

        yield show
