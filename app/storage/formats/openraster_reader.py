"""Reading an OpenRaster archive that may be damaged or malicious.

Only three entries are read, by name and in memory: nothing is unpacked to the disk. Their sizes
are checked before they are decompressed, and the list of layers may define no XML entities.
"""

from __future__ import annotations

import lzma
import struct
import zlib
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

import numpy as np

from app.document.edits import EditStack
from app.storage.formats.contents import Opened, Project
from app.storage.formats.openraster import MERGED, MIMETYPE, STACK
from lazydiff_core.errors import ImageError
from lazydiff_core.images.image_files import MAX_PIXELS, read_image

_MAX_ENTRIES = 20_000
_MAX_LIST = 4 * 2**20
_FREE_BYTES = 2**20
_END, _END_BYTES, _MAX_COMMENT = b"PK\x05\x06", 22, 2**16
# Exceptions of zipfile for damaged or encrypted archives and unknown compression methods.
_FAULTS = (
    *(BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(ArithmeticError, EOFError, LookupError, OSError, RuntimeError, ValueError),
)


def read_openraster(path: Path) -> Opened:
    """The merged picture of an archive; raises ImageError if there is none.

    The separate layers are not read.
    """
    try:
        with path.open("rb") as file:
            _check_entries(path, file)
            with ZipFile(file) as archive:
                return _Reader(path, archive).read()
    except FileNotFoundError as error:
        raise ImageError(f"There is no image {path}: check the name.") from error
    except _FAULTS as error:
        raise _damaged(path, str(error) or type(error).__name__) from error


class _Reader:
    """One archive being read."""

    def __init__(self, path: Path, archive: ZipFile) -> None:
        self._path, self._archive = path, archive

    def read(self) -> Opened:
        if self._bytes("mimetype", len(MIMETYPE) + 2).strip() != MIMETYPE:
            raise ImageError(f"{self._path} is no OpenRaster picture: open it as what it is.")
        width, height, layers = _listed(self._path, self._bytes(STACK, _MAX_LIST))
        # Twice the bytes of 16-bit RGBA pixels: no PNG of this size is larger.
        entry = self._entry(MERGED, 16 * width * height + _FREE_BYTES)
        with self._archive.open(entry) as file:
            pixels = read_image(self._path, file)
        if pixels.shape != (height, width, 3):
            raise _damaged(self._path, "its merged picture is of another size than its canvas")
        picture = Project(EditStack(pixels), np.zeros(pixels.shape[:2], np.uint8))
        aside = f"{self._path.name} has {layers} layers: you see them merged, the file keeps them."
        return Opened(picture, aside=aside if layers > 1 else "")

    def _bytes(self, name: str, most: int) -> bytes:
        return self._archive.read(self._entry(name, most))

    def _entry(self, name: str, most: int) -> ZipInfo:
        """The only entry of a name; zipfile never yields more bytes than the size it declares."""
        found = [entry for entry in self._archive.infolist() if entry.filename == name]
        if len(found) != 1:
            why = f"it has {name} twice" if found else f"it has no {name}"
            raise _damaged(self._path, why)
        if found[0].file_size > most:
            raise _damaged(self._path, f"its {name} is far too large")
        return found[0]


def _check_entries(path: Path, file: BinaryIO) -> None:
    """Reject an archive with so many entries that their names alone would fill the memory."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_BYTES - _MAX_COMMENT))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_BYTES:
        raise _damaged(path, "it is no archive, or cut off")
    (entries,) = struct.unpack_from("<H", tail, at + 10)
    (listed,) = struct.unpack_from("<I", tail, at + 12)
    if entries > _MAX_ENTRIES or listed > _MAX_ENTRIES * 256:
        raise _damaged(path, "it has far too many entries")


def _listed(path: Path, text: bytes) -> tuple[int, int, int]:
    """Width, height and number of layers in the list of layers."""
    sizes: list[tuple[int, int]] = []
    layers = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal layers
        if name == "image" and not sizes:
            sizes.append((int(attributes["w"]), int(attributes["h"])))
        layers += name == "layer"

    def refuse(*_declared: object) -> None:
        raise ImageError(f"{path} defines a document type of its own, so it is not read.")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text, True)
        width, height = sizes[0]
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise _damaged(path, "its list of layers is not readable") from error
    if min(width, height) < 1 or width * height > MAX_PIXELS:
        raise ImageError(f"{path} has {width}x{height} pixels: that is none, or far too many.")
    return width, height, layers


def _damaged(path: Path, why: str) -> ImageError:
    return ImageError(f"{path} cannot be read as OpenRaster: {why}.")
