"""The magic wand: selects all pixels similar to the touched one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF

from app.canvas.flood import alike
from app.canvas.tools.area import mode_at, said
from app.canvas.tools.gesture import Gesture, Host, Pointer
from app.document.mask_edit import MaskEdit
from app.ui.rects import rect_of


class WandGesture:
    """Acts on pointer down; outside the canvas it does nothing.

    If the mask is spent, the selection starts a new one, unless Shift adds to it.
    """

    def __init__(self, host: Host, at: Pointer) -> None:
        self._edit = MaskEdit(host.document, starts_over=not at.shift)
        self._mode = mode_at(host, at)
        place = QPoint(math.floor(at.canvas.x()), math.floor(at.canvas.y()))
        if rect_of(host.document.box).contains(place):
            choices = host.choices
            shape = alike(
                host.document.pixels, place, choices.tolerance, contiguous=choices.contiguous
            )
            self._edit.combine(*shape, self._mode)

    @property
    def trail(self) -> Sequence[QPointF]:
        return ()

    def move(self, to: Pointer) -> None:
        """Nothing to do: the wand acts on pointer down only."""

    def end(self) -> None:
        self._edit.commit(said(self._mode))

    def cancel(self) -> None:
        self._edit.cancel()


def wand(host: Host, at: Pointer) -> Gesture:
    return WandGesture(host, at)
