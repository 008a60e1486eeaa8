"""The widget that shows the canvas and handles pointer and keys."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from app.canvas.brushes import LARGEST_BRUSH, Brush, Brushes
from app.canvas.camera import Camera
from app.canvas.choices import AreaChoices, Choices, Stamp
from app.canvas.drop_target import DropTarget
from app.canvas.hint import paint_hint
from app.canvas.layers import Layers
from app.canvas.marks import Marks
from app.canvas.object_finder import ObjectFinder
from app.canvas.pinch import pinch
from app.canvas.placing import Placing
from app.canvas.pointing import Keys, Pointing
from app.canvas.screen import Screen
from app.canvas.tools import TOOLS
from app.canvas.tools.gesture import Pointer, Tool
from app.canvas.transform import Transform
from app.document.brush_colours import BrushColours
from app.document.document import Document
from app.ui.rects import rect_of, rects_of

__all__ = ["LARGEST_BRUSH", "CanvasView"]
_NOTCH, _ZOOM_A_NOTCH = 120, 2**0.25
_KEYS = {
    Qt.Key.Key_Shift: Keys.ShiftModifier,
    Qt.Key.Key_Control: Keys.ControlModifier,
    Qt.Key.Key_Alt: Keys.AltModifier,
}
_BY_KEYBOARD = {
    *(Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason),
    Qt.FocusReason.ShortcutFocusReason,
}
_CLOSING = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_OWN_KEYS = {Qt.Key.Key_Escape, Qt.Key.Key_Backspace, *_CLOSING}


class CanvasView(DropTarget):
    """Connects camera, layers, tools and cursor. Repaints only what has changed."""

    zoom_changed = Signal(float)
    brush_size_changed = Signal(int)
    tool_changed = Signal(str)
    crop_asked = Signal(object)  # Box
    told = Signal(str)  # why a tool did nothing

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.layers = Layers(document, self)
        self.camera = Camera(document, self)
        self.stamp = Stamp()
        self.brushes = Brushes((name for name, t in TOOLS.items() if t.options == "brush"), self)
        self.area_choices = Choices(self)
        self.colours = BrushColours(self)
        self.pointing = Pointing(self, self)
        self.objects = ObjectFinder(document, lambda: self.is_busy, self)
        self.placing = Placing(self, self)
        self._screen = Screen(self.layers)
        self._marks = Marks(self, self.pointing, self.placing)
        self._hint, self._hint_key, self._framed = True, "", False
        self.chosen_layer: Callable[[], UUID | None] = lambda: None
        self._ends_first: Callable[[], bool] = lambda: False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Canvas"))
        self.setAccessibleDescription(self.tr("The picture, with the mask over it"))
        self.setMinimumSize(200, 200)
        self._connect()
        self._point()

    def _connect(self) -> None:
        self.layers.changed.connect(self._update_canvas)
        self.camera.moved.connect(self._renew)
        self.camera.zoom_changed.connect(self.zoom_changed)
        self.pointing.tool_changed.connect(self.brushes.use)
        self.pointing.tool_changed.connect(self.tool_changed)
        self.pointing.changed.connect(self._point)
        self.brushes.changed.connect(lambda brush: self.brush_size_changed.emit(brush.size))
        self.brushes.changed.connect(lambda _: self._marks.update_ring())
        self.document.reshaped.connect(self._show_whole)
        self.pointing.changed.connect(self.objects.hand_is_up)
        self.objects.changed.connect(self._point)
        self.camera.moved.connect(self.placing.update)

    # --- display ---------------------------------------------------------------------------------

    @property
    def transform(self) -> Transform:
        return self.camera.transform

    @property
    def zoom(self) -> float:
        """Screen pixels per canvas pixel."""
        return self.camera.zoom

    @property
    def angle(self) -> float:
        return self.camera.transform.angle

    @property
    def middle(self) -> QPointF:
        return QPointF(self.width() / 2, self.height() / 2)

    def to_view(self, point: QPointF) -> QPointF:
        return self.transform.to_view(point)

    def pan(self, by: QPointF) -> None:
        self.camera.pan(by)

    def zoom_to(self, zoom: float, anchor: QPointF) -> None:
        self.camera.zoom_to(zoom, anchor)

    def turn_to(self, angle: float, anchor: QPointF) -> None:
        self.camera.turn_to(angle, anchor)

    def show_hint(self, shown: bool) -> None:
        """Show or hide the newcomer's hint, which the first stroke removes."""
        if shown != self._hint:
            self._hint = shown
            self.update()

    def set_hint_key(self, key: str) -> None:
        """Set the shortcut that the hint names for starting a fill."""
        self._hint_key = key
        self.update()

    def _show_whole(self) -> None:
        self.cancel_gesture()
        self.camera.fit()

    def _renew(self) -> None:
        self._screen.spoil(self.rect())
        self._marks.update_ring()
        self.update()

    def _update_canvas(self, rect: QRect) -> None:
        shown = self.transform.rect_to_view(rect).toAlignedRect()
        around = 2 + int(self.transform.scale)  # outlines and interpolation extend beyond the box
        spoiled = shown.adjusted(-around, -around, around, around).intersected(self.rect())
        self._screen.spoil(spoiled)
        self.update(spoiled)

    # --- tools -----------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        return self.pointing.tool

    def set_tool(self, name: str) -> None:
        self.pointing.set_tool(name)

    @property
    def brush(self) -> Brush:
        return self.brushes.brush

    @property
    def brush_size(self) -> int:
        return self.brushes.brush.size

    def set_brush_size(self, size: int) -> None:
        self.brushes.set(size=size)

    @property
    def choices(self) -> AreaChoices:
        return self.area_choices.value

    @property
    def is_busy(self) -> bool:
        """Whether a gesture is under way, or a dialog tries something out."""
        return self.pointing.is_busy

    def cancel_gesture(self) -> bool:
        """Undo the gesture under way; False if there was none."""
        return self.pointing.cancel()

    # --- pointer events --------------------------------------------------------------------------

    def _press(self, event: QMouseEvent | QTabletEvent) -> None:
        self.show_hint(False)
        self._show_focus(False)
        turned = event.pointerType() == event.pointingDevice().PointerType.Eraser
        at = self._pointer_at(event)
        self.pointing.press(event.button(), event.modifiers(), at, turned=turned)

    def _move(self, event: QMouseEvent | QTabletEvent) -> None:
        self._marks.pointer = event.position()
        self._marks.update_ring()
        self.pointing.move(self._pointer_at(event))
        self._marks.update_trail()
        if self.tool.cursor == "move":
            self._point()

    def _pointer_at(self, event: QMouseEvent | QTabletEvent) -> Pointer:
        held = event.modifiers()
        pen = isinstance(event, QTabletEvent)
        return Pointer(
            self.transform.to_canvas(event.position()),
            event.position(),
            alt=bool(held & Keys.AltModifier),
            shift=bool(held & Keys.ShiftModifier),
            pressure=event.pressure() if isinstance(event, QTabletEvent) else 1.0,
            is_pen=pen,
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self.pointing.release(event.button())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if not self.pointing.close():
            self._press(event)

    def tabletEvent(self, event: QTabletEvent) -> None:  # noqa: N802
        event.accept()  # else Qt repeats it as a mouse event
        if event.type() == QEvent.Type.TabletPress:
            self._marks.pen_is_down = True
            self._press(event)
        elif event.type() == QEvent.Type.TabletRelease:
            self._marks.pen_is_down = False
            self.pointing.release(event.button())
        else:
            self._move(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        turned = event.angleDelta().y() / _NOTCH
        if event.modifiers() & Keys.ControlModifier:
            if turned:
                self.brushes.grow() if turned > 0 else self.brushes.shrink()
        elif turned:
            self.zoom_to(self.zoom * _ZOOM_A_NOTCH**turned, event.position())
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        self._marks.pointer = event.position()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        self._marks.pointer = None
        self._marks.update_ring()

    # --- keys and focus --------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and pinch(self, event):
            return True
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and self._is_own(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def _is_own(self, event: QKeyEvent) -> bool:
        """Whether a key goes to a gesture or a held layer, not to the app's shortcuts."""
        key = event.key()
        gives_up = key == Qt.Key.Key_Escape and self.objects.is_waiting
        waits = gives_up or (self.is_busy and key in _OWN_KEYS)
        return waits or self.placing.takes(event.key(), event.modifiers())

    def yields_escape_to(self, first: Callable[[], bool]) -> None:
        """Let Esc call `first` before it cancels a gesture; True from `first` means Esc is used."""
        self._ends_first = first

    def hold_space(self, held: bool) -> None:
        """Set whether Space is held while another widget has the keyboard focus."""
        self.pointing.hold_keys(QApplication.keyboardModifiers(), space=held)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.isAutoRepeat() and event.key() == Qt.Key.Key_Space:
            return
        if not (self._key_for_gesture(event) or self._hold(event, held=True)):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if not event.isAutoRepeat() and not self._hold(event, held=False):
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self._show_focus(event.reason() in _BY_KEYBOARD)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            self.pointing.finish()
        self.pointing.let_go()
        self._show_focus(False)
        super().focusOutEvent(event)

    def _show_focus(self, shown: bool) -> None:
        """Draw a focus frame, only when focus came by keyboard."""
        if shown != self._framed:
            self._framed = shown
            self.update()

    def _key_for_gesture(self, event: QKeyEvent) -> bool:
        key = event.key()
        done = (
            (key == Qt.Key.Key_Escape and self.is_busy and self._ends_first())
            or (key == Qt.Key.Key_Escape and (self.pointing.cancel() or self.objects.give_up()))
            or (key in _CLOSING and self.pointing.close())
            or (key == Qt.Key.Key_Backspace and self.pointing.take_back())
            or self.placing.press_key(key, event.modifiers())
        )
        self._marks.update_trail()
        return done

    def _hold(self, event: QKeyEvent, *, held: bool) -> bool:
        key, keys = Qt.Key(event.key()), event.modifiers()
        if key == Qt.Key.Key_Space:
            self.pointing.hold_keys(keys, space=held)
        elif key in _KEYS:  # platforms differ in whether a modifier's own event includes it
            self.pointing.hold_keys(keys | _KEYS[key] if held else keys & ~_KEYS[key])
        return key == Qt.Key.Key_Space

    # --- cursor ----------------------------------------------------------------------------------

    def _point(self) -> None:
        """Set the cursor for the active tool."""
        shape = self._marks.cursor()
        self.setCursor(Qt.CursorShape.BusyCursor if self.objects.is_waiting else shape)
        self._marks.update_ring()
        self._marks.update_trail()

    # --- painting and size -----------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        self._screen.resize(self.size(), self.devicePixelRatioF())
        painter = QPainter(self)
        back = self.palette().color(QPalette.ColorRole.Dark)
        for rect in rects_of(event.region()):
            self._screen.paint(painter, rect, self.transform, back)
        if self._hint:
            paint_hint(
                painter,
                self.transform.rect_to_view(rect_of(self.document.box)),
                self.font(),
                self._hint_key,
            )
        self._marks.paint(painter)
        if self._framed:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 4))
            painter.drawRect(self.rect())
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        self.camera.follow_resize(event.oldSize(), event.size())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._renew()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(800, 640)
