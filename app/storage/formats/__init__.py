"""The file formats that a picture can be opened from and saved to. Qt-free.

FORMATS is the registry: a new format is a module, and a line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.document.edits import EditStack
from app.storage.formats import openraster
from app.storage.formats.contents import Opened, Project
from app.storage.formats.notes import note_of, recipes_in
from app.storage.formats.openraster import write_openraster
from app.storage.formats.openraster_reader import read_openraster
from app.storage.formats.project import SUFFIX
from app.storage.formats.project_reader import read_project
from app.storage.formats.project_writer import write_project
from app.ui.marking import QT_TRANSLATE_NOOP
from lazydiff_core.device_faults import typed_faults
from lazydiff_core.errors import TargetError
from lazydiff_core.images.image_files import encode, read_image, read_note, room_for_note
from lazydiff_core.storage.safe_files import write_files


@dataclass(frozen=True)
class Format:
    """A file format.

    suffixes: lower case, with the dot; the first is the default.
    write:    writes a picture over a file, keeping a backup; raises TargetError.
    read:     raises ProjectError or ImageError if nothing in the file can be used.
    annotate: as `write`, with the recipes of the fills in the file; None = not supported.
    exact:    lossless: every pixel is read as it was written.
    """

    name: str
    suffixes: tuple[str, ...]
    write: Callable[[Project, Path], None]
    read: Callable[[Path], Opened]
    annotate: Callable[[Project, Path], None] | None = None
    exact: bool = True


def _read_pixels(path: Path) -> Opened:
    pixels = read_image(path)
    picture = Project(EditStack(pixels), np.zeros(pixels.shape[:2], np.uint8))
    return Opened(picture, recipes=recipes_in(read_note(path)))


def _write_pixels(picture: Project, path: Path) -> None:
    write_files({path: encode(picture.pixels(), path)}, backup=True)


def _annotate_pixels(picture: Project, path: Path) -> None:
    note = note_of(picture, room_for_note(path))
    write_files({path: encode(picture.pixels(), path, note)}, backup=True)


_PROJECT = QT_TRANSLATE_NOOP("Dialogs", "LazyDiff project")
_LAYERED = QT_TRANSLATE_NOOP("Dialogs", "OpenRaster, with layers")
FORMATS = (
    Format(_PROJECT, (SUFFIX,), write_project, read_project),
    Format("PNG", (".png",), _write_pixels, _read_pixels, _annotate_pixels),
    Format("JPEG", (".jpg", ".jpeg"), _write_pixels, _read_pixels, _annotate_pixels, exact=False),
    Format("WebP", (".webp",), _write_pixels, _read_pixels, _annotate_pixels),
    Format(_LAYERED, (openraster.SUFFIX,), write_openraster, read_openraster),
)
WRITABLE = tuple(suffix for row in FORMATS for suffix in row.suffixes)
READABLE = (*WRITABLE, ".bmp", ".tif", ".tiff", ".gif", ".ppm", ".tga")
# Formats of pixels alone: such a file may also be meant as a mask or a sketch.
FLAT = tuple(suffix for suffix in READABLE if suffix not in (SUFFIX, openraster.SUFFIX))


def format_of(path: Path) -> Format:
    """The format of a file name, by its suffix; raises TargetError if there is none."""
    row = _row_of(path)
    if row is None:
        raise TargetError(f"{path.name} names no format to write: end it in {', '.join(WRITABLE)}.")
    return row


def read(path: Path) -> Opened:
    """Read a picture from a file of any format.

    Raises ProjectError or ImageError if nothing in it can be used, and OutOfMemoryError.
    """
    row = _row_of(path)
    with typed_faults():
        return _read_pixels(path) if row is None else row.read(path)


def write(picture: Project, path: Path, *, telling: bool = False) -> bool:
    """Save a picture in the format of its name; raises TargetError, leaving `path` as it was.

    telling: also write the recipes of its fills, if the format supports them.
    Returns whether the recipes were written.
    """
    row = format_of(path)
    if telling and row.annotate is not None and picture.stack.edits:
        row.annotate(picture, path)
        return True
    row.write(picture, path)
    return False


def _row_of(path: Path) -> Format | None:
    suffix = path.suffix.lower()
    return next((row for row in FORMATS if suffix in row.suffixes), None)
