"""The object tool: a box around something, or a click on it, masks the thing.

What a fill has made needs no search: a click masks exactly that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from PySide6.QtCore import QPointF

from app.canvas.object_finder import Search
from app.canvas.tools.area import mode_at, said
from app.canvas.tools.gesture import Gesture, Host, Pointer
from app.document.mask_edit import MaskEdit
from app.document.things import thing_at
from lazydiff_core.contract import Box, Mask
from lazydiff_core.geometry.box import bounds_of

_CLICK = 4.0  # view points: what is dragged less is a click


class ObjectGesture:
    """Shows what it would find while the box is dragged; the mask follows once that is known."""

    def __init__(self, host: Host, at: Pointer) -> None:
        self._host, self._mode, self._adds = host, mode_at(host, at), at.shift
        self._start = self._end = at
        self._outline: Sequence[QPointF] = ()
        self._found: tuple[Box, Mask] | None = None
        self._is_over = False

    @property
    def trail(self) -> Sequence[QPointF]:
        """The object if one has been found, else the box."""
        if self._is_click or self._is_over:
            return ()
        a, b = self._start.canvas, self._end.canvas
        box = a, QPointF(b.x(), a.y()), b, QPointF(a.x(), b.y())
        return self._outline or box

    def move(self, to: Pointer) -> None:
        self._end = to
        box = self._box()
        if not self._is_click and not box.is_empty:
            self._host.objects.ask(Search(box, lambda mask: self._show(box, mask), is_preview=True))

    def end(self) -> None:
        self._is_over = True
        where: Box | tuple[int, int] = self._box()
        if self._is_click:
            where = math.floor(self._start.canvas.x()), math.floor(self._start.canvas.y())
            document = self._host.document
            if not document.box.contains(Box(*where, where[0] + 1, where[1] + 1)):
                return
            made = thing_at(document.edits, *where)
            if made is not None:
                self._apply(*made)
                return
        elif isinstance(where, Box) and where.is_empty:
            return
        if self._found is not None and self._found[0] == where:
            self._apply_found(self._found[1])
        else:
            self._host.objects.ask(Search(where, self._apply_found))

    def cancel(self) -> None:
        self._is_over = True

    @property
    def _is_click(self) -> bool:
        return (self._end.view - self._start.view).manhattanLength() < _CLICK

    def _box(self) -> Box:
        a, b = self._start.canvas, self._end.canvas
        box = Box(
            math.floor(min(a.x(), b.x())),
            math.floor(min(a.y(), b.y())),
            math.ceil(max(a.x(), b.x())),
            math.ceil(max(a.y(), b.y())),
        )
        return box.intersection(self._host.document.box)

    def _show(self, box: Box, mask: Mask) -> None:
        if not self._is_over:
            self._found, self._outline = (box, mask), _outline(mask)

    def _apply_found(self, mask: Mask) -> None:
        box = bounds_of(mask)
        self._apply(box, mask[box.slices])

    def _apply(self, box: Box, mask: Mask) -> None:
        """One undo step. If the mask is spent, the object starts a new one, unless Shift adds."""
        edit = MaskEdit(self._host.document, starts_over=not self._adds)
        edit.combine(box, mask, self._mode)
        edit.commit(said(self._mode))


def object_tool(host: Host, at: Pointer) -> Gesture:
    return ObjectGesture(host, at)


def _outline(mask: Mask) -> Sequence[QPointF]:
    """The corners around the largest part of a mask."""
    found, _ = cv2.findContours(mask.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_TC89_L1)
    if not found:
        return ()
    largest = max(found, key=cv2.contourArea)
    return [QPointF(x + 0.5, y + 0.5) for x, y in largest[:, 0].tolist()]
