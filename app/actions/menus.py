"""Builds menus, toolbars, tooltips and shortcuts from the table of actions."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from app.actions import ACTIONS, SUBMENUS, Action
from app.actions.app import App
from app.actions.keymap import Keymap
from app.actions.state import AppState, Condition, missing
from app.canvas.tools import TOOLS
from app.ui.icons import set_icon
from app.ui.translation import translate

_TOOL_TEXTS = {text for tool in TOOLS.values() for text in (tool.text, tool.hint)}


class Actions(QObject):
    """One QAction per row, connected to the parts of the app."""

    def __init__(self, app: App, keymap: Keymap, parent: QObject) -> None:
        super().__init__(parent)
        self._app, self._keymap = app, keymap
        self._missing: dict[str, Condition | None] = {row.id: None for row in ACTIONS}
        self._tips: dict[str, str] = {}  # without the reason for being disabled
        self._made = {row.id: self._make(row) for row in ACTIONS}
        keymap.changed.connect(self._give_keys)
        self._give_keys()

    def __getitem__(self, action: str) -> QAction:
        return self._made[action]

    def fill_menus(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Create the menus in the order of the table; returns them by source text."""
        menus: dict[str, QMenu] = {}
        for row in ACTIONS:
            if row.menu not in menus:
                parent = menus[SUBMENUS[row.menu]] if row.menu in SUBMENUS else bar
                menus[row.menu] = parent.addMenu(translated(row.menu))
            if row.gap:
                menus[row.menu].addSeparator()
            menus[row.menu].addAction(self._made[row.id])
        return menus

    def refresh(self, state: AppState) -> None:
        """Enable or disable actions, with a reason in the tooltip; touches only what changed."""
        for row in ACTIONS:
            found = missing(row.needs, state)
            if found is not self._missing[row.id]:
                self._missing[row.id] = found
                self._made[row.id].setEnabled(found is None)
                self._explain(row.id)

    def reason(self, action: str) -> str:
        """Why an action is disabled; "" if it is enabled."""
        found = self._missing[action]
        return "" if found is None else translated(found.reason)

    def choose(self, choice: str, name: str) -> None:
        """Check one of several choices, by the end of its id; an unknown name has no effect."""
        made = self._made.get(f"{choice}-{name}")
        if made is not None:
            made.setChecked(True)

    def _make(self, row: Action) -> QAction:
        made = QAction(translated(row.title), self)
        if row.canvas:
            made.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        made.setCheckable(row.turn is not None or bool(row.choice))
        if row.choice:
            made.setActionGroup(self._group(row.choice))
        if row.icon:
            set_icon(made, row.icon)
        made.triggered.connect(partial(self._run, row, made))
        return made

    def _run(self, row: Action, made: QAction) -> None:
        if row.turn is not None:
            row.turn(self._app, made.isChecked())
        elif row.do is not None:
            row.do(self._app)

    def _group(self, choice: str) -> QActionGroup:
        group = self.findChild(QActionGroup, choice)
        if group is None:
            group = QActionGroup(self)
            group.setObjectName(choice)
        return group

    def _give_keys(self) -> None:
        for row in ACTIONS:
            keys = [QKeySequence(key) for key in self._keymap.keys(row.id)]
            key, title = self._keymap.text(row.id), title_of(row)
            tip = f"{title} ({key})" if key else title
            self._tips[row.id] = f"{tip}\n{translated(row.tip)}" if row.tip else tip
            self._made[row.id].setShortcuts(keys)
            self._explain(row.id)

    def _explain(self, action: str) -> None:
        lines = (self._tips[action], self.reason(action))
        self._made[action].setToolTip("\n".join(filter(None, lines)))


def translated(text: str) -> str:
    """Translate a source string of the tables."""
    context = "Tools" if text in _TOOL_TEXTS else "Actions"
    return translate(context, text)


def title_of(row: Action) -> str:
    """The title of an action outside its menu."""
    return translated(row.title).rstrip("…").replace("&", "")


def how_to(action: str, keymap: Keymap) -> str:
    """How to trigger an action: its first key or, if it has none, its title."""
    return keymap.text(action) or next(title_of(row) for row in ACTIONS if row.id == action)
