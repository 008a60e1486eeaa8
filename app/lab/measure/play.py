"""Plays a script in the app's event loop, like a user: act, wait, act again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeAlias

from PySide6.QtCore import QObject, Qt, QTimer

# What a script yields: milliseconds to wait, or a condition to wait for.
Wait: TypeAlias = float | Callable[[], bool]
_POLL_MS = 2
_MAX_SECONDS = 300.0


class Play(QObject):
    """Runs a script and then calls `end`.

    Raises TimeoutError, which ends the program, if a condition takes over five minutes.
    """

    def __init__(self, script: Iterator[Wait], end: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._script, self._end = script, end
        self._condition: Callable[[], bool] = lambda: True
        self._since = time.monotonic()
        self._timer = QTimer(self, singleShot=True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._go_on)
        self._timer.start(0)

    def _go_on(self) -> None:
        if not self._condition():
            if time.monotonic() - self._since > _MAX_SECONDS:
                self._end()
                raise TimeoutError("What the script waits for does not happen.")
            self._timer.start(_POLL_MS)
            return
        try:
            wait = next(self._script)
        except StopIteration:
            self._end()
            return
        self._since = time.monotonic()
        if callable(wait):
            self._condition = wait
            self._timer.start(_POLL_MS)
        else:
            self._condition = lambda: True
            self._timer.start(round(wait))
