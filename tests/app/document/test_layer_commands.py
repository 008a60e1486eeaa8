from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.document import layer_commands as layers
from app.document.document import Document
from app.document.edit_stack import EditStack
from app.document.edits import Edit
from app.document.undo_memory import UndoMemory
from app.storage.formats.contents import Project
from app.storage.formats.project_reader import read_project
from app.storage.formats.project_writer import write_project
from app.storage.journal.recorder import Recorder
from app.storage.snapshot import project_of
from lazydiff_core.contract import Box, Pixels
from lazydiff_core.geometry.compositing import BlendMode
from tests.app.document.driving import add_fill, square
from tests.app.document.stacks import boxes, matted, piled
from tests.app.storage.formats.pictures import same_picture
from tests.app.storage.journal.doubles import SimulatedDisk
from tests.app.storage.journal.driving import change, read

OPERATIONS = (
    *("rename", "show", "opacity", "drag", "blend", "move"),
    *("delete", "merge", "duplicate", "undo", "redo"),
)


@pytest.fixture
def document() -> Document:
    return Document()


def shown(row: list[Box], channels: int = 3) -> EditStack:
    stack = piled(*row, channels=channels)
    return stack.with_edit(0, matted(stack.edits[0], 5))


def operate(document: Document, name: str, data: st.DataObject) -> None:
    """One operation on a layer, if there is any."""
    if name in ("undo", "redo"):
        getattr(document.undo_stack, name)()
        return
    if not document.edits:
        return
    edit = data.draw(st.sampled_from(document.edits), "layer")
    if name == "rename":
        layers.rename(document, edit.id, data.draw(st.sampled_from(["", "Katze", "猫"])))
    elif name == "show":
        layers.show(document, edit.id, data.draw(st.booleans()))
    elif name == "opacity":
        layers.set_opacity(document, edit.id, data.draw(st.floats(0, 1)))
    elif name == "drag":
        for value in data.draw(st.lists(st.floats(0, 1), max_size=3)):
            layers.set_opacity(document, edit.id, value, drag=1)
    elif name == "blend":
        layers.set_blend(document, edit.id, data.draw(st.sampled_from(BlendMode)))
    elif name == "move":
        layers.move(document, edit.id, data.draw(st.integers(0, len(document.edits) - 1)))
    elif name == "delete":
        layers.delete(document, edit.id)
    elif name == "merge":
        layers.merge_down(document, edit.id)
    else:
        layers.duplicate(document, edit.id)


def state(document: Document) -> tuple[Pixels, Project]:
    """Copies: what is on the canvas, and all that it is made of."""
    return document.pixels.copy(), project_of(document, {})


def same_state(one: tuple[Pixels, Project], other: tuple[Pixels, Project]) -> bool:
    return np.array_equal(one[0], other[0]) and same_picture(one[1], other[1])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(boxes(), min_size=1, max_size=4),
    st.lists(st.sampled_from(OPERATIONS), min_size=1, max_size=8),
    st.sampled_from([3, 4]),
    st.data(),
)
def test_any_walk_is_composed_undone_saved_and_recovered_to_the_byte(
    tmp_path: Path, row: list[Box], names: list[str], channels: int, data: st.DataObject
) -> None:
    document = Document()
    document.restore(shown(row, channels))
    base = document.stack().base
    first = state(document)
    disk = SimulatedDisk()
    recorder = Recorder(disk)
    recorder.write(change(first[1]))
    for name in names:
        operate(document, name, data)
        now = document.stack()
        assert np.array_equal(now.base, base)
        assert np.array_equal(EditStack(base, document.edits).pixels(), document.pixels)
        for k, edit in enumerate(document.edits):
            assert np.array_equal(edit.before, now.pixels(k)[edit.box.slices])
        recorder.write(change(project_of(document, {}), first=False))
    last = state(document)

    write_project(last[1], tmp_path / "p.lazydiff")
    assert same_picture(read_project(tmp_path / "p.lazydiff").picture, last[1])
    recovered = read(disk.written, tmp_path / "j")
    assert recovered is not None
    assert same_picture(recovered.picture, last[1])

    stack = document.undo_stack
    index = stack.index()
    stack.setIndex(0)
    assert same_state(state(document), first)
    stack.setIndex(index)
    assert same_state(state(document), last)


@pytest.fixture
def pile(document: Document) -> tuple[Edit, ...]:
    document.restore(shown([Box(0, 0, 20, 20), Box(10, 10, 30, 30), Box(20, 0, 40, 12)]))
    return document.edits


def test_a_drag_of_a_hidden_layers_opacity_is_a_step(
    document: Document, pile: tuple[Edit, ...]
) -> None:
    layers.show(document, pile[1].id, visible=False)
    for value in (0.0, 0.5):
        layers.set_opacity(document, pile[1].id, value, drag=1)
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    assert document.edits[1].opacity == 1
    document.undo_stack.redo()
    assert document.edits[1].opacity == 0.5


def test_a_drag_of_the_opacity_is_one_step(document: Document, pile: tuple[Edit, ...]) -> None:
    for value in (0.9, 0.5, 0.3):
        layers.set_opacity(document, pile[0].id, value, drag=1)
    layers.set_opacity(document, pile[0].id, 0.2, drag=2)
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    assert document.edits[0].opacity == 0.3
    document.undo_stack.undo()
    assert document.edits == pile


def test_a_drag_that_ends_where_it_began_is_no_step(
    document: Document, pile: tuple[Edit, ...]
) -> None:
    for value in (0.9, 0.5, 1.0):
        layers.set_opacity(document, pile[2].id, value, drag=1)
    assert document.undo_stack.count() == 0
    assert np.array_equal(
        EditStack.under(document.pixels, document.edits).pixels(), document.pixels
    )


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        (lambda d, i: layers.rename(d, i, "x"), "Rename layer"),
        (lambda d, i: layers.show(d, i, False), "Hide layer"),
        (lambda d, i: layers.set_opacity(d, i, 0.4), "Layer opacity"),
        (lambda d, i: layers.set_blend(d, i, BlendMode.SCREEN), "Blend mode"),
        (lambda d, i: layers.move(d, i, 0), "Move layer"),
        (layers.delete, "Delete layer"),
        (layers.merge_down, "Merge down"),
        (layers.duplicate, "Duplicate layer"),
    ],
)
def test_each_is_one_step_with_a_name(
    document: Document,
    pile: tuple[Edit, ...],
    operation: Callable[..., None],
    text: str,
) -> None:
    operation(document, pile[1].id)
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == text
    operation(document, UUID(int=1))  # no such layer
    assert document.undo_stack.count() == 1


def test_what_changes_nothing_is_no_step(document: Document, pile: tuple[Edit, ...]) -> None:
    layers.rename(document, pile[0].id, "  ")
    layers.show(document, pile[0].id, True)
    layers.set_opacity(document, pile[0].id, 1.0)
    layers.set_blend(document, pile[0].id, BlendMode.NORMAL)
    layers.move(document, pile[0].id, -3)
    layers.merge_down(document, pile[0].id)
    assert document.undo_stack.count() == 0


def test_only_what_changes_is_painted_again(document: Document, pile: tuple[Edit, ...]) -> None:
    seen: list[Box] = []
    document.region_changed.connect(seen.append)
    layers.set_opacity(document, pile[0].id, 0.5)
    assert seen == [pile[0].box]
    seen.clear()
    layers.rename(document, pile[0].id, "a")
    assert seen == []


def test_a_mask_is_to_be_filled_again_when_its_fill_is_deleted(document: Document) -> None:
    square(document, Box(10, 10, 60, 60))
    edit = add_fill(document)
    assert document.filled
    layers.set_opacity(document, edit.id, 0.5)
    assert document.filled
    layers.delete(document, edit.id)
    assert not document.filled
    document.undo_stack.undo()
    assert document.filled


def test_the_cap_of_the_undo_memory_counts_them(
    document: Document, pile: tuple[Edit, ...], tmp_path: Path
) -> None:
    memory = UndoMemory(document, 0, tmp_path)
    first = state(document)
    for number in range(12):
        layers.duplicate(document, document.edits[0].id)
        layers.set_opacity(document, document.edits[0].id, 0.9 - number / 20)
        layers.merge_down(document, document.edits[1].id)
    own = {id(a) for edit in document.edits for a in edit.arrays()}
    command = document.undo_stack.command(0)
    arrays = command.arrays()  # type: ignore[union-attr]
    assert memory.nbytes >= sum(a.nbytes for a in arrays if id(a) not in own) > 0
    before = memory.nbytes
    memory.trim()
    assert memory.nbytes < before / 2
    document.undo_stack.setIndex(0)
    assert same_state(state(document), first)


def test_a_filled_mask_is_to_be_filled_again_once_its_layer_is_deleted(document: Document) -> None:
    square(document, Box(5, 5, 25, 25))
    add_fill(document, seed=1)
    square(document, Box(10, 10, 30, 30))
    add_fill(document, seed=2)
    assert document.filled
    layers.merge_down(document, document.edits[1].id)
    assert document.filled, "the picture is as it was"
    document.undo_stack.undo()
    layers.delete(document, document.edits[1].id)
    assert not document.filled
