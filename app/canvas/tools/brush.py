"""Round brush: paints the mask, or erases it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeAlias

from PySide6.QtCore import QPointF

from app.canvas.brushes import Brush
from app.canvas.smoothing import Smoother
from app.canvas.stroke import Shape, SoftShape, capsule, soft_capsule
from app.canvas.tools.gesture import Gesture, Host, Pointer
from app.document.mask_edit import MaskEdit
from app.ui.translation import translate
from lazydiff_core.contract import Box, Cover, Mask

Touch: TypeAlias = tuple[QPointF, float]  # a place on the canvas and the pen's pressure there

_LONGEST = 512.0  # canvas pixels
_LIGHTEST = 0.04  # share of size or opacity at the lightest pen pressure


class PaintEdit(Protocol):
    """The target of a stroke: an edit of the mask or of the sketch."""

    def paint(self, box: Box, shape: Mask | Cover, value: bool) -> None: ...

    def commit(self, text: str) -> None: ...

    def cancel(self) -> None: ...


class StrokeGesture(ABC):
    """A smoothed stroke of round segments; `text` names the undo step."""

    def __init__(self, host: Host, at: Pointer, edit: PaintEdit, value: bool, text: str) -> None:
        self._edit = edit
        self._text = text
        self._canvas = host.document.box
        self._brush = host.brush
        self._value = value
        self._smoother = Smoother(at.canvas, at.pressure, self._brush.smoothing, self._brush.size)
        self._last = at.canvas, at.pressure
        self._target = at
        self._draw_to(at.canvas, at.pressure)

    @property
    def trail(self) -> Sequence[QPointF]:
        return ()

    def move(self, to: Pointer) -> None:
        self._target = to
        self._draw_to(*self._smoother.follow(to.canvas, to.pressure))

    def end(self) -> None:
        if self._last[0] != self._target.canvas:  # smoothing lags: draw on to the pointer
            self._draw_to(self._target.canvas, self._last[1])
        self._edit.commit(self._text)

    def cancel(self) -> None:
        self._edit.cancel()

    @abstractmethod
    def _draw_to(self, place: QPointF, pressure: float) -> None:
        """Draw a segment to `place` and store it as `_last`."""


class BrushGesture(StrokeGesture):
    """A stroke on the mask. The cost of a move depends only on its own segment.

    If the mask is spent, painting starts a new one; erasing changes the existing one.
    """

    def __init__(self, host: Host, at: Pointer, value: bool) -> None:
        text = translate("Tools", "Paint mask") if value else translate("Tools", "Erase mask")
        edit = MaskEdit(host.document, starts_over=True)
        super().__init__(host, at, edit, value, text)

    def _draw_to(self, place: QPointF, pressure: float) -> None:
        for cut in cuts(self._last, (place, pressure)):
            box, shape = segment(self._brush, self._last, cut, self._canvas)
            self._edit.paint(box, shape, self._value)
            self._last = cut


def cuts(start: Touch, end: Touch) -> Iterator[Touch]:
    """The ends of short pieces of a line, as the box around a long diagonal is mostly empty."""
    apart = end[0] - start[0]
    count = max(1, math.ceil(math.hypot(apart.x(), apart.y()) / _LONGEST))
    for k in range(1, count):
        yield start[0] + apart * (k / count), start[1] + (end[1] - start[1]) * (k / count)
    yield end


def segment(brush: Brush, start: Touch, end: Touch, canvas: Box) -> Shape | SoftShape:
    """The shape of a brush between two touches."""
    first, last = _diameters(brush, start, end)
    if brush.hardness == 100 and _opacity(brush, start, end) == 1:
        return capsule(start[0], end[0], first, canvas, last)
    return soft_segment(brush, start, end, canvas)


def soft_segment(brush: Brush, start: Touch, end: Touch, canvas: Box) -> SoftShape:
    """The shape of a brush between two touches, with a smooth edge however hard the brush."""
    diameters, opacity = _diameters(brush, start, end), _opacity(brush, start, end)
    return soft_capsule(start[0], end[0], diameters, brush.hardness / 100, opacity, canvas)


def brush(host: Host, at: Pointer) -> Gesture:
    """Paint; erase while Alt is held."""
    return BrushGesture(host, at, value=not at.alt)


def eraser(host: Host, at: Pointer) -> Gesture:
    """Erase; paint while Alt is held."""
    return BrushGesture(host, at, value=at.alt)


def _diameters(brush: Brush, start: Touch, end: Touch) -> tuple[float, float]:
    first, last = (brush.size * _share(pressure, brush.pen_size) for _, pressure in (start, end))
    return first, last


def _opacity(brush: Brush, start: Touch, end: Touch) -> float:
    return _share((start[1] + end[1]) / 2, brush.pen_opacity) * brush.opacity / 100


def _share(pressure: float, is_used: int) -> float:
    return max(pressure, _LIGHTEST) if is_used else 1.0
