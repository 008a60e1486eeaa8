"""The magnetic lasso: a line follows edges from click to click. Its inside changes the mask."""

from __future__ import annotations

import math
from collections.abc import Sequence
from threading import Thread

from PySide6.QtCore import QPointF

from app.canvas.tools.area import AreaGesture, closes, enclosed
from app.canvas.tools.gesture import Gesture, Host, Pointer
from lazydiff_core.contract import Box, Pixels
from lazydiff_core.selection.scissors import Scissors

REACH = 192  # screen pixels: edges are followed within this of the last anchor


class Leg:
    """The line from one anchor on; a straight one until the edges around it are known."""

    def __init__(self, host: Host, anchor: QPointF) -> None:
        self.anchor = anchor
        detail = min(1.0, host.zoom)
        place = Box(*_pixel(anchor), *_pixel(anchor + QPointF(1, 1)))
        area = place.grow(math.ceil(REACH / detail)).intersection(host.document.box)
        self._area, self._scissors = (
            area,
            None
            if area.is_empty
            else _Cutting(
                host.document.pixels[area.slices].copy(),
                (place.left - area.left, place.top - area.top),
                detail,
            ),
        )

    def to(self, point: QPointF, *, wait: bool = False) -> Sequence[QPointF]:
        """The line to a canvas point, along edges as far as they are looked at, then straight.

        wait: until the edges are known.
        """
        scissors = None if self._scissors is None else self._scissors.made(wait=wait)
        if scissors is None:
            return self.anchor, point
        x, y = _pixel(point)
        line = scissors.line_to((x - self._area.left, y - self._area.top))
        corner = QPointF(self._area.left + 0.5, self._area.top + 0.5)
        along = [corner + QPointF(*step) for step in line]
        return along if self._area.contains(Box(x, y, x + 1, y + 1)) else [*along, point]


class MagneticGesture(AreaGesture):
    """Anchors by clicks; a click on the first one closes the line."""

    def __init__(self, host: Host, at: Pointer) -> None:
        super().__init__(host, at, enclosed)
        self._leg = Leg(host, at.canvas)
        self._legs: list[tuple[Leg, Sequence[QPointF]]] = []  # with their fixed lines
        self._hover: Sequence[QPointF] = ()

    @property
    def trail(self) -> Sequence[QPointF]:
        fixed = [point for _, line in self._legs for point in line]
        return [*fixed, *self._hover] or self._points

    def move(self, to: Pointer) -> None:
        self._hover = self._leg.to(to.canvas)

    def press(self, at: Pointer) -> bool:
        if len(self._legs) > 1 and closes(self._host, self._points[0], at):
            return True
        self._fix(at.canvas)
        self._leg = Leg(self._host, self._legs[-1][1][-1])
        self._hover = ()
        return False

    def take_back(self) -> bool:
        if not self._legs:
            return False
        self._leg, self._hover = self._legs.pop()
        return True

    def end(self) -> None:
        """The way back to the first anchor follows edges, too."""
        if self._legs:
            self._fix(self._points[0])
        self._hover = ()
        super().end()

    def cancel(self) -> None:
        super().cancel()
        self._legs.clear()
        self._hover = ()

    def _fix(self, point: QPointF) -> None:
        self._legs.append((self._leg, self._leg.to(point, wait=True)))


class _Cutting:
    """Scissors that are made on a thread of their own."""

    def __init__(self, image: Pixels, anchor: tuple[int, int], detail: float) -> None:
        self._made: Scissors | None = None

        def make() -> None:
            self._made = Scissors(image, anchor, detail)

        self._thread = Thread(target=make, name="scissors", daemon=True)
        self._thread.start()

    def made(self, *, wait: bool) -> Scissors | None:
        if wait:
            self._thread.join()
        return self._made


def magnetic_lasso(host: Host, at: Pointer) -> Gesture:
    return MagneticGesture(host, at)


def _pixel(point: QPointF) -> tuple[int, int]:
    return math.floor(point.x()), math.floor(point.y())
