"""How long the fills of the queue will still take, as far as the pace of the others tells."""

from __future__ import annotations

import time

from app.engine.timetable import Timetable
from lazydiff_core.contract import Progress


class Pace:
    """Seconds a fill, from the one that runs or, without, the latest."""

    def __init__(self) -> None:
        self._number, self._begun = 0, 0.0
        self._latest: float | None = None
        self.news: Progress | None = None  # the latest of the fill that runs

    def begin(self, number: int) -> None:
        """This fill runs from now on."""
        self._number, self._begun, self.news = number, time.monotonic(), None

    def tell(self, news: Progress) -> None:
        """How far it has come."""
        if news.id == self._number:
            self.news = news

    def land(self) -> None:
        """It is there."""
        self._latest = time.monotonic() - self._begun

    def news_of(self, number: int) -> Progress | None:
        """How far a fill has come; None where it waits or has said nothing yet."""
        return self.news if number == self._number else None

    def seconds_left(self, table: Timetable, number: int) -> float | None:
        """Until a fill of the timetable will have landed; None = unknown."""
        waiting = [row.id for row in table.waiting_fills]
        news = self.news if any(row.running for row in table.fills) else None
        left = None if news is None else news.seconds_left
        if number not in waiting:
            return left
        pace = self._latest if left is None else time.monotonic() - self._begun + left
        if pace is None:
            return None
        return (left or 0.0) + pace * (waiting.index(number) + 1)
