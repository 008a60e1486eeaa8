"""Stroke smoothing: each point is pulled towards the points before it."""

from __future__ import annotations

from PySide6.QtCore import QPointF


class Smoother:
    """Smooths positions and pressures; more smoothing means more lag.

    smoothing: percent, 0 (no lag) to below 100.
    reach:     canvas pixels; the line lags at most `smoothing` percent of this behind the hand, so
               that only tremor is smoothed, not fast movement.
    """

    def __init__(self, start: QPointF, pressure: float, smoothing: int, reach: float) -> None:
        self._place, self._pressure = QPointF(start), pressure
        self._kept = smoothing / 100
        self._reach = reach

    def follow(self, to: QPointF, pressure: float) -> tuple[QPointF, float]:
        """The next smoothed point, and its pen pressure, 0..1."""
        apart = to - self._place
        distance = (apart.x() ** 2 + apart.y() ** 2) ** 0.5
        lag = min(self._kept, self._kept * self._reach / distance) if distance else 0.0
        self._place += apart * (1 - lag)
        self._pressure += (pressure - self._pressure) * (1 - self._kept / 2)
        return QPointF(self._place), self._pressure
