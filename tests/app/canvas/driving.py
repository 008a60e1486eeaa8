"""The artist's hand in tests: mouse, wheel and pen over a view of the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QInputDevice,
    QPointingDevice,
    QPointingDeviceUniqueId,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.view import CanvasView

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE = Qt.KeyboardModifier.NoModifier
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def at(view: CanvasView, x: float, y: float) -> QPoint:
    return view.transform.to_view(QPointF(x, y)).toPoint()


def drag(
    view: CanvasView,
    *points: tuple[float, float],
    button: Qt.MouseButton = LEFT,
    held: Qt.KeyboardModifier = NONE,
    release: bool = True,
) -> None:
    """Press at the first canvas point, move through the others, let go."""
    places = [at(view, *point) for point in points]
    QTest.mousePress(view, button, held, places[0])
    for place in places[1:]:
        QTest.mouseMove(view, place)
        QApplication.processEvents()
    if release:
        QTest.mouseRelease(view, button, held, places[-1])


def turn(view: CanvasView, where: QPoint, notches: int, held: Qt.KeyboardModifier = NONE) -> None:
    event = QWheelEvent(
        QPointF(where),
        view.mapToGlobal(QPointF(where)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def click(view: CanvasView, x: float, y: float, held: Qt.KeyboardModifier = NONE) -> None:
    """Press and let go at a canvas point, the pointer coming there first."""
    QTest.mouseMove(view, at(view, x, y))
    QTest.mousePress(view, LEFT, held, at(view, x, y))
    QTest.mouseRelease(view, LEFT, held, at(view, x, y))


def tablet(*, eraser: bool = False) -> QPointingDevice:
    """A pen, or its other end."""
    kind = QPointingDevice.PointerType
    return QPointingDevice(
        "pen",
        1,
        QInputDevice.DeviceType.Stylus,
        kind.Eraser if eraser else kind.Pen,
        QInputDevice.Capability.Pressure,
        1,
        1,
        "",
        QPointingDeviceUniqueId(),
    )


def pen(
    view: CanvasView,
    *points: tuple[float, float, float],
    device: QPointingDevice,
    release: bool = True,
) -> None:
    """A stroke of the pen through canvas points with the pressure, 0..1, at each."""
    kinds = [QEvent.Type.TabletPress] + [QEvent.Type.TabletMove] * (len(points) - 1)
    for kind, (x, y, pressure) in zip(kinds, points, strict=True):
        _send_pen(view, kind, x, y, pressure, device)
    if release:
        _send_pen(view, QEvent.Type.TabletRelease, *points[-1][:2], 0.0, device)


def _send_pen(
    view: CanvasView,
    kind: QEvent.Type,
    x: float,
    y: float,
    pressure: float,
    device: QPointingDevice,
) -> None:
    place = view.transform.to_view(QPointF(x, y))
    move = kind == QEvent.Type.TabletMove
    event = QTabletEvent(
        kind,
        device,
        place,
        view.mapToGlobal(place),
        pressure,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        NONE,
        Qt.MouseButton.NoButton if move else LEFT,
        Qt.MouseButton.NoButton if kind == QEvent.Type.TabletRelease else LEFT,
    )
    QApplication.sendEvent(view, event)
