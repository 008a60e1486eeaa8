"""The hand drags the canvas about."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF

from app.canvas.tools.gesture import Gesture, Host, Pointer


class HandGesture:
    """Follows the pointer; cancelling takes the canvas back to where it was."""

    def __init__(self, host: Host, at: Pointer) -> None:
        self._host = host
        self._start = self._last = at.view

    @property
    def trail(self) -> Sequence[QPointF]:
        return ()

    def move(self, to: Pointer) -> None:
        self._host.pan(to.view - self._last)
        self._last = to.view

    def end(self) -> None:
        """The canvas stays where it was dragged to."""

    def cancel(self) -> None:
        self._host.pan(self._start - self._last)


def hand(host: Host, at: Pointer) -> Gesture:
    return HandGesture(host, at)
