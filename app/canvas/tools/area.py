"""Rectangle and lasso: an outline is dragged, its inside joins the mask or leaves it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from PySide6.QtCore import QCoreApplication, QPointF, QRect

from app.canvas.stroke import Shape, polygon, rectangle
from app.canvas.tools.gesture import Gesture, Host, Pointer
from app.mask_edit import MaskEdit

# From the points dragged over and the canvas to the pixels that are meant.
Inside: TypeAlias = Callable[[Sequence[QPointF], QRect], Shape]


class AreaGesture:
    """Adds unless Alt was held at the start. A click without a drag does nothing."""

    def __init__(self, host: Host, at: Pointer, inside: Inside) -> None:
        self._document = host.document
        self._adds = not at.alt
        self._inside = inside
        self._points = [at.canvas]

    @property
    def trail(self) -> Sequence[QPointF]:
        return self._points

    def move(self, to: Pointer) -> None:
        self._points.append(to.canvas)

    def end(self) -> None:
        if len(self._points) > 1:
            edit = MaskEdit(self._document)
            edit.paint(*self._inside(self._points, self._document.rect), self._adds)
            edit.commit(_tr("Add to mask") if self._adds else _tr("Subtract from mask"))

    def cancel(self) -> None:
        self._points.clear()


class RectangleGesture(AreaGesture):
    """Shows the four sides between the point it started at and the one it has reached."""

    @property
    def trail(self) -> Sequence[QPointF]:
        if not self._points:
            return ()
        start, end = self._points[0], self._points[-1]
        return start, QPointF(end.x(), start.y()), end, QPointF(start.x(), end.y())


def rectangle_tool(host: Host, at: Pointer) -> Gesture:
    return RectangleGesture(host, at, lambda points, canvas: rectangle(*_ends(points), canvas))


def lasso_tool(host: Host, at: Pointer) -> Gesture:
    return AreaGesture(host, at, polygon)


def _ends(points: Sequence[QPointF]) -> tuple[QPointF, QPointF]:
    return points[0], points[-1]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Tools", text)
