"""The project file: an SQLite database of four tables. docs/project-format.md describes it.

This module holds what reader and writer share. Source: ours.
"""

from __future__ import annotations

import zlib

from app.storage.formats.codec import Json, dump, load
from lazydiff_core.errors import ProjectError

SUFFIX = ".lazydiff"
APPLICATION_ID = 0x4C5A4446  # "LZDF", where file(1) looks for it
VERSION = 1
# The lowest version of the reader that can make something of what is written now.
READABLE_FROM = 1

TABLES = {
    "picture": "CREATE TABLE picture(json TEXT NOT NULL, crc INTEGER NOT NULL)",
    "edit": "CREATE TABLE edit(place INTEGER PRIMARY KEY, json TEXT NOT NULL,"
    " crc INTEGER NOT NULL)",
    "raster": "CREATE TABLE raster(id INTEGER PRIMARY KEY, height INTEGER NOT NULL,"
    " width INTEGER NOT NULL, channels INTEGER NOT NULL, first INTEGER NOT NULL)",
    "tile": "CREATE TABLE tile(id INTEGER PRIMARY KEY, data BLOB NOT NULL)",
}

# A file may unfold to this many bytes, and to so many more for each byte it has itself: small
# files that unfold to more than memory holds are refused, and never written.
FREE_BYTES = 512 * 2**20
MOST_RATIO = 10


def most_bytes(file_bytes: int) -> int:
    """How much a file of this size may unfold to."""
    return FREE_BYTES + MOST_RATIO * file_bytes


def sealed(value: Json) -> tuple[str, int]:
    """JSON text and the checksum that goes with it."""
    text = dump(value)
    return text, zlib.crc32(text.encode())


def unsealed(text: object, crc: object) -> Json:
    """The inverse of `sealed`; raises ProjectError."""
    if not isinstance(text, str) or zlib.crc32(text.encode("utf-8", "replace")) != crc:
        raise ProjectError("Its description is damaged.")
    return load(text)
