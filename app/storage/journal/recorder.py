"""Turns changes of a picture into records of the log. Qt-free.

TILE   array number, tile number and packed pixels; every array is written once.
EDIT   edit number and the edit as JSON, which refers to arrays by number.
PATCH  the current pixels of a part of the mask's cover or of the sketch.
SOURCE a piece of the file that the picture was opened from; in order they are its contents.
STATE  JSON: everything small, and the numbers of base and edits. The records before a STATE count
       only once the STATE is complete, so a change is recovered as a whole or not at all.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from typing import Any, Literal, TypeAlias
from weakref import WeakKeyDictionary, ref

import numpy.typing as npt

from app.document.edits import Edit
from app.document.source_file import SourceFile
from app.storage.formats import raster
from app.storage.formats.codec import Json, dump, edit_to_json
from app.storage.formats.raster import Bytes, pack, planes_of, tiles_of
from app.storage.journal.log import Appendable, Kind, Log
from lazydiff_core.contract import Box, Pixels

Plane: TypeAlias = Literal["cover", "sketch"]
PLANES: tuple[Plane, ...] = ("cover", "sketch")
CHANNELS: dict[Plane, int] = {"cover": 1, "sketch": 4}
TILE_HEAD = struct.Struct("<II")
_PIECE = 2**20  # bytes
PATCH_HEAD = struct.Struct("<BIIII")


@dataclass(frozen=True, eq=False)
class Patch:
    """A private copy, (h, w, c) uint8, of the part of a plane at `box`."""

    plane: Plane
    box: Box
    pixels: Bytes


@dataclass(frozen=True, eq=False)
class Change:
    """The edits of a picture, and everything else that has changed since the last change.

    base:  (H, W, c) uint8 below all edits, in the first change; None = as in the last change.
    source: the file that the base was opened from, in the first change; None = it says no more.
    state: the entries that go into the STATE unchanged.
    """

    base: Pixels | None
    edits: tuple[Edit, ...]
    patches: tuple[Patch, ...] = ()
    state: Mapping[str, Any] = field(default_factory=dict)
    source: SourceFile | None = None


class Recorder:
    """Writes changes to one log. Raises OSError; then the log is unusable."""

    def __init__(self, file: Appendable) -> None:
        self._log = Log(file)
        # Weak references, so that the recorder keeps no array in memory.
        self._edits: WeakKeyDictionary[Edit, int] = WeakKeyDictionary()
        self._arrays: dict[int, tuple[ref[npt.NDArray[Any]], int]] = {}
        self._canvas: Json = {}
        self._written = 0

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return self._log.size

    def write(self, change: Change) -> None:
        """Write a change; it is durable after the next `sync`."""
        if change.base is not None:
            height, width, channels = change.base.shape
            base = self._number_of(change.base)
            self._canvas = {"height": height, "width": width, "channels": channels, "base": base}
            self._write_source(change.source)
        edits = [self._number_of_edit(edit) for edit in change.edits]
        for patch in change.patches:
            self._write_patch(patch)
        state = {**change.state, **self._canvas, "edits": edits}
        self._log.append(Kind.STATE, dump(state).encode())

    def sync(self) -> None:
        self._log.sync()

    def _write_source(self, source: SourceFile | None) -> None:
        if source is None:
            return
        for start in range(0, len(source.data), _PIECE):
            self._log.append(Kind.SOURCE, source.data[start : start + _PIECE])
        self._canvas["source"] = source.name

    def _number_of_edit(self, edit: Edit) -> int:
        number = self._edits.get(edit)
        if number is None:
            row = edit_to_json(edit, self._number_of)
            number = self._edits[edit] = self._next()
            self._log.append(Kind.EDIT, dump({"number": number, **row}).encode())
        return number

    def _number_of(self, pixels: raster.Pixels) -> int:
        known, number = self._arrays.get(id(pixels), (None, 0))
        if known is None or known() is not pixels:
            number = self._next()
            self._arrays[id(pixels)] = ref(pixels), number
            self._write_array(number, planes_of(pixels))
        return number

    def _next(self) -> int:
        self._written += 1
        return self._written

    def _write_array(self, number: int, planes: Bytes) -> None:
        for tile, box in enumerate(tiles_of(planes.shape)):
            head = TILE_HEAD.pack(number, tile)
            self._log.append(Kind.TILE, head + pack(planes[box.slices], quick=True))

    def _write_patch(self, patch: Patch) -> None:
        for part in tiles_of(patch.box.shape):
            place = part.shift(patch.box.left, patch.box.top)
            head = PATCH_HEAD.pack(PLANES.index(patch.plane), *astuple(place))
            packed = pack(patch.pixels[part.slices], quick=True)
            self._log.append(Kind.PATCH, head + packed)
