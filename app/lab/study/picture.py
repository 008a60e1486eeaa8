"""A picture scaled to its place, as sharp as the screen allows."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lazydiff_core.contract import RGB

LARGEST = 2  # times its own size: enlarging further shows no more


class PictureView(QWidget):
    """Shows one picture in the middle, never more than LARGEST times its size."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setAccessibleName(name)
        self.setMinimumSize(QSize(220, 220))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_picture(self, pixels: RGB | None) -> None:
        """Show (H, W, 3) uint8, or nothing."""
        if pixels is None:
            self._image = QImage()
        else:
            data = np.ascontiguousarray(pixels)
            high, wide = data.shape[:2]
            shown = QImage(data.data, wide, high, 3 * wide, QImage.Format.Format_RGB888)
            self._image = shown.copy()  # the array may go
        self.update()

    @property
    def shown(self) -> bool:
        return not self._image.isNull()

    def place(self) -> QRect:
        """Where the picture is drawn."""
        size = self._image.size()
        fitting = size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        size = fitting.boundedTo(size * LARGEST)
        left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
        return QRect(left, top, size.width(), size.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        if self._image.isNull():
            return
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        target = self.place()
        # Scaled once, smoothly: the painter's own reduction would alias.
        scaled = self._image.scaled(
            target.size() * ratio,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        scaled.setDevicePixelRatio(ratio)
        painter.drawImage(target.topLeft(), scaled)
        painter.end()
