"""Every control can be named, explained, reached and seen to be reached."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.canvas.view import CanvasView
from app.panels.dialogs.about_dialog import AboutDialog
from app.panels.dialogs.colour_shift_dialog import ColourShiftDialog
from app.panels.dialogs.command_palette import CommandPalette
from app.panels.dialogs.diagnostics_dialog import DiagnosticsDialog
from app.panels.dialogs.doctor_dialog import DoctorDialog
from app.panels.dialogs.image_dialogs import CanvasSizeDialog, ExtendDialog, ImageSizeDialog
from app.panels.dialogs.new_canvas import NewCanvasDialog
from app.panels.dialogs.recovery_dialog import RecoveryDialog
from app.panels.dialogs.refine_dialog import RefineDialog
from app.panels.dialogs.server_dialog import ServerDialog
from app.panels.dialogs.shortcuts import ShortcutsDialog
from app.panels.dialogs.upscale_dialog import UpscaleDialog
from app.panels.dialogs.word_dialogs import WordDialog, WordsDialog
from app.panels.gallery.account import TokenDialog
from app.panels.gallery.gallery import Gallery
from app.system.licences import Part
from app.ui import theme
from app.window import MainWindow
from tests.app.doubles import PATIENCE_MS, action
from tests.lazydiff_core.tiny import polygon

APP = Path(__file__).parents[2] / "app"
CONTROLS = (
    *(QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox),
    *(QLineEdit, QPlainTextEdit, CanvasView),
)


def is_part(widget: QWidget) -> bool:
    """Qt has made it inside a control of its own, which is what has a name."""
    around, parent = [], widget.parentWidget()
    while parent is not None:
        around.append(parent)
        parent = parent.parentWidget()
    whole = QAbstractSpinBox | QComboBox | QLineEdit | QAbstractItemView | QTabBar
    inside = any(isinstance(outer, whole) for outer in around)
    bar = isinstance(widget, QScrollBar | QHeaderView)
    return widget.objectName().startswith("qt_") or inside or bar


def controls(root: QWidget) -> list[QWidget]:
    found = [w for w in root.findChildren(QWidget) if isinstance(w, CONTROLS) and not is_part(w)]
    return [w for w in found if not (w.window() is not root and isinstance(w.window(), QDialog))]


def name_of(widget: QWidget) -> str:
    """As a screen reader says it."""
    said = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    return widget.accessibleName() or ("" if isinstance(widget, QComboBox) else said)


def tip_of(widget: QWidget) -> str:
    if isinstance(widget, CanvasView):
        return widget.accessibleDescription()  # a tooltip would lie over the picture
    parent = widget.parentWidget()
    return widget.toolTip() or (parent.toolTip() if parent is not None else "")


def new_canvas(window: MainWindow) -> QDialog:
    return NewCanvasDialog(QSize(512, 512), window)


def image_size(window: MainWindow) -> QDialog:
    return ImageSizeDialog(QSize(512, 512), window)


def refinement(window: MainWindow) -> QDialog:
    return RefineDialog(lambda how: None, window)


def upscale(window: MainWindow) -> QDialog:
    return UpscaleDialog(QSize(512, 512), lambda size: None, window)


def colour_shift(window: MainWindow) -> QDialog:
    return ColourShiftDialog(lambda how: None, window)


def canvas_size(window: MainWindow) -> QDialog:
    return CanvasSizeDialog(QSize(512, 512), window)


def extension(window: MainWindow) -> QDialog:
    return ExtendDialog(QSize(512, 512), window)


def recovery(window: MainWindow) -> QDialog:
    return RecoveryDialog([], window)


def shortcuts(window: MainWindow) -> QDialog:
    return ShortcutsDialog(window.keymap, window)


def downloading(window: MainWindow) -> QDialog:
    return Gallery(window.model_choice, window)


def about(window: MainWindow) -> QDialog:
    return AboutDialog("0.1", [Part("a 1.0", "MIT", ())], window)


def token(window: MainWindow) -> QDialog:
    return TokenDialog(window)


def diagnostics(window: MainWindow) -> QDialog:
    return DiagnosticsDialog(lambda private: "", window)


def word(window: MainWindow) -> QDialog:
    return WordDialog(polygon((250, 200, 20), 5), window)


def words(window: MainWindow) -> QDialog:
    window.words.words.add("star", polygon((250, 200, 20), 5))
    return WordsDialog(window.words.words, window)


def server(window: MainWindow) -> QDialog:
    return ServerDialog("http://:secret@10.0.0.5:7860", window)


def doctor(window: MainWindow) -> QDialog:
    return DoctorDialog(["lazydiff", "doctor"], window)


DIALOGS: list[Callable[[MainWindow], QDialog]] = [
    *(new_canvas, recovery, shortcuts, downloading, token, about),
    *(diagnostics, word, words, server, doctor),
    *(image_size, canvas_size, extension, refinement, upscale, colour_shift),
]


def test_every_control_of_the_window_has_a_name_and_an_explanation(window: MainWindow) -> None:
    action(window, "palette").trigger()
    window.findChildren(CommandPalette)[0].close()
    found = controls(window)
    assert len(found) > 60
    assert [w for w in found if not name_of(w).strip()] == []
    assert [(w, name_of(w)) for w in found if not tip_of(w).strip()] == []


@pytest.mark.parametrize("make", DIALOGS)
def test_every_control_of_a_dialog_has_a_name_and_an_explanation(
    window: MainWindow, make: Callable[[MainWindow], QDialog]
) -> None:
    dialog = make(window)
    found = controls(dialog)
    assert found
    assert dialog.windowTitle()
    assert [w for w in found if not name_of(w).strip()] == []
    assert [(w, name_of(w)) for w in found if not tip_of(w).strip()] == []


def test_the_menus_have_a_letter_each(window: MainWindow) -> None:
    titles = [action.text() for action in window.menuBar().actions()]
    letters = [title[title.index("&") + 1] for title in titles]
    assert len(set(letters)) == len(letters) >= 8


def look(widget: QWidget) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    image = widget.window().grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(image.constBits(), np.uint8)
    return flat.reshape(image.height(), image.bytesPerLine()).copy()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_shows_on_every_control_that_tab_reaches(
    qtbot: QtBot, window: MainWindow, scheme: str
) -> None:
    theme.apply(scheme)
    window.mask_controller.select_all()
    unseen = []
    tried: set[QWidget] = set()
    for panel in ("options", "sketch", "layers"):
        window.docks.bring(panel)
        QApplication.processEvents()
        for widget in controls(window):
            if not (widget.isVisible() and widget.isEnabled()) or widget.window() is not window:
                continue
            if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or widget in tried:
                continue
            tried.add(widget)
            window.setFocus()
            before = look(widget)
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            if np.array_equal(before, look(widget)):
                unseen.append((type(widget).__name__, name_of(widget)))
    assert len(tried) > 20
    assert unseen == []


def test_the_keyboard_gets_to_the_prompt_and_back(window: MainWindow) -> None:
    window.view.setFocus()
    QTest.keyClick(window.view, Qt.Key.Key_F6)
    assert window.panel.prompt.hasFocus()
    QTest.keyClicks(window.panel.prompt, "a red mushroom")
    QTest.keyClick(window.panel.prompt, Qt.Key.Key_F6)
    assert window.view.hasFocus()
    action(window, "canvas-only").trigger()
    QTest.keyClick(window.view, Qt.Key.Key_F6)
    assert window.panel.prompt.hasFocus()
    assert window.panel.isVisible()


def test_a_fill_needs_no_mouse(qtbot: QtBot, window: MainWindow) -> None:
    view, prompt = window.view, window.panel.prompt
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, Qt.Key.Key_F6)
    QTest.keyClicks(prompt, "grass")
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        QTest.keyClick(prompt, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.document.filled


def test_tab_goes_round_the_panels_from_top_to_bottom(window: MainWindow) -> None:
    window.docks.bring("options")
    window.panel.prompt.setFocus()
    seen: list[QWidget] = []
    for _ in range(60):
        focus = window.focusWidget()
        assert focus is not None
        if focus in seen or not any(dock.isAncestorOf(focus) for dock in window.docks):
            break
        seen.append(focus)
        window.focusNextChild()
    places = [widget.mapTo(window, widget.rect().topLeft()).y() for widget in seen]
    assert len(seen) > 8
    assert all(later >= earlier - 12 for earlier, later in itertools.pairwise(places)), places


def test_no_kind_of_dialog_is_left_out() -> None:
    tried = {"NewCanvasDialog", "RecoveryDialog", "ShortcutsDialog"}
    tried |= {"DiagnosticsDialog", "Gallery", "ServerDialog", "TokenDialog"}
    tried |= {"AboutDialog", "WordDialog", "WordsDialog"}
    tried |= {"DoctorDialog", "ImageSizeDialog", "CanvasSizeDialog", "ExtendDialog"}
    tried |= {"RefineDialog", "UpscaleDialog", "ColourShiftDialog"}
    sources = [file.read_text(encoding="utf-8") for file in APP.rglob("*.py")]
    kind = re.compile(r"class (\w+)\((?:Live|Q)Dialog\)")
    found = {name for text in sources for name in kind.findall(text)} - {"LiveDialog"}
    assert found == tried, "add it to DIALOGS"
