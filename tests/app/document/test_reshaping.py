"""What becomes of the file that a picture was opened from when its canvas changes shape."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from app.document.document import Document
from app.document.edit_stack import EditStack
from app.document.reshaping import at_size, reshaped
from app.document.source_file import SourceFile
from lazydiff_core.contract import Box
from lazydiff_core.geometry.reshape import Reshape
from lazydiff_core.images.reading import picture_of


def opened(document: Document, name: str, data: bytes) -> None:
    picture = picture_of(data, Path(name))
    document.restore(EditStack(picture.pixels), source=SourceFile(name, data))


def deep() -> tuple[np.ndarray, bytes]:
    samples = np.random.default_rng(0).integers(0, 65535, (30, 40, 3), np.uint16)
    return samples[..., ::-1], cv2.imencode(".png", samples)[1].tobytes()


@pytest.mark.parametrize(
    "how",
    [
        Reshape(Box(5, 3, 30, 28)),
        Reshape(Box(0, 0, 40, 30), 1),
        Reshape(Box(-4, 0, 40, 35), 3, True),
    ],
)
def test_sixteen_bits_follow(document: Document, how: Reshape) -> None:
    samples, data = deep()
    opened(document, "deep.png", data)
    new = reshaped(document.content(), how)
    assert new.source is not None
    picture = picture_of(new.source.data, Path(new.source.name))
    assert np.array_equal(picture.pixels, new.pixels)
    assert picture.original is not None
    assert np.array_equal(picture.original.samples, how.array(samples, 65535))


def test_what_the_file_says_follows(document: Document) -> None:
    exif = Image.Exif()
    exif[0x010E] = "A description"
    buffer = BytesIO()
    Image.new("RGB", (40, 30), "red").save(buffer, "JPEG", exif=exif, dpi=(300, 300))
    opened(document, "photo.jpg", buffer.getvalue())
    new = reshaped(document.content(), Reshape(Box(0, 0, 20, 30)))
    assert new.source is not None
    metadata = picture_of(new.source.data, Path(new.source.name)).metadata
    assert b"A description" in metadata.exif
    assert metadata.dpi == pytest.approx((300, 300), abs=0.1)


def test_scaled_pictures_are_smooth_and_clear_pixels_colour_nothing(document: Document) -> None:
    pixels = np.zeros((40, 60, 4), np.uint8)
    pixels[..., 0] = 255  # red that nobody sees
    pixels[10:30, 20:40] = (0, 0, 255, 255)
    document.replace(pixels)
    small = at_size(document.content(), (20, 30)).pixels
    assert small.shape == (20, 30, 4)
    seen = small[small[..., 3] > 8].astype(int)
    assert (seen[:, 2] > 200).all()
    assert (seen[:, 0] < 40).all()
    large = at_size(document.content(), (80, 120))
    assert large.pixels[40, 60].tolist() == [0, 0, 255, 255]
    assert large.edits == ()
