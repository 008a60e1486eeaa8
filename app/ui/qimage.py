"""Conversion between arrays of pixels and Qt's images."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from lazydiff_core.contract import RGBA, Pixels


def image_of(pixels: Pixels) -> QImage:
    """A QImage copy of (h, w, 3), or straight-alpha (h, w, 4), uint8 pixels."""
    height, width, channels = pixels.shape
    kind = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
    data = np.ascontiguousarray(pixels)
    return QImage(data.data, width, height, channels * width, kind).copy()


def pixels_of(image: QImage) -> Pixels:
    """(h, w, 3) uint8 pixels of any image; (h, w, 4), straight alpha, if some are transparent."""
    if image.hasAlphaChannel():
        pixels = rgba_of(image)
        if (pixels[..., 3] < 255).any():
            return pixels
    return _array(image.convertToFormat(QImage.Format.Format_RGB888), 3)


def rgba_of(image: QImage) -> RGBA:
    """(h, w, 4) uint8 straight-alpha RGBA pixels of any image."""
    return _array(image.convertToFormat(QImage.Format.Format_RGBA8888), 4)


def _array(image: QImage, channels: int) -> Pixels:
    height, width = image.height(), image.width()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    return rows[:, : channels * width].reshape(height, width, channels).copy()
