from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.document.mask_shapes import Refinement
from app.panels.dialogs.dialogs import Dialogs
from app.panels.dialogs.refine_dialog import RefineDialog
from app.ui.dial import Dial
from app.window import MainWindow
from lazydiff_core.contract import Box
from tests.app.canvas.driving import LEFT, NONE, at
from tests.app.doubles import ScriptedDialogs, action


@pytest.fixture
def masked(window: MainWindow) -> MainWindow:
    """A square of 100 x 100 is masked."""
    window.mask_controller.select_all()
    window.mask_controller.invert()
    window.document.write_mask(Box(200, 200, 300, 300), np.ones((100, 100), np.bool_))
    window.document.undo_stack.clear()
    return window


@pytest.mark.parametrize(
    ("name", "step", "width"),
    [("grow", "Grow mask", 120), ("shrink", "Shrink mask", 80), ("feather", "Feather mask", None)],
)
def test_growing_shrinking_and_feathering_are_steps(
    masked: MainWindow, name: str, step: str, width: int | None
) -> None:
    document = masked.document
    masked.settings.update(grow_by=10, feather_by=10)
    before = document.cover.copy()
    action(masked, name).trigger()
    row = document.cover[250]
    if width is None:
        assert 0 < row[200] < 255
        assert document.soft_cover() is not None
    else:
        assert np.count_nonzero(row) == width
    assert document.undo_stack.undoText() == step
    document.undo_stack.undo()
    assert np.array_equal(document.cover, before)
    document.undo_stack.redo()
    assert np.array_equal(document.cover[250], row)


@pytest.mark.parametrize("name", ["grow", "select-all", "clear", "invert", "move-left"])
def test_nothing_comes_between_a_stroke(masked: MainWindow, name: str) -> None:
    view = masked.view
    QTest.mousePress(view, LEFT, NONE, at(view, 100, 100))
    before = masked.document.cover.copy()
    action(masked, name).trigger()
    assert np.array_equal(masked.document.cover, before)
    QTest.mouseRelease(view, LEFT, NONE, at(view, 100, 100))


def test_inverting_keeps_soft_edges(masked: MainWindow) -> None:
    masked.mask_controller.feather()
    soft = masked.document.cover.copy()
    masked.mask_controller.invert()
    assert np.array_equal(masked.document.cover, 255 - soft)


def test_a_mask_saved_and_loaded_is_the_same(
    masked: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    masked.mask_controller.feather()
    soft = masked.document.cover.copy()
    dialogs.saved = dialogs.opened = tmp_path / "mask.png"
    action(masked, "save-mask").trigger()
    with Image.open(dialogs.saved) as written:
        assert written.mode == "L"
    masked.mask_controller.clear()
    action(masked, "load-mask").trigger()
    assert np.array_equal(masked.document.cover, soft)
    assert masked.document.undo_stack.undoText() == "Load mask"


def test_a_mask_of_another_size_is_refused_in_words(
    masked: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    dialogs.opened = tmp_path / "small.png"
    Image.new("L", (20, 30), 255).save(dialogs.opened)
    before = masked.document.cover.copy()
    masked.mask_controller.load()
    assert "make them the same size" in masked.messages.text
    assert np.array_equal(masked.document.cover, before)


def test_a_mask_that_cannot_be_written_is_told(
    masked: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    dialogs.saved = tmp_path / "no folder" / "mask.png"
    masked.mask_controller.save()
    assert not dialogs.saved.exists()
    assert "mask.png" in masked.messages.text


def test_thinking_better_of_it_changes_nothing(masked: MainWindow) -> None:
    masked.mask_controller.load()
    masked.mask_controller.save()
    assert masked.document.undo_stack.count() == 0
    assert not masked.messages.isVisible()


def test_the_keys_are_the_usual_ones(masked: MainWindow) -> None:
    masked.view.setFocus()
    QTest.keyClick(masked.view, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert masked.document.undo_stack.undoText() == "Feather mask"
    QTest.keyClick(masked.view, Qt.Key.Key_Q)
    assert not masked.view.layers.quick_mask


def test_arrows_with_shift_move_the_mask(masked: MainWindow) -> None:
    masked.view.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Down):
        QTest.keyClick(masked.view, key, Qt.KeyboardModifier.ShiftModifier)
    rows, columns = np.nonzero(masked.document.cover)
    assert (rows.min(), columns.min()) == (210, 190)
    masked.document.undo_stack.undo()
    masked.document.undo_stack.undo()
    assert np.nonzero(masked.document.cover)[0].min() == 200


def test_what_is_transparent_is_masked_as_softly_as_it_is(window: MainWindow) -> None:
    assert not action(window, "mask-transparency").isEnabled()
    pixels = np.full((40, 60, 4), 200, np.uint8)
    pixels[..., 3] = np.repeat(np.uint8([255, 155, 0]), 20)
    window.document.replace(pixels)
    action(window, "mask-transparency").trigger()
    assert np.array_equal(window.document.cover, 255 - pixels[..., 3])
    assert window.document.undo_stack.undoText() == "Mask what is transparent"


def test_of_an_opaque_picture_nothing_is_masked(window: MainWindow) -> None:
    window.document.replace(np.full((40, 60, 4), 255, np.uint8))
    action(window, "mask-transparency").trigger()
    assert not window.document.has_mask
    assert "Nothing of this picture is transparent" in window.messages.text


def dials(dialog: QWidget) -> dict[str, Dial]:
    return {dial.focusProxy().accessibleName(): dial for dial in dialog.findChildren(Dial)}


@pytest.mark.parametrize("accepts", [True, False])
def test_refining_is_seen_at_once_and_is_one_step_or_none(
    masked: MainWindow, monkeypatch: pytest.MonkeyPatch, accepts: bool
) -> None:
    """Through the real dialog, by its controls."""
    document, seen = masked.document, []
    before = document.cover.copy()
    dialogs = Dialogs(masked)
    monkeypatch.setattr(masked.mask_controller, "_dialogs", dialogs)

    def refine() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, RefineDialog)
        seen.append(masked.view.is_busy)
        for name, value in (("Grow", 10), ("Feather", 6)):
            dials(dialog)[name].set_value(value)
        dialog.changed.emit()  # without the wait
        seen.append(int(np.count_nonzero(document.cover)))
        (dialog.accept if accepts else dialog.reject)()

    QTimer.singleShot(0, refine)
    action(masked, "refine").trigger()
    assert seen[0], "no result may land meanwhile"
    assert seen[1] > 120 * 120
    assert not masked.view.is_busy
    assert document.undo_stack.count() == int(accepts)
    if accepts:
        assert document.undo_stack.undoText() == "Refine edge"
        assert np.array_equal(document.cover, Refinement(grow=10, feather=6).applied(before))
        document.undo_stack.undo()
    assert np.array_equal(document.cover, before)


def test_a_border_follows_the_edges_of_the_picture(
    masked: MainWindow, dialogs: ScriptedDialogs
) -> None:
    document = masked.document
    pixels = np.full((512, 512, 3), 170, np.uint8)
    pixels[195:305, 195:305] = (30, 60, 200)
    document.replace(pixels)
    document.write_mask(Box(201, 201, 299, 299), np.ones((98, 98), np.bool_))
    dialogs.refinements = [Refinement(snap=True)]
    action(masked, "refine").trigger()
    assert abs(np.count_nonzero(document.mask) - 110 * 110) < 150
    assert document.undo_stack.count() == 1


@pytest.mark.parametrize("key", ["fill-mask", "fill-mask-other"])
def test_a_mask_is_filled_with_a_colour_without_any_model(masked: MainWindow, key: str) -> None:
    document, colours = masked.document, masked.view.colours
    colours.use((1, 2, 3))
    colours.swap()
    colours.use((4, 5, 6))
    action(masked, key).trigger()
    wanted = (4, 5, 6) if key == "fill-mask" else (1, 2, 3)
    assert (document.pixels[200:300, 200:300] == wanted).all()
    assert np.count_nonzero((document.pixels != 255).any(axis=2)) == 100 * 100
    assert not masked.generation.is_running
    assert document.undo_stack.undoText() == "Color fill"
    document.undo_stack.undo()
    assert (document.pixels == 255).all()
