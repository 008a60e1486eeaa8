"""A widget that shows a picture, as sharp as the screen allows."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lazydiff_core.contract import RGB

LARGEST = 2  # largest enlargement, as more shows no further detail


class PictureView(QWidget):
    """Shows one picture in the middle, enlarged at most LARGEST times."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setAccessibleName(name)
        self.setMinimumSize(QSize(220, 220))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_picture(self, pixels: RGB | None) -> None:
        """Show (H, W, 3) uint8 pixels, or nothing for None."""
        if pixels is None:
            self._image = QImage()
        else:
            data = np.ascontiguousarray(pixels)
            high, wide = data.shape[:2]
            shown = QImage(data.data, wide, high, 3 * wide, QImage.Format.Format_RGB888)
            self._image = shown.copy()  # the array may be freed
        self.update()

    @property
    def shown(self) -> bool:
        return not self._image.isNull()

    def place(self) -> QRect:
        """The rectangle in which the picture is drawn."""
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
        # Scaled smoothly here, as the painter's own reduction would alias.
        scaled = self._image.scaled(
            target.size() * ratio,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        scaled.setDevicePixelRatio(ratio)
        painter.drawImage(target.topLeft(), scaled)
        painter.end()
