from __future__ import annotations

from threading import Event
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.canvas import object_finder
from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.contract import Mask
from lazydiff_core.errors import LazyDiffError
from lazydiff_core.selection import Found
from tests.app.doubles import PATIENCE_MS, ScriptedEngine, action
from tests.app.driving import CTRL, brush, fill, press, scripted


def line(window: MainWindow) -> str:
    window.state_tracker.settle()
    return window.panel.progress.text


def test_without_a_mask_nothing_is_asked_and_the_artist_is_told_why(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    engine = ScriptedEngine()
    window = scripted(qtbot, settings, engine)
    window.panel.generate()
    assert "Paint a mask first" in window.messages.text
    assert not window.generation.state.is_running
    assert not engine.requests
    window.close()


def test_the_line_says_what_comes_next(qtbot: QtBot, settings: SettingsStore) -> None:
    engine = ScriptedEngine(open_gate=False)
    window = scripted(qtbot, settings, engine)
    assert "Paint a mask first" in line(window)
    brush(window, (200, 200), (260, 220))
    assert "fills the mask" in line(window)
    window.panel.generate()
    assert line(window) == "Starting"
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        engine.gate.set()
    assert line(window).startswith("Done:")
    window.keymap.set("retry", ["F8"])
    assert "F8" in line(window)
    window.document.undo_stack.setClean()
    window.close()


def test_a_mask_full_of_paint_is_ready_and_has_nothing_to_try_again(window: MainWindow) -> None:
    window.view.setFocus()
    brush(window, (200, 200), (260, 220))
    press(window, Qt.Key.Key_Backspace, Qt.KeyboardModifier.AltModifier)
    assert window.document.edits
    assert "fills the mask" in line(window)
    assert not action(window, "retry").isEnabled()
    assert action(window, "check-locality").isEnabled()


class Search:
    """Finds what it is told to, once it is told; None: nothing."""

    def __init__(self, mask: Mask | None) -> None:
        self.mask, self.goes_on = mask, Event()

    def __call__(self, *arguments: Any) -> Found:
        assert self.goes_on.wait(60)
        if self.mask is None:
            raise LazyDiffError("Nothing was found.")
        return Found(self.mask, "grabcut")


@pytest.mark.parametrize("by", ["key", "button"])
@pytest.mark.parametrize("has_old", [True, False])
def test_a_fill_asked_for_during_the_search_fills_the_object(
    qtbot: QtBot, settings: SettingsStore, monkeypatch: pytest.MonkeyPatch, by: str, has_old: bool
) -> None:
    thing = np.zeros((512, 512), np.bool_)
    thing[300:360, 300:400] = True
    search = Search(thing)
    monkeypatch.setattr(object_finder, "find_object", search)
    engine = ScriptedEngine()
    window = scripted(qtbot, settings, engine)
    if has_old:
        brush(window, (100, 100), (160, 120))
    window.view.set_tool("object")
    brush(window, (280, 280), (420, 380))
    assert line(window) == "Looking for the object…"
    if by == "key":
        press(window, Qt.Key.Key_Return, CTRL)
    else:
        window.panel.generate()
    assert not window.generation.is_running
    assert not engine.requests
    with qtbot.waitSignal(window.generation.landed, timeout=PATIENCE_MS):
        search.goes_on.set()
    (request,) = engine.requests
    wanted = thing | window.document.mask if has_old else thing
    assert request.mask[thing].all()
    assert np.array_equal(request.mask, wanted)
    window.document.undo_stack.setClean()
    window.close()


@pytest.mark.parametrize("ends", ["unfound", "escape"])
def test_a_search_without_an_end_fills_nothing(
    qtbot: QtBot, settings: SettingsStore, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    search = Search(None)
    monkeypatch.setattr(object_finder, "find_object", search)
    engine = ScriptedEngine()
    window = scripted(qtbot, settings, engine)
    brush(window, (100, 100), (160, 120))
    window.view.set_tool("object")
    brush(window, (280, 280), (420, 380))
    press(window, Qt.Key.Key_Return, CTRL)
    if ends == "escape":
        press(window, Qt.Key.Key_Escape)
        search.goes_on.set()
    else:
        with qtbot.waitSignal(window.view.objects.failed, timeout=PATIENCE_MS):
            search.goes_on.set()
        assert "Nothing was found" in window.messages.text
    assert not window.generation.is_running
    assert not engine.requests
    assert "fills the mask" in line(window)
    fill(qtbot, window)
    assert engine.requests[0].mask[110, 130], "the next one is asked for the old mask"
    window.document.undo_stack.setClean()
    window.close()
