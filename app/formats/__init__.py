"""The kinds of file that a picture can be opened from and saved to. Qt-free.

FORMATS is the registry: a format is a module and a line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.edits import EditStack
from app.formats.picture import Picture
from app.formats.project import SUFFIX
from app.formats.project_reader import Opened, read_project
from app.formats.project_writer import write_project
from lazydiff_core.errors import TargetError
from lazydiff_core.files import write_files
from lazydiff_core.images import encode, read_image


@dataclass(frozen=True)
class Format:
    """A kind of file.

    suffixes: lower case, with their dot; the first is the usual one.
    write:    replaces a file by a picture, keeping a backup; raises TargetError.
    """

    name: str
    suffixes: tuple[str, ...]
    write: Callable[[Picture, Path], None]


def _write_pixels(picture: Picture, path: Path) -> None:
    write_files({path: encode(picture.pixels(), path)}, backup=True)


FORMATS = (
    Format("LazyDiff project", (SUFFIX,), write_project),
    Format("PNG", (".png",), _write_pixels),
    Format("JPEG", (".jpg", ".jpeg"), _write_pixels),
    Format("WebP", (".webp",), _write_pixels),
)
WRITABLE = tuple(suffix for row in FORMATS for suffix in row.suffixes)
READABLE = (*WRITABLE, ".bmp", ".tif", ".tiff", ".gif", ".ppm", ".tga")


def format_of(path: Path) -> Format:
    """The format that the suffix of a name stands for; raises TargetError."""
    suffix = path.suffix.lower()
    for row in FORMATS:
        if suffix in row.suffixes:
            return row
    raise TargetError(f"{path.name} names no format to write: end it in {', '.join(WRITABLE)}.")


def read(path: Path) -> Opened:
    """A picture from any file that can be opened.

    Raises ProjectError or ImageError where nothing of it can be used.
    """
    if path.suffix.lower() == SUFFIX:
        return read_project(path)
    pixels = read_image(path)
    return Opened(Picture(EditStack(pixels), np.zeros(pixels.shape[:2], np.uint8)))


def write(picture: Picture, path: Path) -> None:
    """Save a picture in the format of its name; raises TargetError, leaving `path` as it was."""
    format_of(path).write(picture, path)
