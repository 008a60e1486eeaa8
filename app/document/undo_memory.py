"""Caps the memory of the undo history by moving arrays to a file, those of distant steps first.

Moved arrays are memory-mapped, so their steps still work, only more slowly. No step is exempt: five
merges of layers as large as the canvas would take several times the cap.
"""

from __future__ import annotations

import logging
import mmap
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Protocol, TypeAlias, cast
from weakref import finalize

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QUndoCommand

from app.document.document import Document
from app.document.edits import Edit, Variant

_log = logging.getLogger(__name__)
# Small enough that the app stays responsive.
_BATCH_BYTES = 32 * 2**20
_REST_MS, _NEXT_MS = 300, 20
Array: TypeAlias = npt.NDArray[Any]


class Heavy(Protocol):
    """An undo step that keeps arrays."""

    def arrays(self) -> Iterable[Array]:
        """The arrays that only this step holds, not the document just before or after it."""

    def move(self, moved: Moved) -> None:
        """Replace the arrays that have moved by their memory-mapped copies."""


class Moved:
    """Maps moved arrays to their memory-mapped copies."""

    def __init__(self, places: dict[int, Array]) -> None:
        self._places = places
        self._edits: dict[int, tuple[Edit, Edit]] = {}  # old, new: the old keeps its id

    def array(self, array: Array) -> Array:
        return self._places.get(id(array), array)

    def edit(self, edit: Edit) -> Edit:
        """The edit on the moved arrays; the same object every time for the same edit."""
        if not any(id(array) in self._places for array in edit.arrays()):
            return edit
        if id(edit) not in self._edits:
            self._edits[id(edit)] = edit, self._copied(edit)
        return self._edits[id(edit)][1]

    def edits(self, edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
        return tuple(self.edit(edit) for edit in edits)

    def _copied(self, edit: Edit) -> Edit:
        values = {row.name: getattr(edit, row.name) for row in fields(edit)}
        arrays: dict[str, Any] = {
            name: self.array(value)
            for name, value in values.items()
            if isinstance(value, np.ndarray)
        }
        variants = tuple(self._variant(variant) for variant in edit.variants)
        return replace(edit, variants=variants, **arrays)

    def _variant(self, variant: Variant) -> Variant:
        matte = None if variant.matte is None else self.array(variant.matte)
        cutout = variant.cutout
        if cutout is not None:
            cutout = replace(cutout, pixels=self.array(cutout.pixels))
        return Variant(self.array(variant.pixels), variant.seed, matte, cutout)


class Scratch:
    """An unnamed temporary file in `folder` that disappears when the program ends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - open as long as we are
        finalize(self, self._file.close)
        self._end = 0

    def put(self, arrays: list[Array]) -> dict[int, Array]:
        """Write arrays; returns equal read-only arrays mapped from the file, keyed by `id`.

        Raises OSError; then no array has moved.
        """
        start, places = self._end, []
        self._file.seek(start)
        for array in arrays:
            places.append(self._file.tell() - start)
            self._file.write(np.ascontiguousarray(array).data)
        self._file.flush()
        end = self._file.tell()
        mapped = mmap.mmap(self._file.fileno(), end - start, offset=start, access=mmap.ACCESS_READ)
        step = mmap.ALLOCATIONGRANULARITY
        self._end = -(-end // step) * step
        return {
            id(array): np.frombuffer(mapped, array.dtype, array.size, place).reshape(array.shape)
            for array, place in zip(arrays, places, strict=True)
        }


class UndoMemory(QObject):
    """Watches a document's history. The nearest steps are the last to move."""

    def __init__(self, document: Document, most_bytes: int, folder: Path) -> None:
        super().__init__(document)
        self._document = document
        self._most_bytes = most_bytes
        self._folder = folder
        self._scratch: Scratch | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.trim)
        document.undo_stack.indexChanged.connect(lambda: self._timer.start(_REST_MS))
        document.replaced.connect(self._forget)

    @property
    def nbytes(self) -> int:
        """Bytes in memory that only the history needs."""
        return sum(array.nbytes for array in self._weights().values())

    def trim(self) -> None:
        """Move one batch of the farthest arrays if memory is over the cap; schedule the next."""
        weights = self._weights()
        excess = sum(array.nbytes for array in weights.values()) - self._most_bytes
        batch = list(self._batch(weights, excess))
        if batch:
            try:
                self._move(batch)
            except OSError:  # the disk is full: the history stays in memory
                _log.exception("Undo steps cannot be moved to the disk")
                return
            self._timer.start(_NEXT_MS)

    def _move(self, batch: list[Array]) -> None:
        self._scratch = self._scratch or Scratch(self._folder)
        moved = Moved(self._scratch.put(batch))
        for command in self._commands():
            command.move(moved)

    def _batch(self, weights: dict[int, Array], excess: int) -> Iterator[Array]:
        """The arrays to move now, those of the farthest steps first."""
        index = self._document.undo_stack.index()
        commands = self._commands()
        taken = 0
        # Step k leads from index k to k + 1: undoing index - 1 and redoing index are next.
        for k in sorted(range(len(commands)), key=lambda k: -abs(k + 0.5 - index)):
            for array in commands[k].arrays():
                if taken >= min(excess, _BATCH_BYTES):
                    return
                if weights.pop(id(array), None) is not None:
                    taken += array.nbytes
                    yield array

    def _weights(self) -> dict[int, Array]:
        """The arrays in memory that only the history keeps, keyed by `id`."""
        live = {id(array) for edit in self._document.edits for array in edit.arrays()}
        return {
            id(array): array
            for command in self._commands()
            for array in command.arrays()
            if id(array) not in live and not _is_mapped(array)
        }

    def _commands(self) -> list[Heavy]:
        stack = self._document.undo_stack
        return [_heavy(stack.command(k)) for k in range(stack.count())]

    def _forget(self) -> None:
        self._scratch = None


def _heavy(command: QUndoCommand) -> Heavy:
    return cast(Heavy, command)


def _is_mapped(array: Array) -> bool:
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    return isinstance(base, memoryview) and isinstance(base.obj, mmap.mmap)
