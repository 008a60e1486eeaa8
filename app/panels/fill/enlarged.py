"""A picture of a list, large, while the pointer rests on it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QHoverEvent, QPixmap
from PySide6.QtWidgets import QLabel, QListWidget

from app.ui.chequer import over_chequer
from app.ui.qimage import image_of, rgba_of
from app.ui.widgets import configure
from lazydiff_core.contract import Pixels

_SIDE = 384  # points, at most
_REST_MS = 250
_GAP = 12
_ENDING = {
    *(QEvent.Type.Leave, QEvent.Type.HoverLeave, QEvent.Type.Wheel, QEvent.Type.Hide),
    *(QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress),
}


class Enlarged(QLabel):
    """Lies beside the list, takes neither clicks nor the focus, and goes with the pointer."""

    def __init__(self, films: QListWidget, picture_of: Callable[[int], Pixels | None]) -> None:
        """`picture_of`: (h, w, 3 or 4) uint8 of a row, None where there is nothing to show."""
        super().__init__(films, Qt.WindowType.ToolTip | Qt.WindowType.WindowTransparentForInput)
        configure(self, style="enlarged")
        self._list, self._picture_of = films, picture_of
        self._row = -1
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._show)
        viewport = films.viewport()
        viewport.setAttribute(Qt.WidgetAttribute.WA_Hover)
        viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QHoverEvent) and event.type() == QEvent.Type.HoverMove:
            self._point_at(event.position().toPoint())
        elif event.type() == QEvent.Type.ToolTip and self._row >= 0:
            return True  # one of the two is enough
        elif event.type() in _ENDING:
            self._end()
        return super().eventFilter(watched, event)

    def _point_at(self, place: QPoint) -> None:
        row = self._list.indexAt(place).row()
        if row != self._row:
            shown = self.isVisible()
            self._end()
            self._row = row
            if row >= 0:
                self._rest.start(0 if shown else _REST_MS)

    def _end(self) -> None:
        self._rest.stop()
        self._row = -1
        self.hide()

    def _show(self) -> None:
        pixels = self._picture_of(self._row)
        if pixels is None:
            return
        pixmap = _scaled(pixels, self.devicePixelRatioF())
        self.setPixmap(pixmap)
        self.adjustSize()
        self.move(_beside(self._list, self.size()))
        self.show()


def _scaled(pixels: Pixels, ratio: float) -> QPixmap:
    side = round(_SIDE * ratio)
    smooth = Qt.TransformationMode.SmoothTransformation
    scaled = image_of(pixels).scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, smooth)
    if scaled.hasAlphaChannel():
        scaled = image_of(over_chequer(rgba_of(scaled)))
    scaled.setDevicePixelRatio(ratio)
    return QPixmap.fromImage(scaled)


def _beside(widget: QListWidget, size: QSize) -> QPoint:
    """At the left of the list where there is room, else at its right, within the screen."""
    room = widget.screen().availableGeometry()
    place = QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size())
    left = place.left() - _GAP - size.width()
    if left < room.left():
        left = min(place.right() + _GAP, room.right() - size.width())
    top = max(room.top(), min(place.top(), room.bottom() - size.height()))
    return QPoint(left, top)
