"""The file formats that a picture can be opened from and saved to. Qt-free.

FORMATS is the registry: a new format is a module, and a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.document.edits import Edit
from app.storage.formats import openraster
from app.storage.formats.contents import USUAL, Opened, Project, Saving
from app.storage.formats.openraster import write_openraster
from app.storage.formats.openraster_reader import read_openraster
from app.storage.formats.plain import losses as plain_losses
from app.storage.formats.plain import read_plain, write_plain
from app.storage.formats.project import SUFFIX
from app.storage.formats.project_reader import read_project
from app.storage.formats.project_writer import write_project
from app.ui.marking import QT_TRANSLATE_NOOP
from lazydiff_core.device_faults import typed_faults
from lazydiff_core.errors import TargetError


@dataclass(frozen=True)
class Format:
    """A file format.

    suffixes: lower case, with the dot; the first is the default.
    write:    writes a picture over a file; raises TargetError.
    read:     raises ProjectError or ImageError if nothing in the file can be used.
    is_flat:  it holds the pixels alone: neither history nor sketch are read back.
    has_layers: but for that it holds what was painted: layers with one picture each, the sketch.
    exact:    lossless: every pixel is read as it was written.
    """

    name: str
    suffixes: tuple[str, ...]
    write: Callable[[Project, Path, Saving], None] = write_plain
    read: Callable[[Path], Opened] = read_plain
    is_flat: bool = True
    has_layers: bool = False
    exact: bool = True

    @property
    def is_plain(self) -> bool:
        """Whether it is written as pixels and metadata, without any layers."""
        return self.write is write_plain


_PROJECT = QT_TRANSLATE_NOOP("Dialogs", "LazyDiff project")
_LAYERED = QT_TRANSLATE_NOOP("Dialogs", "OpenRaster, with layers")
FORMATS = (
    Format(_PROJECT, (SUFFIX,), write_project, read_project, is_flat=False),
    Format("PNG", (".png",)),
    Format("JPEG", (".jpg", ".jpeg"), exact=False),
    Format("WebP", (".webp",)),
    Format("TIFF", (".tif", ".tiff")),
    Format("AVIF", (".avif",), exact=False),
    Format(_LAYERED, (openraster.SUFFIX,), write_openraster, read_openraster, has_layers=True),
)
WRITABLE = tuple(suffix for row in FORMATS for suffix in row.suffixes)
_READ_ONLY = (
    ".bmp",
    ".gif",
    ".ppm",
    ".pgm",
    ".pbm",
    ".tga",
    ".jp2",
    ".j2k",
    ".psd",
    ".qoi",
    ".kra",
)
_BY_PLUGIN = (".heic", ".heif", ".jxl")  # a sentence says what is missing
READABLE = (*WRITABLE, *_READ_ONLY, *_BY_PLUGIN)
# Formats of pixels alone: such a file may also be meant as a mask or a sketch.
FLAT = tuple(suffix for suffix in READABLE if suffix not in (SUFFIX, openraster.SUFFIX))


def format_of(path: Path) -> Format:
    """The format of a file name, by its suffix; raises TargetError if there is none."""
    row = _row_of(path)
    if row is None:
        raise TargetError(f"{path.name} names no format to write: end it in {', '.join(WRITABLE)}.")
    return row


def is_flat(path: Path, edits: Sequence[Edit] | None = None) -> bool:
    """Whether a file of this name holds the pixels alone, without history and sketch.

    edits: that are to be kept; None = whatever they are.
    """
    row = _row_of(path)
    if row is not None and row.has_layers and edits is not None:
        return any(edit.recipe is not None or len(edit.variants) > 1 for edit in edits)
    return row is None or row.is_flat


def read(path: Path) -> Opened:
    """Read a picture from a file of any format.

    Raises ProjectError or ImageError if nothing in it can be used, and OutOfMemoryError.
    """
    row = _row_of(path)
    with typed_faults():
        return read_plain(path) if row is None else row.read(path)


def losses(project: Project, path: Path) -> tuple[str, ...]:
    """What a file of this name cannot keep of the pixels and of what the artist brought.

    Each in plain words. Raises TargetError if it cannot hold the picture at all.
    """
    row = format_of(path)
    if not row.is_flat:
        return ()
    lost = list(plain_losses(project, path)) if row.is_plain else []
    if not row.is_plain and project.source is not None:
        lost.append("the metadata, depth and colors of the file that was opened")
    if not row.exact:
        lost.append(f"exact pixels: {row.name} compresses all of them")
    return tuple(lost)


def write(project: Project, path: Path, saving: Saving = USUAL) -> bool:
    """Save a picture in the format of its name; raises TargetError, leaving `path` as it was.

    Returns whether the recipes of its fills were written into a plain picture.
    """
    row = format_of(path)
    told = saving.recipes and row.is_plain and bool(project.stack.edits)
    row.write(project, path, replace(saving, recipes=told))
    return told


def _row_of(path: Path) -> Format | None:
    suffix = path.suffix.lower()
    return next((row for row in FORMATS if suffix in row.suffixes), None)
