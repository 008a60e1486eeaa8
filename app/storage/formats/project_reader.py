"""Reading a project that may be damaged or malicious.

SQLite may run only SELECTs on a few plain tables; every row carries a checksum; nothing is
decompressed before its size is known to be within `project.most_bytes`. Losses are reported, and
everything readable is kept.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from app.document.source_file import SourceFile
from app.storage.formats.assembly import assemble
from app.storage.formats.codec import EditRecord, Json, edit_from_json, get, number
from app.storage.formats.contents import Opened, Project
from app.storage.formats.project import (
    APPLICATION_ID,
    SOURCE_PIECE,
    TABLES,
    VERSION,
    most_bytes,
    unsealed,
)
from app.storage.formats.raster import Bytes, crc_of, tiles_of, unpack
from lazydiff_core.errors import ProjectError
from lazydiff_core.images.reading import MAX_PIXELS

_MAGIC = b"SQLite format 3\x00"
_ID_AT, _HEADER = 68, 100
_MAX_ROW = 4 * 2**20
_MAX_STEPS = 1_000_000  # of SQLite's virtual machine per statement; the longest needs a few dozen
_MAX_EDITS = 100_000
_MAX_NUMBER = 2**31
_MAX_SIDE = 1_000_000
_MAX_NAME = 1000
_READ = {*TABLES, "source"}
# Python decodes SQLite's messages strictly, and they may quote damaged text.
_FAULTS = (sqlite3.Error, UnicodeError)


def read_project(path: Path) -> Opened:
    """Read a project; raises ProjectError if nothing in it can be used."""
    size = _check_header(path)
    # Immutable: SQLite ignores locks and any rollback journal beside the file.
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            _guard(database)
            return _Reader(database, size).read()
    except _FAULTS as error:
        if path.with_name(f"{path.name}~").exists():
            raise ProjectError(
                f"{path.name} cannot be opened: the file is damaged. Try its backup {path.name}~."
            ) from error
        raise ProjectError(f"{path.name} cannot be opened: the file is damaged.") from error
    except ProjectError as error:
        raise ProjectError(f"{path.name} cannot be opened. {error}") from error
    except MemoryError as error:
        raise ProjectError(f"{path.name} is too large for this computer's memory.") from error


def _check_header(path: Path) -> int:
    """The size of the file in bytes; raises ProjectError if its header is not a project's."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER)
        size = path.stat().st_size
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ProjectError(f"{path} cannot be read: {reason}.") from error
    name = head[_ID_AT : _ID_AT + 4]
    if not head.startswith(_MAGIC) or name != APPLICATION_ID.to_bytes(4, "big"):
        raise ProjectError(f"{path.name} is not a LazyDiff project, whatever its name says.")
    return size


def _guard(database: sqlite3.Connection) -> None:
    """Restrict SQLite to the statements of this reader."""
    database.text_factory = lambda text: text.decode("utf-8", "replace")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_ROW)
    database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    database.set_progress_handler(lambda: 1, _MAX_STEPS)
    for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0"):
        database.execute(f"PRAGMA {pragma}")
    found = database.execute("SELECT name, type, sql FROM sqlite_master").fetchmany(1000)
    plain = {
        name
        for name, kind, sql in found
        if kind == "table" and str(sql).upper().startswith("CREATE TABLE")
    }
    if not plain >= TABLES.keys() or any(row[0] in _READ - plain for row in found):
        raise ProjectError("It lacks some of its tables.")
    database.set_authorizer(_may)


def _may(action: int, table: str | None, _1: object, _2: object, inside: str | None) -> int:
    """SQLite's authorizer: allows reading the project's tables, but not via a view or trigger."""
    if action == sqlite3.SQLITE_SELECT and inside is None:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and table in _READ and inside is None:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


class _Reader:
    """One database being read."""

    def __init__(self, database: sqlite3.Connection, file_bytes: int) -> None:
        self._database = database
        self._file_bytes, self._most_bytes = file_bytes, most_bytes(file_bytes)
        self._problems: list[str] = []

    def read(self) -> Opened:
        found = self._description()
        size, channels = _size(found), _channels(found)
        records = list(self._records(found, size))
        self._check_bytes((*size, channels), records)
        base = self._plane("The canvas", get(found, "base", int), (*size, channels), 255)
        cover = self._plane("The mask", get(found, "cover", int), (*size, 1), 0)[..., 0]
        sketch = None
        # Earlier versions hide a sketch that a fill has used; here such a sketch is dropped.
        if found.get("sketch") is not None and found.get("sketch_used") is not True:
            sketch = self._plane("The sketch", get(found, "sketch", int), (*size, 4), 0)
        stack, lost = assemble(base, records, self._fetch)
        self._problems += lost
        filled, source = get(found, "filled", bool), self._source(found.get("source"))
        picture = Project(stack, cover, filled, sketch, _view(found), source)
        if not self._problems and crc_of(picture.pixels()) != found.get("pixels_crc"):
            self._problems.append("Some pixels differ from what was saved.")
        return Opened(picture, tuple(self._problems))

    def _description(self) -> Json:
        row = self._row("SELECT json, crc FROM picture LIMIT 1")
        found = unsealed(*row) if row is not None else {}
        if number(found, "readable_from", 1, _MAX_NUMBER) > VERSION:
            raise ProjectError("It was made by a newer LazyDiff: update this one.")
        if self._newer():
            self._problems.append(
                "It was made by a newer LazyDiff: what this one does not know is left out."
            )
        return found

    def _newer(self) -> bool:
        self._database.set_authorizer(None)
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        self._database.set_authorizer(_may)
        return bool(version > VERSION)

    def _records(self, found: Json, size: tuple[int, int]) -> Iterator[tuple[int, EditRecord]]:
        for place in range(int(number(found, "edits", 0, _MAX_EDITS))):
            try:
                row = self._row("SELECT json, crc FROM edit WHERE place = ?", place)
                if row is None:
                    raise ProjectError("It is missing.")
                yield place, edit_from_json(unsealed(*row), size)
            except ProjectError as error:
                self._problems.append(f"Edit {place + 1} is lost. {error}")

    def _check_bytes(
        self, shape: tuple[int, int, int], records: list[tuple[int, EditRecord]]
    ) -> None:
        height, width, channels = shape
        total = height * width * (channels + 5)
        total += sum(record.stored_bytes(channels) for _, record in records)
        if total > self._most_bytes:
            raise ProjectError("It says that it holds far more than a file of its size can.")

    def _source(self, found: object) -> SourceFile | None:
        """The file that the picture was opened from; None if there is none or it is damaged."""
        if found is None:
            return None
        try:
            if not isinstance(found, dict):
                raise ProjectError("Its description is damaged.")
            name, size = get(found, "name", str)[:_MAX_NAME], get(found, "bytes", int)
            if size > self._file_bytes:
                raise ProjectError("It says that it is larger than all of the file.")
            data = b"".join(self._piece(place) for place in range(-(-size // SOURCE_PIECE)))
            if len(data) != size or zlib.crc32(data) != get(found, "crc", int):
                raise ProjectError("Its contents are damaged.")
        except ProjectError as error:
            self._problems.append(
                f"The file that the picture was opened from is lost, so its own colors, depth and "
                f"metadata are. {error}"
            )
            return None
        return SourceFile(name, data)

    def _piece(self, place: int) -> bytes:
        row = self._row("SELECT data FROM source WHERE place = ?", place)
        if row is None or not isinstance(row[0], bytes) or len(row[0]) > SOURCE_PIECE:
            raise ProjectError("Some of it is missing.")
        return row[0]

    def _plane(self, name: str, key: int, shape: tuple[int, int, int], blank: int) -> Bytes:
        """An array of canvas size; lost tiles are filled with `blank`."""
        pixels = np.full(shape, blank, np.uint8)
        lost = ""
        try:
            for box, tile in self._tiles(key, shape):
                if isinstance(tile, ProjectError):
                    lost = str(tile)
                else:
                    pixels[box.slices] = tile
        except ProjectError as error:
            lost = str(error)
        if lost:
            self._problems.append(f"{name} has holes. {lost}")
        return pixels

    def _fetch(self, key: int, shape: tuple[int, int, int]) -> Bytes:
        """An array that is useless unless complete; raises ProjectError if a tile is lost."""
        pixels = np.empty(shape, np.uint8)
        for box, tile in self._tiles(key, shape):
            if isinstance(tile, ProjectError):
                raise tile
            pixels[box.slices] = tile
        return pixels

    def _tiles(self, key: int, shape: tuple[int, int, int]) -> Iterator[tuple[Any, Any]]:
        """The box of each tile with its pixels, or with the error in it."""
        first = self._first(key, shape)
        for tile, box in enumerate(tiles_of(shape), first):
            try:
                row = self._row("SELECT data FROM tile WHERE id = ?", tile)
                if row is None or not isinstance(row[0], bytes):
                    raise ProjectError("Some pixels are missing.")
                yield box, unpack(row[0], (*box.shape, shape[2]))
            except ProjectError as error:
                yield box, error

    def _first(self, key: int, shape: tuple[int, int, int]) -> int:
        if not 0 < key < _MAX_NUMBER:
            raise ProjectError("Some pixels are missing.")
        row = self._row("SELECT height, width, channels, first FROM raster WHERE id = ?", key)
        if row is None or tuple(row[:3]) != shape or not isinstance(row[3], int):
            raise ProjectError("Some pixels are missing.")
        if not 0 < row[3] < _MAX_NUMBER:
            raise ProjectError("Some pixels are missing.")
        return row[3]

    def _row(self, query: str, *values: int) -> tuple[Any, ...] | None:
        try:
            row: tuple[Any, ...] | None = self._database.execute(query, values).fetchone()
            return row
        except _FAULTS as error:
            raise ProjectError(f"The file is damaged there ({error}).") from error


def _size(found: Json) -> tuple[int, int]:
    """Height and width."""
    height, width = (number(found, side, 1, _MAX_SIDE) for side in ("height", "width"))
    if height * width > MAX_PIXELS:
        raise ProjectError("Its canvas is too large.")
    return get(found, "height", int), get(found, "width", int)


def _channels(found: Json) -> int:
    """3 or 4; files of version 1 do not say."""
    channels = found.get("channels", 3)
    if type(channels) is not int or channels not in (3, 4):
        raise ProjectError("Its pixels are of an unknown kind.")
    return channels


def _view(found: Json) -> dict[str, float]:
    """The valid entries of the view state; invalid ones are dropped without a report."""
    view = found.get("view")
    items = view.items() if isinstance(view, dict) else ()
    return {
        key: float(value)
        for key, value in items
        if type(value) in (int, float) and -_MAX_NUMBER < value < _MAX_NUMBER
    }
