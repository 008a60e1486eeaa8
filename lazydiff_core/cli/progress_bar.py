"""Progress bars on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from lazydiff_core.contract import OnProgress, Progress


@contextmanager
def progress_bar(title: str) -> Iterator[OnProgress]:
    """A progress bar, shown on terminals only; yields the `on_progress` for `Engine.run`."""
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
    """A progress bar, shown on terminals only; yields a function that takes (done, total).

    A total of 0 is one that is not known.
    """
    with tqdm(file=sys.stderr, disable=None, unit=unit) as bar:

        def show(done: int, of: int) -> None:
            if not bar.disable:
                bar.total = of or None
                bar.update(done - bar.n)

        yield show
