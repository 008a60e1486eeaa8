from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QSpinBox,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from app.canvas import saved_settings as canvas_settings
from app.canvas.choices import AreaChoices
from app.canvas.mask_layers import MaskLook
from app.canvas.view import CanvasView
from app.panels.dialogs.command_palette import CommandPalette
from app.panels.dialogs.save_questions import Answer
from app.system.settings import SettingsStore
from app.ui import theme
from app.window import MainWindow
from lazydiff_core.contract import Box
from tests.app.canvas.driving import at, drag
from tests.app.document.driving import sketched
from tests.app.doubles import PATIENCE_MS, ScriptedDialogs, ScriptedEngine, action
from tests.app.driving import CTRL, LEFT, NONE, brush, control, fill, press, scripted


def test_the_main_job(
    qtbot: QtBot, window: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    """Brush, say what, see it appear, undo, redo, try again, save, open."""
    document, panel = window.document, window.panel
    blank = document.pixels.copy()
    brush(window, (200, 200), (260, 220), (300, 300))
    mask = document.mask.copy()
    assert mask.any()
    panel.prompt.setFocus()
    QTest.keyClicks(panel.prompt, "a red mushroom")
    first = fill(qtbot, window)
    changed = (first != blank).any(axis=2)
    assert changed.any()
    assert not (changed & ~mask).any()
    assert panel.prompt.prompt == "a red mushroom"
    assert np.array_equal(document.mask, mask)
    assert panel.variants.count == 1
    assert (
        "0 pixels changed"
        in control(window.status, QToolButton, "Pixels changed outside the mask").text()
    )

    assert control(window.status, QLabel, "Last fill").text().startswith("Filled in")

    press(window, Qt.Key.Key_Z, CTRL)
    assert np.array_equal(document.pixels, blank)
    assert np.array_equal(document.mask, mask)
    assert control(window.status, QLabel, "Last fill").text() == "", "it is undone"
    assert control(window.status, QToolButton, "Pixels changed outside the mask").isHidden()
    assert not document.filled, "the mask is shown again"
    press(window, Qt.Key.Key_Y, CTRL)
    assert np.array_equal(document.pixels, first)

    second = fill(qtbot, window, Qt.Key.Key_R)
    assert not np.array_equal(second, first)
    press(window, Qt.Key.Key_Z, CTRL)
    assert np.array_equal(document.pixels, first)
    press(window, Qt.Key.Key_Y, CTRL)

    dialogs.saved = tmp_path / "mushroom.png"
    assert window.isWindowModified()
    press(window, Qt.Key.Key_S, CTRL)
    assert window.isWindowModified(), "the history is in no PNG"
    assert "mushroom.png" in window.windowTitle()
    assert np.array_equal(np.asarray(Image.open(dialogs.saved)), second)
    dialogs.opened = dialogs.saved
    press(window, Qt.Key.Key_O, CTRL)
    assert np.array_equal(document.pixels, second)
    assert not document.has_mask


def test_variants_are_flipped_by_clicks_and_keys(qtbot: QtBot, window: MainWindow) -> None:
    control(window.panel.options, QSpinBox, "Number of variants").setValue(3)
    brush(window, (200, 200), (300, 300))
    pictures = [fill(qtbot, window)]
    assert window.panel.variants.count == 3
    window.view.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right):
        press(window, key)
        pictures.append(window.document.pixels.copy())
    assert len({picture.tobytes() for picture in pictures}) == 3
    assert window.panel.variants.current == 2
    press(window, Qt.Key.Key_Right)
    assert np.array_equal(window.document.pixels, pictures[0])
    strip = window.panel.variants.film
    QTest.mouseClick(strip.viewport(), LEFT, NONE, strip.visualItemRect(strip.item(1)).center())
    assert np.array_equal(window.document.pixels, pictures[1])


def test_the_strip_marks_what_is_on_the_canvas(qtbot: QtBot, window: MainWindow) -> None:
    brush(window, (200, 200), (300, 300))
    control(window.panel.options, QSpinBox, "Number of variants").setValue(2)
    fill(qtbot, window)
    window.variant_browser.next()
    undo = action(window, "undo")
    assert undo.text() == "Undo Other variant"
    marked = [window.panel.variants.current]
    for _ in range(2):
        undo.trigger()
        marked.append(window.panel.variants.current)
    assert marked == [1, 0, -1]
    assert undo.text() == "Undo Paint mask"


def test_generating_without_a_mask_says_what_to_do(window: MainWindow) -> None:
    window.panel.prompt.setFocus()
    QTest.keyClick(window.panel.prompt, Qt.Key.Key_Return)
    assert "Paint a mask first" in window.messages.text
    assert not window.generation.is_running


def test_escape_cancels_and_everything_is_as_before(qtbot: QtBot, settings: SettingsStore) -> None:
    engine = ScriptedEngine(open_gate=False)
    window = scripted(qtbot, settings, engine)
    brush(window, (200, 200), (300, 300))
    before = window.document.pixels.copy()
    with qtbot.waitSignal(window.generation.previewed, timeout=PATIENCE_MS):
        press(window, Qt.Key.Key_Return, CTRL)
    assert action(window, "cancel").isEnabled()
    assert "Step 1 of 4" in window.panel.progress.text
    assert window.view.layers.has_preview
    press(window, Qt.Key.Key_Escape)
    assert not window.generation.is_running
    assert not window.view.layers.has_preview
    assert not action(window, "cancel").isEnabled()
    assert np.array_equal(window.document.pixels, before)
    window.document.undo_stack.setClean()
    window.close()


def test_closing_while_generating_ends_the_thread(qtbot: QtBot, settings: SettingsStore) -> None:
    window = scripted(qtbot, settings, ScriptedEngine(open_gate=False))
    window.mask_controller.select_all()
    with qtbot.waitSignal(window.generation.progressed, timeout=PATIENCE_MS):
        window.panel.generate()
    with qtbot.waitSignal(window.closed) as closed:
        window.close()
    assert closed.args == [True]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_notice_moves_nothing_and_covers_nothing(window: MainWindow, scheme: str) -> None:
    theme.apply(scheme)
    QApplication.processEvents()
    view = window.view
    place, before = view.geometry(), view.grab().toImage()
    dock = window.docks["prompt"].geometry()
    for text in ("Saved.", "This is a long sentence about a fault. " * 9):
        window.messages.error(text)
        QApplication.processEvents()
        notice = window.messages.rect().translated(window.messages.mapTo(window, QPoint(0, 0)))
        assert window.messages.isVisible()
        assert not notice.intersects(view.rect().translated(view.mapTo(window, QPoint(0, 0))))
        assert (view.geometry(), window.docks["prompt"].geometry()) == (place, dock)
        assert view.grab().toImage() == before


def test_a_notice_is_seen_when_only_the_canvas_is(window: MainWindow) -> None:
    window.canvas_only.set(True)
    assert not window.status.isVisible()
    window.messages.error("That fill failed.")
    QApplication.processEvents()
    assert window.messages.isVisible()
    window.view.setFocus()
    QTest.keyClick(window.view, Qt.Key.Key_Escape)
    assert not window.status.isVisible()
    window.canvas_only.set(False)
    assert window.status.isVisible()


def test_a_fault_is_shown_beside_the_canvas(qtbot: QtBot, settings: SettingsStore) -> None:
    window = scripted(qtbot, settings, ScriptedEngine(fault=RuntimeError("device lost")))
    window.mask_controller.select_all()
    with qtbot.waitSignal(window.generation.failed, timeout=PATIENCE_MS):
        window.panel.generate()
    assert "device lost" in window.messages.text
    assert not window.messages.isHidden()
    window.document.undo_stack.setClean()
    window.close()


def test_closing_asks_about_unsaved_changes(window: MainWindow, dialogs: ScriptedDialogs) -> None:
    sketched(window.document, Box(0, 0, 9, 9))
    dialogs.answer = Answer.KEEP
    assert not window.close()
    assert window.isVisible()


def test_quitting_by_saving_stays_open_where_nothing_can_be_saved(
    window: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    sketched(window.document, Box(0, 0, 9, 9))
    dialogs.answer, dialogs.saved = Answer.SAVE, tmp_path / ("x" * 300 + ".png")
    assert not window.close()
    assert window.isVisible()
    assert "cannot be written" in window.messages.text
    dialogs.answer = Answer.DISCARD


def test_no_fault_of_saving_closes_the_window(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[type[BaseException]] = []
    with monkeypatch.context() as faulty:
        faulty.setattr(sys, "excepthook", lambda kind, *_: told.append(kind))
        faulty.setattr(window.files, "may_discard", lambda: 1 // 0)
        assert not window.close()
    assert window.isVisible()
    assert told == [ZeroDivisionError]


def test_undo_during_a_stroke_takes_the_stroke_back(window: MainWindow) -> None:
    view = window.view
    QTest.mousePress(view, LEFT, NONE, QPoint(300, 300))
    window.history.undo()
    assert not window.document.has_mask
    QTest.mouseRelease(view, LEFT, NONE, QPoint(300, 300))
    assert window.document.undo_stack.count() == 0


def test_mask_commands(window: MainWindow) -> None:
    window.mask_controller.select_all()
    assert window.document.mask.all()
    window.mask_controller.invert()
    assert not window.document.has_mask
    window.mask_controller.invert()
    window.mask_controller.clear()
    assert not window.document.has_mask
    assert window.document.undo_stack.count() == 4


def test_letters_in_the_prompt_are_no_shortcuts(window: MainWindow) -> None:
    window.panel.prompt.setFocus()
    QTest.keyClicks(window.panel.prompt, "elm [h]")
    assert window.view.tool.name == "brush"
    assert window.panel.prompt.prompt == "elm [h]"


def test_letters_on_the_canvas_choose_tools(window: MainWindow) -> None:
    window.view.setFocus()
    for key, name in ((Qt.Key.Key_E, "eraser"), (Qt.Key.Key_M, "rectangle")):
        press(window, key)
        assert window.view.tool.name == name
    size = window.view.brush_size
    press(window, Qt.Key.Key_BracketRight)
    assert window.view.brush_size > size


def test_settings_are_kept(window: MainWindow, settings: SettingsStore) -> None:
    window.view.set_brush_size(77)
    window.view.set_tool("eraser")
    window.view.brushes.set(size=9, hardness=40)
    window.view.area_choices.set(mode="replace", tolerance=3, contiguous=False)
    look = MaskLook("#00ff00", 30, "hatch", rest=True)
    window.view.layers.set_mask_look(look)
    window.view.layers.set_grid(False)
    window.panel.options.set_quality("fast")
    window.appearance.choose_theme("dark")
    window.close()
    kept = SettingsStore(settings.folder / "window.json").value
    assert (kept.theme, kept.quality) == ("dark", "fast")
    view = CanvasView(window.document)
    canvas_settings.restore(view, kept)
    assert view.brush_size == 77
    view.set_tool("eraser")
    assert (view.brush.size, view.brush.hardness) == (9, 40)
    assert view.choices == AreaChoices("replace", 3, contiguous=False)
    assert view.layers.mask_look == look
    assert not view.layers.grid


def test_a_dialog_ends_a_stroke_and_the_pen_is_not_stuck(window: MainWindow) -> None:
    view = window.view
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at(view, 100, 100))
    assert view.is_busy
    dialog = QDialog(window)
    dialog.setWindowModality(Qt.WindowModality.ApplicationModal)
    dialog.show()
    assert not view.is_busy
    assert window.document.has_mask
    dialog.close()
    drag(view, (200, 200), (300, 200))
    assert window.document.mask[200, 250]


def test_the_palette_ends_a_stroke(window: MainWindow) -> None:
    view = window.view
    view.setFocus()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at(view, 100, 100))
    QTest.keyClick(view, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert not view.is_busy
    assert window.document.has_mask
    window.findChildren(CommandPalette)[0].close()


def test_a_message_takes_neither_the_focus_nor_the_pen(window: MainWindow) -> None:
    view = window.view
    view.setFocus()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at(view, 100, 300))
    window.messages.error("Something did not work: do it again.")
    assert view.hasFocus()
    assert view.is_busy
    QTest.mouseMove(view, at(view, 200, 300))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at(view, 200, 300))
    assert window.document.mask[300, 150]


def test_settings_that_cannot_be_read_are_told_of(
    qtbot: QtBot, tmp_path: Path, dialogs: ScriptedDialogs
) -> None:
    (tmp_path / "window.json").write_bytes(b"\0\0")
    made = MainWindow(ScriptedEngine, SettingsStore(tmp_path / "window.json"), dialogs)
    qtbot.addWidget(made)
    made.start()
    assert "window.json.damaged" in made.messages.text
    made.close()


def test_the_hint_goes_with_the_first_mask_however_it_was_made(window: MainWindow) -> None:
    assert window.view._hint
    window.mask_controller.select_all()
    assert not window.view._hint


def test_a_new_canvas_has_the_hint_again_and_a_picture_has_not(
    window: MainWindow, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    brush(window, (100, 100), (140, 120))
    window.document.undo_stack.setClean()
    dialogs.size = QSize(300, 200)
    action(window, "new").trigger()
    assert window.document.size == QSize(300, 200)
    assert window.view._hint
    Image.new("RGB", (64, 64)).save(tmp_path / "black.png")
    window.files.open_path(tmp_path / "black.png")
    assert not window.view._hint
