from __future__ import annotations

from PySide6.QtWidgets import QMenu

from app.actions import ACTIONS
from app.actions.state import ENGINE_IS_READY, HAS_MASK, AppState, why_not
from app.window import MainWindow


def test_every_action_is_in_a_menu(window: MainWindow) -> None:
    actions = window.actions_by_name
    menus = window.menuBar().findChildren(QMenu)
    listed = {action for menu in menus for action in menu.actions()}
    assert all(actions[row.id] in listed for row in ACTIONS)


def test_what_cannot_act_is_disabled_and_says_why(window: MainWindow) -> None:
    actions = window.actions_by_name
    assert not actions["generate"].isEnabled()
    assert "Paint a mask first" in actions["generate"].toolTip()
    assert "Nothing is being generated" in actions["cancel"].toolTip()
    window.mask_controller.select_all()
    window.state_tracker.settle()
    assert actions["generate"].isEnabled()
    assert "first" not in actions["generate"].toolTip()
    assert actions["undo"].isEnabled()


def test_a_tooltip_names_the_first_shortcut(window: MainWindow) -> None:
    assert "(Ctrl+S)" in window.actions_by_name["save"].toolTip()
    assert "…" not in window.actions_by_name["open"].toolTip()


def test_one_of_several_choices_is_checked(window: MainWindow) -> None:
    actions = window.actions_by_name
    actions["tool-lasso"].trigger()
    assert window.view.tool.name == "lasso"
    rows = [row for row in ACTIONS if row.turn is None]
    checked = [row.id for row in rows if actions[row.id].isChecked()]
    assert checked == ["tool-lasso", "theme-system", "language-system", "idle-15"]


def test_toggles_show_what_is_on(window: MainWindow) -> None:
    actions, layers = window.actions_by_name, window.view.layers
    assert actions["quick-mask"].isChecked()
    actions["quick-mask"].trigger()
    assert not layers.quick_mask
    layers.set_quick_mask(True)
    assert actions["quick-mask"].isChecked()
    actions["pixel-grid"].trigger()
    assert not layers.grid


def test_why_not_gives_the_first_reason() -> None:
    needs = (HAS_MASK, ENGINE_IS_READY)
    assert why_not(needs, AppState()).startswith("Paint a mask")
    assert why_not(needs, AppState(has_mask=True)) == "The model is still loading."
    assert why_not(needs, AppState(has_mask=True, engine_is_ready=True)) == ""
