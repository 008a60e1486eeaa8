"""The active tool and the gesture under way on the canvas."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt, Signal

from app.canvas.tools import SIZE, TOOLS, TURN
from app.canvas.tools.gesture import ClickedGesture, Gesture, Host, Pointer, Tool

Keys = Qt.KeyboardModifier


class Pointing(QObject):
    """Runs gestures from press to release. Held keys switch to other tools temporarily."""

    tool_changed = Signal(str)
    changed = Signal()  # the gesture, or the tool that a click would use

    def __init__(self, host: Host, parent: QObject) -> None:
        super().__init__(parent)
        self._host = host
        self._acting: Tool | None = None
        self._held_by = Qt.MouseButton.NoButton
        self._space = False
        self._keys = Keys.NoModifier
        self._is_lent = False
        self.tool = TOOLS["brush"]
        self.gesture: Gesture | None = None

    @property
    def acting(self) -> Tool:
        """The tool of the current gesture, or else the tool that a click would use."""
        lent = self._tool_for(Qt.MouseButton.LeftButton, self._keys)
        return self._acting or lent or self.tool

    @property
    def is_drawing(self) -> bool:
        """Whether a painting gesture is under way."""
        return self._acting is not None and self._acting.options == "brush"

    @property
    def is_busy(self) -> bool:
        """Whether something unfinished is on the canvas: a gesture, or what a dialog tries out."""
        return self.gesture is not None or self._is_lent

    @contextmanager
    def lent(self) -> Iterator[None]:
        """While a dialog tries something out on the canvas; nothing else may change it."""
        self._is_lent = True
        self.changed.emit()
        try:
            yield
        finally:
            self._is_lent = False
            self.changed.emit()

    def set_tool(self, name: str) -> None:
        if isinstance(self.gesture, ClickedGesture):
            self.cancel()
        self.tool = TOOLS[name]
        self.changed.emit()
        self.tool_changed.emit(name)

    def hold_keys(self, keys: Keys, *, space: bool | None = None) -> None:
        """Set the modifier keys that are held; `space`: None = unchanged."""
        self._keys = keys
        self._space = self._space if space is None else space
        self.changed.emit()

    def let_go(self) -> None:
        """Handle a loss of focus: no key counts as held, and a temporary tool's gesture ends."""
        if self._acting is not None and self._acting is not self.tool:
            self._end()
        self.hold_keys(Keys.NoModifier, space=False)

    def press(self, button: Qt.MouseButton, keys: Keys, at: Pointer, *, turned: bool) -> None:
        """Handle a press of the pointer. turned: with the eraser end of the pen."""
        if isinstance(self.gesture, ClickedGesture) and button == Qt.MouseButton.LeftButton:
            if self.gesture.press(at):
                self._end()
            return
        tool = self._tool_for(button, keys)
        if tool is None or self.gesture is not None:
            return
        if turned and tool.options == "brush":
            tool = TOOLS[tool.back]
        self._acting, self._held_by = tool, button
        self.gesture = tool.start(self._host, at)
        self.changed.emit()

    def move(self, to: Pointer) -> None:
        if self.gesture is not None:
            self.gesture.move(to)

    def release(self, button: Qt.MouseButton) -> None:
        if button == self._held_by and not isinstance(self.gesture, ClickedGesture):
            self._end()

    def close(self) -> bool:
        """End a click-by-click gesture; False if there is none."""
        if not isinstance(self.gesture, ClickedGesture):
            return False
        self._end()
        return True

    def take_back(self) -> bool:
        """Undo the last click of a click-by-click gesture; False if there is none."""
        if not isinstance(self.gesture, ClickedGesture):
            return False
        if not self.gesture.take_back():
            self.cancel()
        return True

    def cancel(self) -> bool:
        """Undo the gesture under way; False if there is none."""
        if self.gesture is None:
            return False
        self.gesture.cancel()
        self._forget()
        return True

    def finish(self) -> None:
        """Handle the loss of the pointer: a stroke ends, a click-by-click gesture stays open."""
        if not isinstance(self.gesture, ClickedGesture):
            self._end()
        self.let_go()

    def _end(self) -> None:
        if self.gesture is not None:
            self.gesture.end()
            self._forget()

    def _forget(self) -> None:
        self.gesture = self._acting = None
        self._held_by = Qt.MouseButton.NoButton
        self.changed.emit()

    def _tool_for(self, button: Qt.MouseButton, keys: Keys) -> Tool | None:
        if button == Qt.MouseButton.MiddleButton or (
            button == Qt.MouseButton.LeftButton and self._space
        ):
            return _lent(keys)
        if button != Qt.MouseButton.LeftButton:
            return None
        if self.tool.alt and keys & Keys.AltModifier:
            return TOOLS[self.tool.alt]
        sizes = keys & Keys.ShiftModifier and not keys & Keys.AltModifier
        return SIZE if sizes and self.tool.options == "brush" else self.tool


def _lent(keys: Keys) -> Tool:
    """The temporary tool for Space or the middle button with these modifiers."""
    if keys & Keys.ControlModifier:
        return TOOLS["zoom"]
    return TURN if keys & Keys.ShiftModifier else TOOLS["hand"]
