"""Paint brush and paint eraser: strokes on a layer of the picture."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from app.canvas.tools.brush import StrokeGesture, soft_segment
from app.canvas.tools.gesture import Gesture, Host, Pointer
from app.document.paint_edit import PaintEdit
from app.ui.translation import translate


class PaintGesture(StrokeGesture):
    """A stroke in the current colour, or of the eraser; edges are always smooth."""

    def __init__(self, host: Host, at: Pointer, value: bool) -> None:
        self._host, self._colours = host, host.colours
        edit = PaintEdit(host.document, host.colours.colour, host.chosen_layer())
        if not (value or edit.can_erase):
            host.told.emit(
                translate("Tools", "Only painted layers can be erased: choose one first.")
            )
        text = translate("Tools", "Paint") if value else translate("Tools", "Erase paint")
        super().__init__(host, at, edit, value, text)

    def end(self) -> None:
        before = self._host.document.undo_stack.index()
        super().end()
        if self._value:
            self._colours.used()
            say_if_confined(self._host, before)

    def _draw_to(self, place: QPointF, pressure: float) -> None:
        box, shape = soft_segment(self._brush, self._last, (place, pressure), self._canvas)
        self._edit.paint(box, shape, self._value)
        self._last = place, pressure


def say_if_confined(host: Host, before: int) -> None:
    """Say why a stroke has done nothing. before: the history's index when it ended."""
    if host.document.undo_stack.index() == before and host.document.has_mask:
        host.told.emit(
            translate("Tools", "The mask confines paint: clear it (Mask menu) to paint elsewhere.")
        )


def paint_brush(host: Host, at: Pointer) -> Gesture:
    return PaintGesture(host, at, value=True)


def paint_eraser(host: Host, at: Pointer) -> Gesture:
    """Erase; paint while Alt is held."""
    return PaintGesture(host, at, value=at.alt)
