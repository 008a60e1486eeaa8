"""One-colour icons, drawn in the colour of the text around them."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QImage,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QWidget

from lazydiff_core.storage.resources import resource

_NAME, _ROLE = "iconName", "iconRole"
IconTarget: TypeAlias = QAction | QAbstractButton


def set_icon(
    target: IconTarget, name: str, role: QPalette.ColorRole = QPalette.ColorRole.ButtonText
) -> None:
    """Give an action or button the icon `name`, in the palette's colour for a role."""
    target.setProperty(_NAME, name)
    target.setProperty(_ROLE, role.value)
    target.setIcon(icon(name, role))


def retint(root: QWidget) -> None:
    """Redraw all icons below `root` after a change of the palette."""
    buttons: list[IconTarget] = [*root.findChildren(QAbstractButton)]
    for target in [*root.findChildren(QAction), *buttons]:
        name = target.property(_NAME)
        if name:
            target.setIcon(icon(name, QPalette.ColorRole(target.property(_ROLE))))


def icon(name: str, role: QPalette.ColorRole = QPalette.ColorRole.ButtonText) -> QIcon:
    """The icon in the palette's current colours, for enabled and disabled controls."""
    return QIcon(_TintedIcon(name, QGuiApplication.palette(), role))


class _TintedIcon(QIconEngine):
    """Renders each size on first use, since most icons are needed in few sizes or never."""

    def __init__(self, name: str, palette: QPalette, role: QPalette.ColorRole) -> None:
        super().__init__()
        self._name, self._palette, self._role = name, palette, role
        self._drawn: dict[tuple[int, QPalette.ColorGroup], QPixmap] = {}

    def clone(self) -> QIconEngine:
        return _TintedIcon(self._name, self._palette, self._role)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        side = min(size.width(), size.height())
        disabled = mode == QIcon.Mode.Disabled
        group = QPalette.ColorGroup.Disabled if disabled else QPalette.ColorGroup.Active
        if (side, group) not in self._drawn:
            colour = self._palette.color(group, self._role)
            self._drawn[side, group] = tinted(self._name, colour, side)
        return self._drawn[side, group]

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(rect, self.pixmap(rect.size() * ratio, mode, state))


def tinted(name: str, colour: QColor, size: int) -> QPixmap:
    """The icon's shape filled with one colour."""
    image = QImage(QSize(size, size), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(_source(name)).render(painter, QRectF(0, 0, size, size))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(image.rect(), colour)
    painter.end()
    return QPixmap.fromImage(image)


@cache
def _source(name: str) -> QByteArray:
    return QByteArray(resource(f"icons/{name}.svg").read_bytes())
