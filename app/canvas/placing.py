"""The layer that the transform tool holds: where it is to lie, shown while it is dragged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QLineF, QObject, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF, QTransform

from app.canvas.handles import SIDES, Grip, Guides, Snapped, grip_at, handle_points
from app.canvas.transform import Transform
from lazydiff_core.geometry.placement import Placement

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_FAR = 10  # pixels, with Shift held
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SIZE = 8.0  # view points, the side of a handle
_AROUND = 40  # view points that handles reach beyond what they are of
_DARK, _LIGHT, _GUIDE = QColor(0, 0, 0, 200), QColor(255, 255, 255), QColor(255, 0, 160)


@dataclass(frozen=True, eq=False)
class Held:
    """What is held.

    image:     its own pixels, perhaps reduced; null while it is not cut out yet.
    shape:     (height, width) of its own pixels.
    placement: where the picture shows it.
    guides:    what it snaps to.
    """

    image: QImage
    shape: tuple[int, int]
    placement: Placement
    guides: Guides = Guides()  # noqa: RUF009 (it is frozen)

    @property
    def is_cut_out(self) -> bool:
        return not self.image.isNull()


class Screen(Protocol):
    """The view that it is drawn over."""

    @property
    def transform(self) -> Transform: ...
    def update(self, rect: QRect, /) -> None: ...


class Placing(QObject):
    """Holds a layer, previews where it is dragged to, and says where it is dropped.

    The picture itself changes only when it is dropped.
    """

    changed = Signal()  # what is held, or where it would lie
    lifted = Signal()  # it leaves its place: the picture is to be shown without it
    dropped = Signal(object)  # the Placement that it is to have
    settled = Signal()  # it is where it was: the picture is to be shown as it is
    cut_out_wanted = Signal()  # something that is not cut out yet is to be moved
    picked = Signal(QPointF)  # the canvas point of a press beside what is held
    clicked = Signal(QPointF)  # the canvas point of a click on it, while it is where it was
    finished = Signal()  # Enter
    given_up = Signal()  # Esc

    def __init__(self, screen: Screen, parent: QObject) -> None:
        super().__init__(parent)
        self._screen = screen
        self._held: Held | None = None
        self._at = Snapped(Placement(0, 0))
        self._is_away = False
        self._painted = QRect()

    @property
    def held(self) -> Held | None:
        return self._held

    @property
    def placement(self) -> Placement:
        """Where it lies, or would lie if it were dropped now."""
        return self._at.placement

    def hold(self, held: Held | None) -> None:
        """Hold a layer, or another, or none."""
        self._held, self._is_away = held, False
        self._show(Snapped(self.placement if held is None else held.placement))

    def grip(self, at: QPointF) -> Grip | None:
        """What a press at a view point takes hold of."""
        held = self._held
        if held is None:
            return None
        return grip_at(at, self.placement, held.shape, self._screen.transform)

    def preview(self, at: Snapped) -> None:
        """Show it elsewhere. Of what is not cut out yet only the frame goes; it is asked for."""
        if self._held is None or at.placement == self.placement:
            return
        if not self._held.is_cut_out:
            self.cut_out_wanted.emit()
        elif not self._is_away:
            self.lifted.emit()
        self._is_away = True
        self._show(at)

    def drop(self) -> None:
        """Leave it where it is shown."""
        if self._held is None or not self._is_away:
            return
        self._at = replace(self._at, guides=Guides())
        self.dropped.emit(self.placement)

    def click(self, point: QPointF) -> None:
        """It was clicked at a canvas point, and not dragged."""
        if not self._is_away:
            self.clicked.emit(point)

    def put_back(self) -> None:
        """Show it where it was."""
        if self._held is not None and self._is_away:
            self._is_away = False
            self._show(Snapped(self._held.placement))
            self.settled.emit()

    def put(self, placement: Placement) -> None:
        """Drop it elsewhere at once."""
        self.preview(Snapped(placement))
        self.drop()

    def takes(self, key: int, keys: Qt.KeyboardModifier) -> bool:
        """Whether it does something by this key, before any shortcut."""
        plain = keys & ~Qt.KeyboardModifier.KeypadModifier
        if self._held is None or plain & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        alone = key == Qt.Key.Key_Escape or key in _ENDS
        return key in _STEPS or (alone and not plain & Qt.KeyboardModifier.ShiftModifier)

    def press_key(self, key: int, keys: Qt.KeyboardModifier) -> bool:
        """Do it: arrows nudge, Enter lets go, Esc undoes; False if the key is not its own."""
        if not self.takes(key, keys):
            return False
        if key == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif key in _ENDS:
            self.finished.emit()
        else:
            x, y = _STEPS[Qt.Key(key)]
            by = _FAR if keys & Qt.KeyboardModifier.ShiftModifier else 1
            self.put(self.placement.moved(x * by, y * by))
        return True

    def update(self) -> None:
        """Repaint where it was and where it is."""
        was, self._painted = self._painted, self._rect()
        for rect in (was, self._painted):
            if not rect.isEmpty():
                self._screen.update(rect)

    def paint(self, painter: QPainter) -> None:
        """Draw it over the view, in view points."""
        held = self._held
        if held is None:
            return
        view = self._screen.transform
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._is_away and held.is_cut_out:
            _paint_image(painter, held, self.placement, view)
        points = handle_points(self.placement, held.shape, view)
        outline = QPolygonF([points[side] for side in SIDES if 0 not in side])
        for pen in (QPen(_DARK, 2.5), QPen(_LIGHT, 1.0)):
            painter.setPen(pen)
            painter.drawPolygon(outline)
            painter.drawLine(points[(0, -1)], points["turn"])
        self._paint_guides(painter, view)
        painter.setPen(QPen(_DARK, 1.0))
        painter.setBrush(_LIGHT)
        for side in SIDES:
            corner = points[side] - QPointF(_SIZE / 2, _SIZE / 2)
            painter.drawRect(QRectF(corner.x(), corner.y(), _SIZE, _SIZE))
        painter.drawEllipse(points["turn"], _SIZE / 2, _SIZE / 2)
        painter.restore()

    def _paint_guides(self, painter: QPainter, view: Transform) -> None:
        far = 1e5
        painter.setPen(QPen(_GUIDE, 1.0, Qt.PenStyle.DashLine))
        matrix = view.matrix()
        for x in self._at.guides.across:
            painter.drawLine(matrix.map(QLineF(x, -far, x, far)))
        for y in self._at.guides.down:
            painter.drawLine(matrix.map(QLineF(-far, y, far, y)))

    def _show(self, at: Snapped) -> None:
        had_guides = self._at.guides != Guides()
        self._at = at
        if had_guides or at.guides != Guides():
            self._painted = QRect(-10_000, -10_000, 20_000, 20_000)  # guides cross the view
        self.update()
        self.changed.emit()

    def _rect(self) -> QRect:
        """The part of the view that it takes."""
        held = self._held
        if held is None:
            return QRect()
        points = handle_points(self.placement, held.shape, self._screen.transform)
        around = QPolygonF(list(points.values())).boundingRect().toAlignedRect()
        rect = around.adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
        return rect if self._at.guides == Guides() else QRect(-10_000, -10_000, 20_000, 20_000)


def _paint_image(painter: QPainter, held: Held, placement: Placement, view: Transform) -> None:
    linear = placement.matrix(held.shape)
    to_canvas = QTransform(
        *(linear[0, 0], linear[1, 0], linear[0, 1], linear[1, 1], linear[0, 2], linear[1, 2])
    )
    height, width = held.shape
    to_own = QTransform.fromScale(width / held.image.width(), height / held.image.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setTransform(to_own * to_canvas * view.matrix(), True)
    painter.drawImage(0, 0, held.image)
    painter.restore()
