"""Restricts garbage collection to the UI thread.

Python collects on whichever thread allocates. Some garbage is Qt objects, and destroying a Qt
object on a thread other than its own can crash the program.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_REST_MS = 500


class Collector(QObject):
    """Collects garbage on the thread that creates it, for as long as `parent` lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(collect_due)
        self._timer.start(_REST_MS)

    def wait(self) -> None:
        """Pause until `settle`: something large is loading, and none of it is garbage."""
        self._timer.stop()

    def settle(self) -> None:
        """Resume, and exclude all present objects from later collections, to save time.

        Objects excluded earlier, such as a replaced model, are collected first.
        """
        if gc.get_freeze_count():
            gc.unfreeze()
            gc.collect()
        gc.freeze()
        self._timer.start(_REST_MS)


def collect_due() -> None:
    """Collect the oldest generation that is due by Python's own thresholds."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation] > 0:
            gc.collect(generation)
            return
