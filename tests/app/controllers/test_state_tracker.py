from __future__ import annotations

from dataclasses import replace
from functools import partial

from pytestqt.qtbot import QtBot

from app.actions import ACTIONS
from app.actions.state import AppState
from app.document.commands import change_edit
from app.system.settings import SettingsStore
from app.window import MainWindow
from lazydiff_core.contract import Box
from tests.app.document.driving import add_fill, sketched, square
from tests.app.doubles import PATIENCE_MS, ScriptedEngine
from tests.app.driving import brush, fill, scripted

READY = AppState(engine_works=True, engine_is_ready=True, is_teachable=True)


def now(window: MainWindow) -> AppState:
    window.state_tracker.settle()
    return window.state_tracker.state


def now_enabled(window: MainWindow) -> dict[str, tuple[bool, str]]:
    """Whether each action is enabled, or why not."""
    made = window.actions_by_name
    return {row.id: (made[row.id].isEnabled(), made.reason(row.id)) for row in ACTIONS}


def test_the_state_follows_the_work(window: MainWindow) -> None:
    assert now(window) == READY
    window.mask_controller.select_all()
    assert now(window) == replace(READY, has_mask=True, can_undo=True)
    window.history.undo()
    assert now(window) == replace(READY, can_redo=True)


def test_the_state_follows_edits_and_sketch(window: MainWindow) -> None:
    sketched(window.document, Box(10, 10, 30, 30))
    assert now(window).has_sketch
    square(window.document, Box(10, 10, 30, 30))
    add_fill(window.document, variants=1)
    state = now(window)
    assert state.has_edit
    assert state.has_fill
    assert not state.has_variants
    assert not state.has_stale_edits
    add_fill(window.document, seed=9, variants=2)
    assert now(window).has_variants
    change_edit(window.document, "Discard", replace(window.document.edits[0], chosen=None))
    assert now(window).has_stale_edits
    window.variant_browser.keep_all()
    assert not now(window).has_edit


def test_many_changes_are_told_once_and_no_change_not_at_all(
    qtbot: QtBot, window: MainWindow
) -> None:
    told: list[AppState] = []
    window.state_tracker.changed.connect(told.append)
    window.mask_controller.select_all()
    window.mask_controller.invert()
    window.mask_controller.select_all()
    assert told == []
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE_MS)
    window.mask_controller.clear()
    window.mask_controller.select_all()
    window.state_tracker.settle()
    assert told == [replace(READY, has_mask=True, can_undo=True)]


def test_one_fill_touches_actions_twice_and_only_those_that_change(
    qtbot: QtBot, settings: SettingsStore
) -> None:
    window = scripted(qtbot, settings, ScriptedEngine())
    brush(window, (200, 200), (260, 220))
    window.state_tracker.settle()
    enabled = [now_enabled(window)]
    touched: set[str] = set()
    for name in enabled[0]:
        window.actions_by_name[name].changed.connect(partial(touched.add, name))
    told: list[AppState] = []
    window.state_tracker.changed.connect(told.append)
    window.state_tracker.changed.connect(lambda _: enabled.append(now_enabled(window)))

    fill(qtbot, window)
    qtbot.waitUntil(lambda: not window.state_tracker.state.is_filling, timeout=PATIENCE_MS)
    assert len(told) == 2

    before, during, after = enabled
    differ = {n for n in before if before[n] != during[n] or during[n] != after[n]}
    assert {"cancel", "retry"} < differ
    # A fill turns the quick mask off and gives undo its name.
    assert touched - {"undo", "quick-mask"} == differ
    window.document.undo_stack.setClean()
    window.close()
