"""Work on another thread that talks to a hub, and what it has to say."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from typing import Any

from PySide6.QtCore import QObject, Signal

from lazydiff_core.errors import Cancelled, LazyDiffError

# Kept for good: the last reference must not go on a thread that Qt's objects do not belong to.
_transfers: list[QObject] = []


class Transfer(QObject):
    """What another thread has to say."""

    offered = Signal(object)  # HubOffer
    moved = Signal(object, object)  # bytes that are here, bytes of all
    arrived = Signal(object)  # RegisteredModel
    done = Signal(object)  # whatever else was to be done
    stopped = Signal()
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.given_up = Event()
        _transfers.append(self)

    def run(self, work: Callable[[], Any], told: Any) -> None:
        """Do some work on a thread of its own; what comes of it is told by a signal."""

        def body() -> None:
            try:
                found = work()
            except Cancelled:
                self._say(self.stopped)
            except LazyDiffError as error:
                self._say(self.failed, str(error))
            else:
                self._say(told, found)

        Thread(target=body, name="download", daemon=True).start()

    def _say(self, signal: Any, *words: Any) -> None:
        if not self.given_up.is_set() or signal is self.stopped:
            signal.emit(*words)
