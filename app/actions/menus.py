"""The table of actions brought to life: menus, toolbars, tooltips, shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from app.actions import ACTIONS, REASONS, SUBMENUS, Action
from app.actions.keymap import Keymap
from app.canvas.tools import TOOLS
from app.ui.icons import set_icon
from app.ui.translation import translate

_TOOL_TEXTS = {text for tool in TOOLS.values() for text in (tool.text, tool.hint)}


class Actions(QObject):
    """One QAction a row, bound to what the row names in a window."""

    def __init__(self, window: QObject, keymap: Keymap) -> None:
        super().__init__(window)
        self._keymap = keymap
        self._reasons = {row.name: "" for row in ACTIONS}
        self._made = {row.name: self._make(window, row) for row in ACTIONS}
        for slot in {row.slot for row in ACTIONS if row.argument is not None}:
            group = QActionGroup(self)
            for row in ACTIONS:
                if row.slot == slot:
                    group.addAction(self._made[row.name])
        keymap.changed.connect(self._give_keys)
        self._give_keys()

    def __getitem__(self, name: str) -> QAction:
        return self._made[name]

    def fill_menus(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Make the menus in the order of the table; returns them by their source text."""
        menus: dict[str, QMenu] = {}
        for row in ACTIONS:
            if row.menu not in menus:
                parent = menus[SUBMENUS[row.menu]] if row.menu in SUBMENUS else bar
                menus[row.menu] = parent.addMenu(translated(row.menu))
            if row.gap:
                menus[row.menu].addSeparator()
            menus[row.menu].addAction(self._made[row.name])
        return menus

    def refresh(self, holding: Collection[str]) -> None:
        """Enable what can act while the conditions `holding` hold, and say why the rest cannot."""
        for row in ACTIONS:
            self._reasons[row.name] = why_not(row.needs, holding)
            self._made[row.name].setEnabled(not self._reasons[row.name])
            self._explain(row)

    def reason(self, name: str) -> str:
        """Why an action cannot act now; empty if it can."""
        return self._reasons[name]

    def check(self, slot: str, argument: str) -> None:
        """Mark one of several choices as the one in force."""
        for row in ACTIONS:
            if row.slot == slot and row.argument == argument:
                self._made[row.name].setChecked(True)

    def _make(self, window: QObject, row: Action) -> QAction:
        made = QAction(translated(row.text), self)
        if row.canvas:
            made.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        made.setCheckable(row.toggle or row.argument is not None)
        if row.icon:
            set_icon(made, row.icon)
        slot: Callable[..., Any] = attrgetter(row.slot)(window)
        made.triggered.connect(slot if row.toggle else partial(_call, slot, row.argument))
        return made

    def _give_keys(self) -> None:
        for row in ACTIONS:
            keys = self._keymap.keys(row.name)
            self._made[row.name].setShortcuts([QKeySequence(key) for key in keys])
            self._explain(row)

    def _explain(self, row: Action) -> None:
        key = self._keymap.text(row.name)
        lines = [f"{title_of(row)} ({key})" if key else title_of(row)]
        if row.tip:
            lines.append(translated(row.tip))
        reason = self._reasons[row.name]
        self._made[row.name].setToolTip("\n".join([*lines, reason] if reason else lines))


def translated(text: str) -> str:
    """A source string of the tables in the artist's language."""
    context = "Tools" if text in _TOOL_TEXTS else "Actions"
    return translate(context, text)


def why_not(needs: Collection[str], holding: Collection[str]) -> str:
    """The first reason, in words, why something with these needs cannot act; empty if it can."""
    missing = next((need for need in needs if need not in holding), None)
    return "" if missing is None else translated(REASONS[missing])


def title_of(row: Action) -> str:
    """What an action is called where it stands alone."""
    return translated(row.text).rstrip("…").replace("&", "")


def _call(slot: Callable[..., Any], argument: str | None, _checked: bool = False) -> None:
    if argument is None:
        slot()
    else:
        slot(argument)
