"""Remaining time of the queued fills, estimated from the pace of earlier fills."""

from __future__ import annotations

import time

from app.engine.timetable import Timetable
from lazydiff_core.contract import Progress


class Pace:
    """Seconds per fill, from the running fill or else the latest one."""

    def __init__(self) -> None:
        self._number, self._begun = 0, 0.0
        self._latest: float | None = None
        self.news: Progress | None = None  # the latest news of the running fill

    def begin(self, number: int) -> None:
        """Record the start of a fill."""
        self._number, self._begun, self.news = number, time.monotonic(), None

    def tell(self, news: Progress) -> None:
        """Record the progress of the running fill."""
        if news.id == self._number:
            self.news = news

    def land(self) -> None:
        """Record that the running fill has landed."""
        self._latest = time.monotonic() - self._begun

    def news_of(self, number: int) -> Progress | None:
        """The progress of a fill; None while it waits or before its first report."""
        return self.news if number == self._number else None

    def seconds_left(self, table: Timetable, number: int) -> float | None:
        """Estimated seconds until a fill of the timetable lands; None = unknown."""
        waiting = [row.id for row in table.waiting_fills]
        news = self.news if any(row.running for row in table.fills) else None
        left = None if news is None else news.seconds_left
        if number not in waiting:
            return left
        pace = self._latest if left is None else time.monotonic() - self._begun + left
        if pace is None:
            return None
        return (left or 0.0) + pace * (waiting.index(number) + 1)
