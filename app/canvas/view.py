"""The widget that shows the canvas and turns the hand's movements into gestures."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.canvas.cursor import cursor_rect, paint_ring
from app.canvas.hint import paint_hint
from app.canvas.layers import Layers
from app.canvas.tools import TOOLS
from app.canvas.tools.gesture import Gesture, Pointer, Tool
from app.canvas.transform import Transform, centred, fitted, next_stop
from app.document import Document

LARGEST_BRUSH = 1000
_FIT_MARGIN = 24
_TRAIL_PENS = (
    QPen(Qt.GlobalColor.black, 1),
    QPen(Qt.GlobalColor.white, 1, Qt.PenStyle.DashLine),
)
_NOTCH = 120
_ZOOM_A_NOTCH = 2**0.25
_BRUSH_A_NOTCH = 1.15


class CanvasView(QWidget):
    """Zoom, pan and gestures of the active tool. Repaints only what has changed."""

    zoom_changed = Signal(float)
    brush_size_changed = Signal(int)
    tool_changed = Signal(str)
    dropped = Signal(object)  # QMimeData

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.layers = Layers(document, self)
        self._transform = Transform()
        self._fits = True
        self._tool = TOOLS["brush"]
        self._brush_size = 48
        self._gesture: Gesture | None = None
        self._held_by = Qt.MouseButton.NoButton
        self._space = False
        self._pointer: QPointF | None = None
        self._hint = True
        self.layers.changed.connect(self._update_canvas)
        document.replaced.connect(self._show_whole)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Canvas"))
        self.setMinimumSize(200, 200)
        self._point()

    # --- what is shown ---------------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        """Screen pixels a canvas pixel."""
        return self._transform.scale * self.devicePixelRatioF()

    @property
    def transform(self) -> Transform:
        return self._transform

    def show_hint(self, shown: bool) -> None:
        """The two lines that tell a newcomer how to begin; gone with the first stroke."""
        if shown != self._hint:
            self._hint = shown
            self.update()

    def fit(self) -> None:
        self._fits = True
        self._set(fitted(self.document.size, self.size(), _FIT_MARGIN))

    def show_actual_size(self) -> None:
        self._fits = False
        self._set(centred(self.document.size, self.size(), 1 / self.devicePixelRatioF()))

    def zoom_in(self) -> None:
        self._zoom_to(next_stop(self.zoom, up=True), self._middle())

    def zoom_out(self) -> None:
        self._zoom_to(next_stop(self.zoom, up=False), self._middle())

    def pan(self, by: QPointF) -> None:
        self._fits = False
        self._set(self._transform.moved(by).in_sight(self.document.size, self.size()))

    def _zoom_to(self, zoom: float, anchor: QPointF) -> None:
        self._fits = False
        scaled = self._transform.scaled_to(zoom / self.devicePixelRatioF(), anchor)
        self._set(scaled.in_sight(self.document.size, self.size()))

    def _set(self, transform: Transform) -> None:
        self._transform = transform
        self.zoom_changed.emit(self.zoom)
        self.update()

    def _middle(self) -> QPointF:
        return QPointF(self.width() / 2, self.height() / 2)

    def _show_whole(self) -> None:
        self.cancel_gesture()
        self.fit()

    def _update_canvas(self, rect: QRect) -> None:
        shown = self._transform.rect_to_view(rect).toAlignedRect()
        around = 2 + int(self._transform.scale)  # outlines and smoothing reach over the edge
        self.update(shown.adjusted(-around, -around, around, around))

    # --- tools -----------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        return self._tool

    def set_tool(self, name: str) -> None:
        self._tool = TOOLS[name]
        self._point()
        self.tool_changed.emit(name)

    @property
    def brush_size(self) -> int:
        return self._brush_size

    def set_brush_size(self, size: int) -> None:
        self._update_cursor()
        self._brush_size = min(max(size, 1), LARGEST_BRUSH)
        self._update_cursor()
        self.brush_size_changed.emit(self._brush_size)

    def grow_brush(self) -> None:
        self.set_brush_size(max(self._brush_size + 1, round(self._brush_size * _BRUSH_A_NOTCH)))

    def shrink_brush(self) -> None:
        self.set_brush_size(min(self._brush_size - 1, round(self._brush_size / _BRUSH_A_NOTCH)))

    @property
    def is_busy(self) -> bool:
        """A gesture is under way."""
        return self._gesture is not None

    def cancel_gesture(self) -> bool:
        """Undo the gesture under way; False if there was none."""
        if self._gesture is None:
            return False
        self._gesture.cancel()
        self._finish()
        return True

    def _finish(self) -> None:
        self._gesture = None
        self._held_by = Qt.MouseButton.NoButton
        self._point()
        self.update()

    def _tool_for(self, button: Qt.MouseButton) -> Tool | None:
        if button == Qt.MouseButton.MiddleButton:
            return TOOLS["hand"]
        if button == Qt.MouseButton.LeftButton:
            return TOOLS["hand"] if self._space else self._tool
        return None

    def _pointer_at(self, event: QMouseEvent) -> Pointer:
        held = event.modifiers()
        return Pointer(
            self._transform.to_canvas(event.position()),
            event.position(),
            alt=bool(held & Qt.KeyboardModifier.AltModifier),
        )

    # --- pointer events --------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        tool = self._tool_for(event.button())
        if tool is None or self._gesture is not None:
            return
        self.show_hint(False)
        self._held_by = event.button()
        self._gesture = tool.start(self, self._pointer_at(event))
        self._point()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._update_cursor()
        self._pointer = event.position()
        self._update_cursor()
        if self._gesture is not None:
            self._gesture.move(self._pointer_at(event))
            if self._gesture.trail:
                self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._gesture is not None and event.button() == self._held_by:
            self._gesture.end()
            self._finish()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        turned = event.angleDelta().y() / _NOTCH
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if turned:
                self.grow_brush() if turned > 0 else self.shrink_brush()
        elif turned:
            self._zoom_to(self.zoom * _ZOOM_A_NOTCH**turned, event.position())
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        self._pointer = event.position()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        self._update_cursor()
        self._pointer = None

    # --- keys and focus --------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # Escape belongs to the gesture while there is one, to the window's shortcut otherwise.
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
            and self.is_busy
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape and self.cancel_gesture():
            return
        if event.key() != Qt.Key.Key_Space:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self._hold_space(True)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() != Qt.Key.Key_Space:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat():
            self._hold_space(False)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self._hold_space(False)
        super().focusOutEvent(event)

    def _hold_space(self, held: bool) -> None:
        self._space = held
        self._point()

    # --- cursor ----------------------------------------------------------------------------------

    def _point(self) -> None:
        """Choose the cursor for the tool that a click would use now."""
        hand = self._space or self._held_by == Qt.MouseButton.MiddleButton
        kind = "hand" if hand else self._tool.cursor
        if kind == "hand":
            closed = self.is_busy
            shape = Qt.CursorShape.ClosedHandCursor if closed else Qt.CursorShape.OpenHandCursor
            self.setCursor(shape)
        else:
            self.setCursor(
                Qt.CursorShape.BlankCursor if kind == "ring" else Qt.CursorShape.CrossCursor
            )
        self._update_cursor()

    def _has_ring(self) -> bool:
        return self.cursor().shape() == Qt.CursorShape.BlankCursor

    def _radius(self) -> float:
        return self._brush_size * self._transform.scale / 2

    def _update_cursor(self) -> None:
        if self._pointer is not None:
            self.update(cursor_rect(self._pointer, self._radius()))

    # --- painting and size -----------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        exposed = event.rect()
        painter.fillRect(exposed, self.palette().color(QPalette.ColorRole.Dark))
        self.layers.paint(painter, exposed, self._transform, self.devicePixelRatioF())
        if self._hint:
            paint_hint(painter, self._transform.rect_to_view(self.document.rect), self.font())
        self._paint_trail(painter)
        if self._pointer is not None and self._has_ring():
            paint_ring(painter, self._pointer, self._radius())
        painter.end()

    def _paint_trail(self, painter: QPainter) -> None:
        trail = self._gesture.trail if self._gesture is not None else ()
        if len(trail) > 1:
            outline = [self._transform.to_view(point).toPoint() for point in trail]
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for pen in _TRAIL_PENS:
                painter.setPen(pen)
                painter.drawPolygon(outline)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        if self._fits:
            self.fit()
        elif event.oldSize().isValid():
            grown = event.size() - event.oldSize()
            self.pan(QPointF(grown.width() / 2, grown.height() / 2))

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(800, 640)

    # --- drag and drop ---------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        event.acceptProposedAction()
        self.dropped.emit(event.mimeData())
