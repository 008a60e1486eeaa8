"""Two fingers on a touchpad zoom and turn the canvas around them."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent

_LEAST = 0.1  # of the scale, at once


class View(Protocol):
    @property
    def zoom(self) -> float: ...
    @property
    def angle(self) -> float: ...
    @property
    def is_busy(self) -> bool: ...
    def zoom_to(self, zoom: float, anchor: QPointF, /) -> None: ...
    def turn_to(self, angle: float, anchor: QPointF, /) -> None: ...


def pinch(view: View, event: QNativeGestureEvent) -> bool:
    """Follow the fingers, unless a stroke is drawn; False if the event is about something else.

    The event's value is the change of scale, of 1, or of the angle in degrees.
    """
    kind, kinds = event.gestureType(), Qt.NativeGestureType
    if view.is_busy or kind not in (kinds.ZoomNativeGesture, kinds.RotateNativeGesture):
        return False
    if kind == kinds.ZoomNativeGesture:
        view.zoom_to(view.zoom * max(1 + event.value(), _LEAST), event.position())
    else:
        view.turn_to(view.angle + event.value(), event.position())
    return True
