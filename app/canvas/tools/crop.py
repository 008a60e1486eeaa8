"""The crop tool: what is in the dragged box is kept."""

from __future__ import annotations

from app.canvas.tools.area import BoxGesture, sides_of, touched
from app.canvas.tools.gesture import Gesture, Host, Pointer


class CropGesture(BoxGesture):
    """A box; it takes effect when the pointer goes up, and Esc gives it up before that."""

    def __init__(self, host: Host, at: Pointer) -> None:
        super().__init__(host, at, sides_of, touched)

    def end(self) -> None:
        if self.is_spread:
            box, _ = touched(self.trail, self._host.document.box)
            self._host.crop_asked.emit(box)


def crop_tool(host: Host, at: Pointer) -> Gesture:
    return CropGesture(host, at)
