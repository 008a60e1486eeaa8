"""Garbage is collected on the window's thread alone.

Python collects on whichever thread happens to need room. Some garbage is Qt's, and a Qt object
that is destroyed on another thread than its own can bring the program down.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_REST_MS = 500


class Collector(QObject):
    """Collects, from now on and as long as `parent` lives, on the thread that made it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(collect_due)
        self._timer.start(_REST_MS)

    def wait(self) -> None:
        """Collect nothing until `settle`: something large is being loaded, none of it garbage."""
        self._timer.stop()

    def settle(self) -> None:
        """All that has been loaded stays: looking through it again would only take time.

        What was loaded before it, in its place, goes.
        """
        if gc.get_freeze_count():
            gc.unfreeze()
            gc.collect()
        gc.freeze()
        self._timer.start(_REST_MS)


def collect_due() -> None:
    """Collect as far as Python would have by itself."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation] > 0:
            gc.collect(generation)
            return
