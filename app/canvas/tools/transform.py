"""The transform tool: moves, scales and turns a layer by its handles."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF

from app.canvas.handles import Grip, Snapped, moved, reach_of_guides, scaled, turned
from app.canvas.tools.gesture import Gesture, Host, Pointer


class TransformGesture:
    """Drags what the press took hold of; the layer itself changes when the pointer goes up.

    A press beside it takes up the layer there, and so does a click on it where another layer lies
    over it. What is cut out while it is held is dragged on.
    """

    def __init__(self, host: Host, at: Pointer) -> None:
        self._host, self._first, self._last = host, at, at
        self._is_click = True
        self._placing = host.placing
        self._grip: Grip | None = self._placing.grip(at.view)
        if self._grip is None:
            self._is_click = False
            self._placing.picked.emit(at.canvas)
            self._grip = self._placing.grip(at.view)
        self._held = self._placing.held
        self._start = self._placing.placement

    @property
    def trail(self) -> Sequence[QPointF]:
        return ()

    def move(self, to: Pointer) -> None:
        held, before, self._last = self._placing.held, self._held, to
        self._is_click = False
        if held is None or before is None or self._grip is None:
            return
        if held is not before:  # it has been cut out meanwhile
            self._start = held.placement.followed(before.placement, self._start)
            self._held = held
        self._placing.preview(self._dragged(held.shape, to))

    def end(self) -> None:
        if self._is_click and self._grip == "move":
            self._placing.click(self._first.canvas)
        if self._placing.held is not self._held:
            self.move(self._last)
        self._placing.drop()

    def cancel(self) -> None:
        self._placing.put_back()

    def _dragged(self, shape: tuple[int, ...], to: Pointer) -> Snapped:
        by = to.canvas - self._first.canvas
        held = self._held
        assert held is not None
        if self._grip == "turn":
            return Snapped(turned(self._start, self._first.canvas, to.canvas, in_steps=to.shift))
        if self._grip == "move":
            reach = 0.0 if to.alt else reach_of_guides(self._host.transform)
            return moved(self._start, shape, by, held.guides, straight=to.shift, reach=reach)
        assert isinstance(self._grip, tuple)
        return Snapped(scaled(self._start, shape, self._grip, by, in_proportion=to.shift))


def transform_tool(host: Host, at: Pointer) -> Gesture:
    return TransformGesture(host, at)
