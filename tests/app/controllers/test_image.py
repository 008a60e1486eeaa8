"""The menu Image: shapes of the canvas, edits that live on, undo to the last byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.document.commands import ReshapeCommand, replace_mask
from app.document.document import Document
from app.document.edit_stack import EditStack
from app.document.reshaping import reshaped
from app.panels.dialogs.image_dialogs import CanvasSizeDialog, ImageSizeDialog, Sides
from app.storage.journal.keeper import Journal
from app.storage.journal.reader import read_journal
from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.contract import CONTENT_AWARE, Box
from lazydiff_core.geometry.reshape import Reshape
from tests.app.doubles import PATIENCE_MS, ScriptedDialogs, ScriptedEngine, action, show_ready
from tests.app.driving import brush, control, fill

Act = Callable[[MainWindow], object]


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
def window(
    qtbot: QtBot, settings: SettingsStore, dialogs: ScriptedDialogs, engine: ScriptedEngine
) -> Iterator[MainWindow]:
    """A picture of noise with two edits, a mask and a sketch."""
    made = MainWindow(lambda: engine, settings, dialogs)
    made.resize(1280, 820)
    show_ready(qtbot, made)
    noise = np.random.default_rng(0).integers(0, 255, (200, 300, 3), np.uint8)
    made.document.replace(noise)
    made.view.camera.fit()
    made.view.brushes.set(size=40)
    brush(made, (60, 60), (100, 80))
    made.panel.prompt.setPlainText("a cat")
    fill(qtbot, made)
    made.view.setFocus()
    brush(made, (200, 100), (240, 120))
    fill(qtbot, made)
    made.view.setFocus()
    made.view.set_tool("sketch")
    brush(made, (150, 150), (160, 160))
    made.view.set_tool("brush")
    yield made
    made.document.undo_stack.setClean()
    made.close()


def state(document: Document) -> tuple[bytes, ...]:
    sketch = b"" if document.sketch is None else document.sketch.tobytes()
    edits = b"".join(edit.pixels.tobytes() + edit.mask.tobytes() for edit in document.edits)
    shape = repr(document.pixels.shape).encode()
    return (
        shape,
        document.pixels.tobytes(),
        document.cover.tobytes(),
        sketch,
        edits,
        document.origin,
    )


def check(document: Document) -> None:
    """The picture is what its base and edits say."""
    stack = document.stack()
    assert np.array_equal(EditStack(stack.base, document.edits).pixels(), document.pixels)
    canvas = Box.of(document.pixels.shape)
    assert all(canvas.contains(edit.box) for edit in document.edits)
    assert document.cover.shape == document.mask.shape == document.pixels.shape[:2]
    assert document.sketch is None or document.sketch.shape[:2] == document.mask.shape


ACTS: dict[str, tuple[Act, Callable[[np.ndarray], np.ndarray]]] = {
    "rotate-right": (lambda w: action(w, "rotate-right").trigger(), lambda p: np.rot90(p, -1)),
    "rotate-left": (lambda w: action(w, "rotate-left").trigger(), np.rot90),
    "rotate-half": (lambda w: action(w, "rotate-half").trigger(), lambda p: p[::-1, ::-1]),
    "flip-across": (lambda w: action(w, "flip-across").trigger(), lambda p: p[:, ::-1]),
    "flip-down": (lambda w: action(w, "flip-down").trigger(), lambda p: p[::-1]),
    "crop": (lambda w: w.image.crop(Box(70, 20, 260, 170)), lambda p: p[20:170, 70:260]),
}


@pytest.mark.parametrize("name", ACTS)
def test_every_pixel_is_where_it_belongs_and_undo_brings_back_every_byte(
    window: MainWindow, name: str
) -> None:
    document = window.document
    act, expected = ACTS[name]
    before, was = state(document), document.pixels.copy()
    act(window)
    assert np.array_equal(document.pixels, expected(was))
    assert len(document.edits) == 2, "edits live on"
    check(document)
    after = state(document)
    document.undo_stack.undo()
    assert state(document) == before
    document.undo_stack.redo()
    assert state(document) == after
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
        check(document)
    assert document.edits == ()
    while document.undo_stack.canRedo():
        document.undo_stack.redo()
    assert state(document) == after


def test_an_edit_that_lives_on_can_be_browsed_and_replayed(
    qtbot: QtBot, window: MainWindow, engine: ScriptedEngine
) -> None:
    action(window, "rotate-right").trigger()
    first = window.document.edits[0]
    with qtbot.waitSignal(window.document.edits_changed, timeout=PATIENCE_MS):
        window.generation.replay(first.id, first.recipe.settings)
    request = engine.requests[-1]
    assert request.image.shape == (300, 200, 3)
    assert np.array_equal(request.mask[first.box.slices], first.mask)
    check(window.document)


def test_an_edit_outside_the_crop_goes_and_comes_back(window: MainWindow) -> None:
    window.image.crop(Box(0, 0, 150, 200))
    assert len(window.document.edits) == 1
    window.history.undo()
    assert len(window.document.edits) == 2


def test_the_crop_tool(qtbot: QtBot, window: MainWindow) -> None:
    was = window.document.pixels.copy()
    window.view.setFocus()
    QTest.keyClick(window.view, Qt.Key.Key_C)
    assert window.view.tool.name == "crop"
    brush(window, (50, 40), (120, 100), (250, 180))
    qtbot.waitUntil(lambda: window.document.size.width() < 300, timeout=PATIENCE_MS)
    height, width = window.document.pixels.shape[:2]
    assert abs(width - 200) <= 3
    assert abs(height - 140) <= 3
    found = [
        (x, y)
        for x in range(47, 54)
        for y in range(37, 44)
        if np.array_equal(was[y : y + height, x : x + width], window.document.pixels)
    ]
    assert found
    assert f"{width} x {height} px" in control(window, QLabel, "Canvas size").text()


def test_canvas_size_keeps_the_picture_at_its_anchor(
    window: MainWindow, dialogs: ScriptedDialogs
) -> None:
    was = window.document.pixels.copy()
    dialogs.sides = Sides(left=20, right=-50, top=0, bottom=30)
    action(window, "canvas-size").trigger()
    new = window.document.pixels
    assert new.shape == (230, 270, 3)
    assert np.array_equal(new[:200, 20:], was[:, :250])
    assert (new[200:] == 255).all()
    assert (new[:, :20] == 255).all()
    check(window.document)


def test_new_room_on_a_canvas_with_alpha_is_clear(
    window: MainWindow, dialogs: ScriptedDialogs
) -> None:
    window.document.replace(np.full((40, 50, 4), 200, np.uint8))
    dialogs.sides = Sides(top=10)
    action(window, "canvas-size").trigger()
    assert not window.document.pixels[:10].any()


def test_image_size_scales_all_of_it_and_undo_brings_the_edits_back(
    window: MainWindow, dialogs: ScriptedDialogs
) -> None:
    before = state(window.document)
    dialogs.size = QSize(150, 100)
    action(window, "image-size").trigger()
    document = window.document
    assert document.pixels.shape == (100, 150, 3)
    assert document.edits == ()
    assert document.has_mask
    check(document)
    window.history.undo()
    assert state(document) == before


def test_trim_cuts_borders_of_one_colour(window: MainWindow) -> None:
    paper = np.full((60, 80, 3), 255, np.uint8)
    paper[10:30, 20:50] = 7
    window.document.replace(paper)
    action(window, "trim").trigger()
    assert np.array_equal(window.document.pixels, paper[10:30, 20:50])
    count = window.document.undo_stack.count()
    action(window, "trim").trigger()
    assert window.document.undo_stack.count() == count
    assert "no border" in window.messages.text


def test_extend_masks_the_new_room_and_fills_it_by_the_prompt(
    qtbot: QtBot, window: MainWindow, dialogs: ScriptedDialogs, engine: ScriptedEngine
) -> None:
    was, before = window.document.pixels.copy(), state(window.document)
    dialogs.sides = Sides(left=40, bottom=24)
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        action(window, "extend").trigger()
    request, document = engine.requests[-1], window.document
    assert (request.settings.scope, request.settings.prompt) == ("tiles", "a cat")
    assert document.pixels.shape == (224, 340, 3)
    assert np.array_equal(document.pixels[:200, 40:], was)
    assert request.mask[:, :40].all()
    assert request.mask[200:].all()
    assert not request.mask[:200, 40:].any()
    window.history.undo()
    window.history.undo()
    assert state(document) == before


def test_without_a_prompt_the_picture_continues_itself(
    qtbot: QtBot, window: MainWindow, dialogs: ScriptedDialogs
) -> None:
    window.panel.prompt.setPlainText("")
    dialogs.sides = Sides(right=16)
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        action(window, "extend").trigger()
    assert window.document.edits[-1].recipe.provenance.backend == CONTENT_AWARE
    check(window.document)


def test_while_something_is_generated_the_canvas_keeps_its_shape(
    qtbot: QtBot, window: MainWindow, engine: ScriptedEngine
) -> None:
    engine.gate.clear()
    brush(window, (30, 150), (50, 160))
    window.panel.generate()
    qtbot.waitUntil(lambda: window.generation.is_running, timeout=PATIENCE_MS)
    assert not action(window, "rotate-right").isEnabled()
    window.view.crop_asked.emit(Box(0, 0, 50, 50))
    qtbot.waitUntil(lambda: "being generated" in window.messages.text, timeout=PATIENCE_MS)
    assert window.document.size == QSize(300, 200)
    engine.gate.set()
    qtbot.waitUntil(lambda: not window.generation.is_running, timeout=PATIENCE_MS)


def test_too_many_pixels_are_one_sentence(window: MainWindow, dialogs: ScriptedDialogs) -> None:
    dialogs.sides = Sides(right=29_000, bottom=29_000)
    action(window, "canvas-size").trigger()
    assert "too many" in window.messages.text
    assert window.document.size == QSize(300, 200)


def test_the_journal_follows(qtbot: QtBot, document: Document, tmp_path: Path) -> None:
    journal = Journal(document, tmp_path)
    replace_mask(document, "Mask", np.eye(512, dtype=np.bool_))
    with qtbot.waitSignal(journal.durable, timeout=PATIENCE_MS):
        pass
    how = Reshape(Box(100, 0, 300, 512), 1)
    new = reshaped(document.content(), how)
    document.undo_stack.push(ReshapeCommand(document, "Turn", new))
    assert list(tmp_path.glob("*.journal")), "the old file stays until the new one is written"
    revision = journal.revision
    qtbot.waitSignal(
        journal.durable, timeout=PATIENCE_MS, check_params_cb=lambda number: number >= revision
    ).wait()
    (file,) = tmp_path.glob("*.journal")
    found = read_journal(file)
    assert found is not None
    assert np.array_equal(found.picture.stack.pixels(), document.pixels)
    assert np.array_equal(found.picture.cover, document.cover)
    assert document.pixels.shape == (200, 512, 3)
    journal.end()


def test_the_dialogs_answer(qtbot: QtBot) -> None:
    size = ImageSizeDialog(QSize(300, 200))
    qtbot.addWidget(size)
    size.width_box.setValue(600)
    assert size.chosen() == QSize(600, 400)
    size.keep.setChecked(False)
    size.height_box.setValue(10)
    assert size.chosen() == QSize(600, 10)
    canvas = CanvasSizeDialog(QSize(300, 200))
    qtbot.addWidget(canvas)
    canvas.width_box.setValue(340)
    canvas.height_box.setValue(190)
    assert canvas.chosen() == Sides(20, 20, -5, -5)
    canvas.anchors.button(8).click()
    assert canvas.chosen() == Sides(left=40, right=0, top=-10, bottom=0)
    assert canvas.chosen().around(Box(0, 0, 300, 200)) == Box(-40, 10, 300, 200)
