"""Where the keyboard is: every documented key, in every state."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from app.panels.fill.fill_panel import PrimaryButton
from app.system.settings import SettingsStore
from app.window import MainWindow
from tests.app.doubles import PATIENCE_MS, ScriptedEngine, grey
from tests.app.driving import CTRL, LEFT, NONE, brush, control, press, scripted

KEYS = Qt.Key
SPOT = (230, 210)  # in the mask


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
def window(qtbot: QtBot, settings: SettingsStore, engine: ScriptedEngine) -> Iterator[MainWindow]:
    made = scripted(qtbot, settings, engine)
    control(made.panel.options, QSpinBox, "Number of variants").setValue(4)
    made.panel.options.show_seed(10)
    control(made.panel.options, QToolButton, "Lock the seed").setChecked(True)
    brush(made, (200, 210), (260, 210))
    yield made
    engine.gate.set()
    made.document.undo_stack.setClean()
    made.close()


def ask(window: MainWindow, by: str) -> None:
    """Ask for a fill with a prompt, as artists do."""
    QTest.mouseClick(window.panel.prompt.viewport(), LEFT)
    QTest.keyClicks(window.panel.prompt, "moss")
    if by == "enter":
        press(window, KEYS.Key_Return)
    elif by == "ctrl":
        press(window, KEYS.Key_Return, CTRL)
    else:
        QTest.mouseClick(window.panel.findChild(PrimaryButton), LEFT)


def landed(qtbot: QtBot, window: MainWindow, count: int = 1) -> None:
    qtbot.waitUntil(lambda: len(window.document.edits) == count, timeout=PATIENCE_MS)
    QApplication.processEvents()


def shown(window: MainWindow) -> int:
    return int(window.document.pixels[SPOT[1], SPOT[0], 0])


def seeds(window: MainWindow) -> list[int]:
    return [variant.seed for variant in window.document.edits[-1].variants]


@pytest.mark.parametrize("by", ["enter", "ctrl", "button"])
def test_right_then_enter_keeps_the_second(qtbot: QtBot, window: MainWindow, by: str) -> None:
    ask(window, by)
    landed(qtbot, window)
    press(window, KEYS.Key_Right)
    press(window, KEYS.Key_Return)
    assert seeds(window) == [11]
    assert shown(window) == grey(11)
    assert len(window.document.edits) == 1, "Enter asks for nothing"


@pytest.mark.parametrize("place", ["strip", "canvas"])
def test_every_key_works_in_the_strip_and_on_the_canvas(
    qtbot: QtBot, window: MainWindow, place: str
) -> None:
    ask(window, "enter")
    landed(qtbot, window)
    if place == "canvas":
        window.view.setFocus()
    else:
        assert window.panel.variants.film.hasFocus()
    press(window, KEYS.Key_Right)
    assert shown(window) == grey(11)
    press(window, KEYS.Key_Left)
    assert shown(window) == grey(10)
    press(window, KEYS.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    assert seeds(window) == [11, 12, 13]
    assert window.document.has_mask, "the mask stays"
    press(window, KEYS.Key_Enter)
    assert seeds(window) == [11]
    assert window.view.hasFocus()


def test_space_compares_where_one_waits_for_the_result(qtbot: QtBot, window: MainWindow) -> None:
    told: list[bool] = []
    window.variant_browser.compared.connect(told.append)
    ask(window, "enter")
    landed(qtbot, window)
    QTest.keyPress(window.focusWidget(), KEYS.Key_Space)
    assert told == [True]
    QTest.keyRelease(window.focusWidget(), KEYS.Key_Space)
    assert told == [True, False]


def test_space_still_lends_the_hand_to_whoever_drags(qtbot: QtBot, window: MainWindow) -> None:
    ask(window, "enter")
    landed(qtbot, window)
    mask = window.document.mask.copy()
    QTest.keyPress(window.focusWidget(), KEYS.Key_Space)
    assert window.view.pointing.acting.name == "hand"
    brush(window, (100, 100), (140, 140))
    assert np.array_equal(window.document.mask, mask), "nothing was painted"
    QTest.keyRelease(window.focusWidget(), KEYS.Key_Space)
    assert window.view.pointing.acting.name == "brush"


def test_whoever_paints_on_keeps_the_canvas(
    qtbot: QtBot, window: MainWindow, engine: ScriptedEngine
) -> None:
    engine.gate.clear()
    ask(window, "enter")
    assert window.view.hasFocus()
    brush(window, (400, 400), (420, 420))
    engine.gate.set()
    landed(qtbot, window)
    assert window.view.hasFocus()


def test_tools_answer_after_a_fill(qtbot: QtBot, window: MainWindow) -> None:
    ask(window, "enter")
    landed(qtbot, window)
    press(window, KEYS.Key_E)
    assert window.view.tool.name == "eraser"
    press(window, KEYS.Key_R, CTRL)
    qtbot.waitUntil(lambda: window.panel.variants.count == 8, timeout=PATIENCE_MS)
    press(window, KEYS.Key_Z, CTRL)
    assert window.panel.variants.count == 4


def test_escape_leaves_the_prompt_and_nothing_is_typed_after(window: MainWindow) -> None:
    QTest.mouseClick(window.panel.prompt.viewport(), LEFT)
    QTest.keyClicks(window.panel.prompt, "a red")
    press(window, KEYS.Key_Escape)
    press(window, KEYS.Key_Escape)
    assert window.view.hasFocus()
    press(window, KEYS.Key_M)
    assert window.view.tool.name == "rectangle"
    assert window.panel.prompt.toPlainText() == "a red"


def test_escape_ends_one_thing_at_a_time(window: MainWindow, engine: ScriptedEngine) -> None:
    engine.gate.clear()
    ask(window, "enter")
    window.view.setFocus()
    window.messages.error("Something did not work.")
    place = window.view.transform.to_view(window.view.transform.to_canvas(window.view.middle))
    QTest.mousePress(window.view, LEFT, NONE, place.toPoint())
    assert window.view.is_busy
    press(window, KEYS.Key_Escape)
    assert window.messages.isHidden()
    assert window.view.is_busy
    press(window, KEYS.Key_Escape)
    assert not window.view.is_busy
    assert window.generation.is_running
    press(window, KEYS.Key_Escape)
    assert not window.generation.is_running


def test_escape_in_the_prompt_goes_back_and_closes_a_notice(
    window: MainWindow, engine: ScriptedEngine
) -> None:
    engine.gate.clear()
    ask(window, "enter")
    window.messages.error("Something did not work.")
    QTest.mouseClick(window.panel.prompt.viewport(), LEFT)
    press(window, KEYS.Key_Escape)
    assert window.view.hasFocus()
    assert window.messages.isHidden()
    assert window.generation.is_running, "one that runs is not stopped by it"


def test_escape_closes_a_notice_from_anywhere(window: MainWindow) -> None:
    window.messages.news("Saved.")
    window.view.setFocus()
    press(window, KEYS.Key_Escape)
    assert window.messages.isHidden()


def test_a_refused_fill_leaves_the_keyboard_in_the_prompt(window: MainWindow) -> None:
    window.actions_by_name["clear"].trigger()
    ask(window, "enter")
    assert window.panel.prompt.hasFocus()
