"""A calmer line than the hand draws: each point gives way to the ones before it. Ours."""

from __future__ import annotations

from PySide6.QtCore import QPointF


class Smoother:
    """Follows places and pressures; the more smoothing, the later.

    smoothing: percent, 0 (follows at once) to below 100. A quick hand is followed at once as well:
    what lies far from the line is no trembling. `reach` is what "far" is, in canvas pixels.
    """

    def __init__(self, start: QPointF, pressure: float, smoothing: int, reach: float) -> None:
        self._place, self._pressure = QPointF(start), pressure
        self._kept = smoothing / 100
        self._reach = reach

    def follow(self, to: QPointF, pressure: float) -> tuple[QPointF, float]:
        """The next point of the line, and how hard the pen presses there."""
        apart = to - self._place
        distance = (apart.x() ** 2 + apart.y() ** 2) ** 0.5
        lag = min(self._kept, self._kept * self._reach / distance) if distance else 0.0
        self._place += apart * (1 - lag)
        self._pressure += (pressure - self._pressure) * (1 - self._kept / 2)
        return QPointF(self._place), self._pressure
