"""Pictures from other programs, by clipboard or drag, read like files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from app.document.source_file import SourceFile
from app.storage.formats.contents import Opened
from app.storage.formats.plain import opened_picture, read_data
from app.ui.qimage import pixels_of
from lazydiff_core.errors import ImageError
from lazydiff_core.images.picture import Picture
from lazydiff_core.images.reading import check_area

# As files they have profile, depth and alpha; Qt's own form has none of it. The best comes first.
_KINDS = ("image/png", "image/tiff", "image/webp", "image/avif", "image/jpeg", "image/bmp")
_NAME = Path("The copied picture")  # in sentences on what is wrong with it


def holds_picture(data: QMimeData) -> bool:
    """Whether there is a picture in it, of whatever size."""
    return data.hasImage() or any(data.hasFormat(kind) for kind in _KINDS)


def reader_of(data: QMimeData) -> Callable[[], Opened]:
    """What reads the picture in it, on any thread; it raises ImageError, with the reason.

    This itself, which fetches the bytes from the other program, does so, too.
    """
    for kind in _KINDS:
        contents = bytes(data.data(kind).data()) if data.hasFormat(kind) else b""
        if contents:
            return partial(read_data, contents, _NAME)
    image = data.imageData()
    if not isinstance(image, QImage) or image.isNull():
        raise ImageError(
            "The copied picture did not arrive: it may be too large for the clipboard. Save it as "
            "a file and open that."
        )
    check_area(_NAME, image.width(), image.height())
    return partial(opened_picture, Picture(pixels_of(image)), SourceFile(_NAME.name, b""))
