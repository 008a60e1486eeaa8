"""Pictures in zip archives, OpenRaster's and Krita's, which may be damaged or hostile.

Entries are read by name and in memory: nothing is unpacked to the disk. Their sizes are checked
before they are decompressed, and a list of layers may define no XML entities.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from lazydiff_core.errors import ImageError

MIMETYPES = {b"image/openraster": "OpenRaster", b"application/x-krita": "Krita"}
MERGED, STACK = "mergedimage.png", "stack.xml"
_MAX_ENTRIES = 20_000
_MAX_LIST = 4 * 2**20
_FREE_BYTES = 2**20
_UNREADABLE = (BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
_END, _END_BYTES, _MAX_COMMENT = b"PK\x05\x06", 22, 2**16


@dataclass(frozen=True, eq=False)
class Archive:
    """An archive of a picture. name: "OpenRaster" or "Krita"."""

    path: Path
    zip: ZipFile
    name: str

    def has(self, entry: str) -> bool:
        return any(row.filename == entry for row in self.zip.infolist())

    def picture(self, entry: str, most_pixels: int) -> bytes:
        """The bytes of a PNG of at most so many pixels; ImageError for more."""
        # Twice the bytes of 16-bit RGBA pixels: no PNG of this size is larger.
        return self._bytes(entry, 16 * most_pixels + _FREE_BYTES)

    def listed(self) -> ElementTree.Element:
        """OpenRaster's list of layers."""
        text = self._bytes(STACK, _MAX_LIST)
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            parser.Parse(text, True)
            return ElementTree.fromstring(text)
        except (expat.ExpatError, ElementTree.ParseError) as error:
            raise self.damaged("its list of layers is not readable") from error

    def damaged(self, why: str) -> ImageError:
        return ImageError(f"{self.path} cannot be read as {self.name}: {why}.")

    def _refuse(self, *_declared: object) -> None:
        raise ImageError(f"{self.path} defines a document type of its own, so it is not read.")

    def _bytes(self, name: str, most: int) -> bytes:
        entry = self._entry(name, most)
        with _readable(self.path):
            return self.zip.read(entry)

    def _entry(self, name: str, most: int) -> ZipInfo:
        """The only entry of a name; zipfile never yields more bytes than the size it declares."""
        found = [entry for entry in self.zip.infolist() if entry.filename == name]
        if len(found) != 1:
            raise self.damaged(f"it has {name} twice" if found else f"it has no {name}")
        if found[0].file_size > most:
            raise self.damaged(f"its {name} is far too large")
        return found[0]


def archive_of(data: bytes, path: Path) -> Archive:
    """The archive in a file's contents; ImageError if it is one of something else."""
    _check_entries(path, data)
    with _readable(path):
        archive = ZipFile(BytesIO(data))
        row = next((row for row in archive.infolist() if row.filename == "mimetype"), None)
        kind = archive.read(row).strip() if row is not None and row.file_size < 100 else b""
    if kind not in MIMETYPES:
        raise ImageError(f"{path} is a ZIP archive and no picture: unpack it first.")
    return Archive(path, archive, MIMETYPES[kind])


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """ImageError for what zipfile raises on damaged, encrypted and unknown archives."""
    try:
        yield
    except _UNREADABLE as error:
        raise ImageError(f"{path} is a damaged archive: it cannot be unpacked.") from error


def _check_entries(path: Path, data: bytes) -> None:
    """Reject an archive with so many entries that their names alone would fill the memory."""
    tail = data[-_END_BYTES - _MAX_COMMENT :]
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_BYTES:
        raise ImageError(f"{path} is a damaged archive: it is cut off.")
    (entries,) = struct.unpack_from("<H", tail, at + 10)
    (listed,) = struct.unpack_from("<I", tail, at + 12)
    if entries > _MAX_ENTRIES or listed > _MAX_ENTRIES * 256:
        raise ImageError(f"{path} is a damaged archive: it has far too many entries.")
