from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from app.ui.qimage import image_of, pixels_of, rgba_of


@pytest.mark.parametrize("width", [1, 2, 3, 5, 64])
def test_arrays_survive_the_way_through_an_image(width: int) -> None:
    pixels = np.random.default_rng(width).integers(0, 256, (7, width, 4), np.uint8)
    assert np.array_equal(rgba_of(image_of(pixels)), pixels)
    assert np.array_equal(pixels_of(image_of(pixels[..., :3])), pixels[..., :3])


def test_an_image_lives_on_without_its_array() -> None:
    pixels = np.full((4, 4, 3), 77, np.uint8)
    image = image_of(pixels)
    pixels[:] = 0
    assert image.pixelColor(2, 2) == QColor(77, 77, 77)


def test_an_image_has_alpha_only_if_something_is_transparent() -> None:
    image = QImage(3, 2, QImage.Format.Format_ARGB32)
    image.fill(QColor(200, 100, 50, 128))
    assert pixels_of(image)[0, 0].tolist() == [200, 100, 50, 128]
    image.fill(QColor(200, 100, 50))
    assert pixels_of(image)[0, 0].tolist() == [200, 100, 50]
