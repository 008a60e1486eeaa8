"""How fast a run is, and what it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter


@dataclass
class Meter:
    """What happened since it was last read, in all processes together.

    idle: the share of time that processes would wait for the one with most tokens, if tokens alone
    took time. waited: seconds in which this process had no batch.
    """

    samples: float = 0.0
    tokens: float = 0.0
    bytes: float = 0.0
    slowest: float = 0.0
    waited: float = 0.0
    since: float = 0.0

    def read(self) -> dict[str, float]:
        """Begins anew."""
        now = perf_counter()
        seconds = max(now - self.since, 1e-9)
        found = {
            "samples a second": self.samples / seconds,
            "tokens a second": self.tokens / seconds,
            "bytes to the device a second": self.bytes / seconds,
            "idle share, for other processes": 1 - self.tokens / max(self.slowest, 1e-9),
            "idle share, for data": min(1.0, self.waited / seconds),
        }
        self.__init__(since=now)  # type: ignore[misc]
        return found
