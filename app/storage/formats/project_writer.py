"""Writing a project array by array and tile by tile, to keep memory small."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from itertools import count
from pathlib import Path

from app.document.source_file import SourceFile
from app.storage.formats.codec import Json, edit_to_json
from app.storage.formats.contents import USUAL, Project, Saving
from app.storage.formats.project import (
    APPLICATION_ID,
    FREE_BYTES,
    MAX_RATIO,
    SOURCE_PIECE,
    SOURCE_TABLE,
    TABLES,
    readable_from,
    sealed,
    version_of,
)
from app.storage.formats.raster import Pixels, crc_of, pack, planes_of, tiles_of
from lazydiff_core.errors import TargetError
from lazydiff_core.storage.safe_files import replacing


def write_project(picture: Project, path: Path, saving: Saving = USUAL) -> None:
    """Write a project to `path`; raises TargetError."""
    with replacing(path, backup=saving.backup) as temporary:
        try:
            with closing(sqlite3.connect(temporary, isolation_level=None)) as database:
                _Writer(database, picture).write()
        except sqlite3.Error as error:
            raise TargetError(f"{path} cannot be written: {error}.") from error


class _Writer:
    """One database being filled."""

    def __init__(self, database: sqlite3.Connection, picture: Project) -> None:
        self._database = database
        self._picture = picture
        self._rasters: dict[int, int] = {}  # array numbers, keyed by `id`
        self._tile = count(1)
        self._dense = picture.stored_bytes > FREE_BYTES

    def write(self) -> None:
        # The file is new and invisible until complete, so it needs no rollback journal, and
        # `replacing` syncs it once at the end.
        for pragma in ("journal_mode=OFF", "synchronous=OFF"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute(f"PRAGMA application_id={APPLICATION_ID}")
        self._database.execute(f"PRAGMA user_version={version_of(self._picture)}")
        self._database.execute("BEGIN")
        for statement in TABLES.values():
            self._database.execute(statement)
        for place, edit in enumerate(self._picture.stack.edits):
            row = (place, *sealed(edit_to_json(edit, self._number_of)))
            self._database.execute("INSERT INTO edit VALUES (?, ?, ?)", row)
        self._write_source(self._picture.source)
        self._database.execute("INSERT INTO picture VALUES (?, ?)", sealed(self._description()))
        self._database.execute("COMMIT")

    def _description(self) -> Json:
        picture = self._picture
        height, width = picture.size
        sketch = picture.sketch
        return {
            "readable_from": readable_from(picture),
            "width": width,
            "height": height,
            "channels": picture.channels,
            "base": self._number_of(picture.stack.base),
            "cover": self._number_of(picture.cover),
            "sketch": None if sketch is None else self._number_of(sketch),
            "filled": picture.filled,
            "sketch_used": False,  # earlier versions require it
            "view": dict(picture.view),
            "edits": len(picture.stack.edits),
            "source": _described(picture.source),
            "pixels_crc": crc_of(picture.pixels()),
        }

    def _write_source(self, source: SourceFile | None) -> None:
        if source is None:
            return
        self._database.execute(SOURCE_TABLE)
        for place, start in enumerate(range(0, len(source.data), SOURCE_PIECE)):
            row = (place, source.data[start : start + SOURCE_PIECE])
            self._database.execute("INSERT INTO source VALUES (?, ?)", row)

    def _number_of(self, pixels: Pixels) -> int:
        """Write an array, unless already written; returns its number."""
        key = id(pixels)
        if key not in self._rasters:
            self._rasters[key] = len(self._rasters) + 1
            self._write_raster(self._rasters[key], pixels)
        return self._rasters[key]

    def _write_raster(self, number: int, pixels: Pixels) -> None:
        planes = planes_of(pixels)
        first = None
        for box in tiles_of(planes.shape):
            tile, pixels_here = next(self._tile), planes[box.slices]
            first = tile if first is None else first
            least = -(-pixels_here.nbytes // MAX_RATIO) if self._dense else 0
            packed = pack(pixels_here, least)
            self._database.execute("INSERT INTO tile VALUES (?, ?)", (tile, packed))
        row = (number, *planes.shape, first)
        self._database.execute("INSERT INTO raster VALUES (?, ?, ?, ?, ?)", row)


def _described(source: SourceFile | None) -> Json | None:
    if source is None:
        return None
    return {"name": source.name, "bytes": len(source.data), "crc": zlib.crc32(source.data)}
