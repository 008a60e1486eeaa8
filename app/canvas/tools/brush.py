"""Round brush: paints the mask, or erases it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPointF

from app.canvas.stroke import capsule
from app.canvas.tools.gesture import Gesture, Host, Pointer
from app.mask_edit import MaskEdit


class BrushGesture:
    """A stroke of capsules; each move costs what its own segment covers."""

    def __init__(self, host: Host, at: Pointer, value: bool) -> None:
        self._edit = MaskEdit(host.document)
        self._canvas = host.document.rect
        self._diameter = host.brush_size
        self._value = value
        self._last = at.canvas
        self.move(at)

    @property
    def trail(self) -> Sequence[QPointF]:
        return ()

    def move(self, to: Pointer) -> None:
        shape = capsule(self._last, to.canvas, self._diameter, self._canvas)
        self._edit.paint(*shape, self._value)
        self._last = to.canvas

    def end(self) -> None:
        text = _tr("Paint mask") if self._value else _tr("Erase mask")
        self._edit.commit(text)

    def cancel(self) -> None:
        self._edit.cancel()


def brush(host: Host, at: Pointer) -> Gesture:
    """Paint; erase while Alt is held."""
    return BrushGesture(host, at, value=not at.alt)


def eraser(host: Host, at: Pointer) -> Gesture:
    """Erase; paint while Alt is held."""
    return BrushGesture(host, at, value=at.alt)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Tools", text)
