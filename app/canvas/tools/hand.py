"""The hand tool: drags the canvas."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF

from app.canvas.tools.gesture import Gesture, Host, Pointer


class HandGesture:
    """Moves the canvas with the pointer; cancelling moves it back."""

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
        """Nothing to do: the canvas stays where it is."""

    def cancel(self) -> None:
        self._host.pan(self._start - self._last)


def hand(host: Host, at: Pointer) -> Gesture:
    return HandGesture(host, at)
