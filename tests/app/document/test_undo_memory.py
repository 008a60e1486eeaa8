from __future__ import annotations

import errno
import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.document.commands import (
    ReshapeCommand,
    add_edit,
    change_edit,
    replace_mask,
    replace_sketch,
)
from app.document.document import Document
from app.document.edits import Edit, Recipe, Variant
from app.document.fillers import layer_of
from app.document.layer_commands import merge_down
from app.document.reshaping import reshaped
from app.document.undo_memory import Scratch, UndoMemory
from lazydiff_core.contract import Box
from lazydiff_core.geometry.reshape import Reshape

# The full count: LAZYDIFF_WALKS=500 python -m pytest tests/app/document/test_undo_memory.py
WALKS = int(os.environ.get("LAZYDIFF_WALKS", "25"))
STEPS = 50
SIZE = (40, 60)
CAP = 20_000


def some_box(rng: random.Random) -> Box:
    left, top = rng.randrange(SIZE[1] - 8), rng.randrange(SIZE[0] - 8)
    return Box(
        left, top, left + rng.randint(8, SIZE[1] - left), top + rng.randint(8, SIZE[0] - top)
    )


def lay_edit(document: Document, rng: random.Random) -> None:
    box = some_box(rng)
    size = box.shape
    noise = np.random.default_rng(rng.randrange(2**32))
    variants = tuple(Variant(noise.integers(0, 256, (*size, 3), np.uint8), k) for k in range(2))
    before = document.pixels[box.slices].copy()
    edit = Edit(box, noise.random(size) < 0.7, before, Recipe(), variants)
    add_edit(document, "Fill", edit)


def change_some_edit(document: Document, rng: random.Random) -> None:
    if document.edits:
        edit = rng.choice(document.edits)
        change_edit(document, "Change", replace(edit, chosen=rng.choice((None, 0, 1))))


def paint(document: Document, rng: random.Random) -> None:
    cover = document.cover.copy()
    box = some_box(rng)
    cover[box.slices] = rng.randrange(256)
    replace_mask(document, "Paint", cover)


def sketch(document: Document, rng: random.Random) -> None:
    noise = np.random.default_rng(rng.randrange(2**32))
    replace_sketch(document, "Sketch", noise.integers(0, 256, (*SIZE, 4), np.uint8))


def turn(document: Document, rng: random.Random) -> None:
    how = Reshape(document.box, 2, mirrored=rng.random() < 0.5)
    new = reshaped(document.content(), how)
    document.undo_stack.push(ReshapeCommand(document, "Turn", new))


def undo(document: Document, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 12)):
        document.undo_stack.undo()


def redo(document: Document, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 12)):
        document.undo_stack.redo()


MOVES: tuple[Callable[[Document, random.Random], None], ...] = (
    *(lay_edit, lay_edit, lay_edit, change_some_edit, paint, sketch, turn),
    *(undo, redo),
)


def snapshot(document: Document) -> tuple[bytes, ...]:
    drawn = b"" if document.sketch is None else document.sketch.tobytes().lstrip(b"\0")
    edits = repr([(edit.id, edit.chosen, edit.stale) for edit in document.edits]).encode()
    return document.pixels.tobytes(), document.cover.tobytes(), drawn, edits


@pytest.mark.parametrize("seed", range(WALKS))
def test_any_walk_through_the_history_is_byte_exact(
    document: Document, tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    document.replace(np.full((*SIZE, 3), 255, np.uint8))
    memory = UndoMemory(document, CAP, tmp_path)
    stack = document.undo_stack
    states = {0: snapshot(document)}
    for _ in range(STEPS):
        index = stack.index()
        move = rng.choice(MOVES)
        move(document, rng)
        if move not in (undo, redo) and stack.index() != index:
            states[stack.index()] = snapshot(document)
        assert snapshot(document) == states[stack.index()]
        memory.trim()
        assert snapshot(document) == states[stack.index()]
        assert memory.nbytes <= CAP
    for index in (*range(stack.index(), -1, -1), *range(stack.count() + 1)):
        stack.setIndex(index)
        assert snapshot(document) == states[index]


def test_the_arrays_of_the_farthest_steps_leave_memory(document: Document, tmp_path: Path) -> None:
    rng = random.Random(0)
    document.replace(np.full((*SIZE, 3), 255, np.uint8))
    step = 40 * 60 * 4
    memory = UndoMemory(document, 5 * step, tmp_path)
    for _ in range(40):
        sketch(document, rng)
    before = memory.nbytes
    memory.trim()

    assert before == 40 * step
    assert memory.nbytes == 5 * step
    stack = document.undo_stack
    kept = [stack.command(k).arrays()[0].flags.writeable for k in range(40)]
    assert kept == [False] * 35 + [True] * 5


def test_layers_as_large_as_the_canvas_are_merged_within_the_cap(
    document: Document, tmp_path: Path
) -> None:
    document.replace(np.full((*SIZE, 3), 255, np.uint8))
    memory = UndoMemory(document, CAP, tmp_path)
    noise = np.random.default_rng(5)
    states = [snapshot(document)]
    for _ in range(6):
        colours = noise.integers(0, 256, (*SIZE, 3), np.uint8)
        layer = layer_of(document, "", document.box, colours, np.full(SIZE, 200, np.uint8))
        add_edit(document, "Paint", layer)
        states.append(snapshot(document))
        if len(document.edits) == 2:
            merge_down(document, document.edits[1].id)
            states.append(snapshot(document))
        memory.trim()
        assert memory.nbytes <= CAP
    for index in (*range(len(states) - 1, -1, -1), *range(len(states))):
        document.undo_stack.setIndex(index)
        memory.trim()
        assert memory.nbytes <= CAP
        assert snapshot(document) == states[index]


def test_a_full_disk_leaves_the_history_in_memory(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Scratch, arrays: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Scratch, "put", refuse)
    rng = random.Random(0)
    document.replace(np.full((*SIZE, 3), 255, np.uint8))
    memory = UndoMemory(document, 0, tmp_path)
    first = snapshot(document)
    for _ in range(20):
        sketch(document, rng)
    before = memory.nbytes
    memory.trim()

    assert memory.nbytes == before
    document.undo_stack.setIndex(0)
    assert snapshot(document) == first


def test_another_picture_frees_the_file(document: Document, tmp_path: Path) -> None:
    rng = random.Random(0)
    memory = UndoMemory(document, 0, tmp_path)
    document.replace(np.full((*SIZE, 3), 255, np.uint8))
    for _ in range(20):
        sketch(document, rng)
    memory.trim()
    document.replace(np.full((*SIZE, 3), 255, np.uint8))

    assert memory.nbytes == 0
    assert not list(tmp_path.iterdir()), "it never had a name"
