"""Rebuilds a picture from a journal. Qt-free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from app.document.source_file import SourceFile, Stamp
from app.storage.formats.assembly import assemble
from app.storage.formats.codec import EditRecord, Json, edit_from_json, get, load, number
from app.storage.formats.contents import Project
from app.storage.formats.raster import Bytes, tiles_of, unpack
from app.storage.journal.log import Kind, Record, scan
from app.storage.journal.recorder import CHANNELS, PATCH_HEAD, PLANES, TILE_HEAD, Plane
from lazydiff_core.contract import Box
from lazydiff_core.errors import ProjectError
from lazydiff_core.images.reading import MAX_PIXELS

_MAX_SIDE = 1_000_000


@dataclass(frozen=True, eq=False)
class Recovered:
    """The last state of a picture, and a sentence for each loss.

    path:  the file that the picture was opened from or saved to.
    saved: the file holds this state, so there is nothing to recover.
    time:  Unix time of the last change.
    prompt: what was typed for the next fill.
    stamp: of the file at `path` when it was last read or written.
    backed_up: files whose state before this picture lies beside them.
    """

    picture: Project
    path: Path | None
    saved: bool
    time: float
    problems: tuple[str, ...] = ()
    prompt: str = ""
    stamp: Stamp | None = None
    backed_up: frozenset[Path] = frozenset()


def read_journal(path: Path) -> Recovered | None:
    """The last complete state in a journal; None if there is none yet. Raises ProjectError."""
    try:
        with path.open("rb") as file:
            records = list(scan(file))
            states = [k for k, record in enumerate(records) if record.kind is Kind.STATE]
            return _Reader(file, records[: states[-1] + 1]).read() if states else None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ProjectError(f"{path} cannot be read: {reason}.") from error


class _Reader:
    """The records up to the last STATE."""

    def __init__(self, file: BinaryIO, records: list[Record]) -> None:
        self._file = file
        self._state = load(records[-1].payload(file))
        self._patches = [record for record in records if record.kind is Kind.PATCH]
        self._pieces = [record for record in records if record.kind is Kind.SOURCE]
        self._tiles: dict[tuple[int, int], Record] = {}
        self._edits: dict[int, Record] = {}
        for record in records:
            if record.kind is Kind.TILE:
                self._tiles[TILE_HEAD.unpack(record.payload(file)[: TILE_HEAD.size])] = record
            elif record.kind is Kind.EDIT:
                self._edits[get(load(record.payload(file)), "number", int)] = record

    def read(self) -> Recovered:
        state = self._state
        height, width = (int(number(state, side, 1, _MAX_SIDE)) for side in ("height", "width"))
        if height * width > MAX_PIXELS:
            raise ProjectError("Its canvas is too large.")
        channels = int(number(state, "channels", 3, 4)) if "channels" in state else 3
        base = self._fetch(get(state, "base", int), (height, width, channels))
        stack, problems = assemble(base, self._records((height, width)), self._fetch)
        planes = self._planes((height, width))
        sketch = planes["sketch"] if state.get("sketch") is True else None
        if state.get("sketch_used") is True:  # how earlier versions mark a spent sketch
            sketch = None
        picture = Project(
            stack=stack,
            cover=planes["cover"][..., 0],
            filled=get(state, "filled", bool),
            sketch=sketch,
            view=_view(state),
            source=self._source(state.get("source")),
        )
        name = state.get("path")
        return Recovered(
            picture=picture,
            path=Path(name) if isinstance(name, str) else None,
            saved=get(state, "saved", bool),
            time=number(state, "time", 0, 1e11),
            problems=tuple(problems),
            prompt=get(state, "prompt", str) if "prompt" in state else "",
            stamp=_stamp(state.get("stamp")),
            backed_up=frozenset(map(Path, _texts(state.get("backed_up")))),
        )

    def _source(self, name: object) -> SourceFile | None:
        if not isinstance(name, str):
            return None
        return SourceFile(name, b"".join(piece.payload(self._file) for piece in self._pieces))

    def _records(self, size: tuple[int, int]) -> Iterator[tuple[int, EditRecord]]:
        for place, key in enumerate(get(self._state, "edits", list)):
            if key not in self._edits:
                raise ProjectError("The journal lacks one of its edits.")
            found = load(self._edits[key].payload(self._file))
            yield place, edit_from_json(found, size)

    def _fetch(self, key: int, shape: tuple[int, int, int]) -> Bytes:
        pixels = np.empty(shape, np.uint8)
        for tile, box in enumerate(tiles_of(shape)):
            record = self._tiles.get((key, tile))
            if record is None:
                raise ProjectError("Some pixels are missing.")
            packed = record.payload(self._file)[TILE_HEAD.size :]
            pixels[box.slices] = unpack(packed, (*box.shape, shape[2]))
        return pixels

    def _planes(self, size: tuple[int, int]) -> dict[Plane, Bytes]:
        planes = {name: np.zeros((*size, CHANNELS[name]), np.uint8) for name in PLANES}
        for record in self._patches:
            payload = record.payload(self._file)
            plane, box = _where(payload, size)
            packed = payload[PATCH_HEAD.size :]
            planes[plane][box.slices] = unpack(packed, (*box.shape, CHANNELS[plane]))
        return planes


def _where(payload: bytes, size: tuple[int, int]) -> tuple[Plane, Box]:
    if len(payload) < PATCH_HEAD.size:
        raise ProjectError("The journal is damaged.")
    plane, *sides = PATCH_HEAD.unpack(payload[: PATCH_HEAD.size])
    box = Box(*sides)
    if plane >= len(PLANES) or not Box.of(size).contains(box):
        raise ProjectError("The journal is damaged.")
    return PLANES[plane], box


def _stamp(found: object) -> Stamp | None:
    whole = isinstance(found, list) and [type(value) for value in found] == [int, int]
    return Stamp(*found) if whole and isinstance(found, list) else None


def _texts(found: object) -> list[str]:
    return [text for text in found if isinstance(text, str)] if isinstance(found, list) else []


def _view(state: Json) -> dict[str, float]:
    view = state.get("view")
    items = view.items() if isinstance(view, dict) else ()
    return {key: float(value) for key, value in items if type(value) in (int, float)}
