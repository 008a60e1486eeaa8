"""The project file: an SQLite database of a few tables. docs/project-format.md describes it.

This module holds what reader and writer share.
"""

from __future__ import annotations

import zlib

from app.storage.formats.codec import Json, dump, is_plain, load
from app.storage.formats.contents import Project
from lazydiff_core.errors import ProjectError

SUFFIX = ".lazydiff"
APPLICATION_ID = 0x4C5A4446  # "LZDF", where file(1) looks
VERSION = 3  # edits are layers

TABLES = {
    "picture": "CREATE TABLE picture(json TEXT NOT NULL, crc INTEGER NOT NULL)",
    "edit": "CREATE TABLE edit(place INTEGER PRIMARY KEY, json TEXT NOT NULL,"
    " crc INTEGER NOT NULL)",
    "raster": "CREATE TABLE raster(id INTEGER PRIMARY KEY, height INTEGER NOT NULL,"
    " width INTEGER NOT NULL, channels INTEGER NOT NULL, first INTEGER NOT NULL)",
    "tile": "CREATE TABLE tile(id INTEGER PRIMARY KEY, data BLOB NOT NULL)",
}
# Only in files that have one.
SOURCE_TABLE = "CREATE TABLE source(place INTEGER PRIMARY KEY, data BLOB NOT NULL)"
SOURCE_PIECE = 2**20  # bytes in a row of it

# The decompressed size may be this many bytes, plus so many for each byte of the file. A small file
# that would decompress to more than the memory holds is neither read nor written.
FREE_BYTES = 512 * 2**20
MAX_RATIO = 10


def most_bytes(file_bytes: int) -> int:
    """The most bytes that a file of this size may decompress to."""
    return FREE_BYTES + MAX_RATIO * file_bytes


def readable_from(project: Project) -> int:
    """The lowest version of a reader that shows a project as it is."""
    if not all(is_plain(edit) for edit in project.stack.edits):
        return 3
    return 1 if project.channels == 3 else 2


def version_of(project: Project) -> int:
    """The lowest version that can read all of a project."""
    if any(edit.name or edit.made_on for edit in project.stack.edits):
        return 3
    return readable_from(project) if project.source is None else max(2, readable_from(project))


def sealed(value: Json) -> tuple[str, int]:
    """JSON text and its checksum."""
    text = dump(value)
    return text, zlib.crc32(text.encode())


def unsealed(text: object, crc: object) -> Json:
    """The inverse of `sealed`; raises ProjectError."""
    if not isinstance(text, str) or zlib.crc32(text.encode("utf-8", "replace")) != crc:
        raise ProjectError("Its description is damaged.")
    return load(text)
