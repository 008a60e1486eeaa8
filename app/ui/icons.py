"""One-colour icons, drawn in the colour of the text around them."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QGuiApplication,
    QIcon,
    QImage,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QWidget

from lazydiff_core.storage.resources import resource

_SIZES = (16, 20, 24, 32, 40, 48)
_NAME, _ROLE = "iconName", "iconRole"
IconTarget: TypeAlias = QAction | QAbstractButton


def set_icon(
    target: IconTarget, name: str, role: QPalette.ColorRole = QPalette.ColorRole.ButtonText
) -> None:
    """Give an action or button the icon `name`, in a colour of the palette."""
    target.setProperty(_NAME, name)
    target.setProperty(_ROLE, role.value)
    target.setIcon(icon(name, role))


def retint(root: QWidget) -> None:
    """Draw all icons below `root` again, after the palette has changed."""
    buttons: list[IconTarget] = [*root.findChildren(QAbstractButton)]
    for target in [*root.findChildren(QAction), *buttons]:
        name = target.property(_NAME)
        if name:
            target.setIcon(icon(name, QPalette.ColorRole(target.property(_ROLE))))


def icon(name: str, role: QPalette.ColorRole = QPalette.ColorRole.ButtonText) -> QIcon:
    """The icon in the palette's present colours, for enabled and disabled controls."""
    palette = QGuiApplication.palette()
    made = QIcon()
    for mode, group in (
        (QIcon.Mode.Normal, QPalette.ColorGroup.Active),
        (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled),
    ):
        for size in _SIZES:
            made.addPixmap(tinted(name, palette.color(group, role), size), mode)
    return made


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
