"""Every action by typing a part of its name."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QPalette, QPixmap
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.actions import ACTIONS, Action
from app.actions.keymap import Keymap, written
from app.actions.menus import Actions, title_of, translated
from app.panels.dialogs.fuzzy_match import closeness
from app.ui.popup import Popup
from app.ui.widgets import configure

_NAME = Qt.ItemDataRole.UserRole
_WIDTH, _HEIGHT = 700, 440
_TOP, _MARGIN = 80, 8  # below the window's upper edge, and from its others at least
_WIDEST = 300  # of a name: the menu beside it must be readable
_ICON = QSize(16, 16)
_WALKING = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
_RUNNING = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class CommandPalette(Popup):
    """Type, walk with Up and Down, run with Enter. What cannot act is grey and says why."""

    def __init__(self, actions: Actions, keymap: Keymap, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._actions, self._keymap = actions, keymap
        self._latest: list[str] = []
        blank = QPixmap(_ICON)
        blank.fill(Qt.GlobalColor.transparent)
        self._no_icon = QIcon(blank)
        self.field = configure(
            QLineEdit(),
            name=self.tr("Find an action"),
            tip=self.tr("A part of its name or of its menu"),
        )
        self.field.setPlaceholderText(self.tr("Find an action"))
        self.list = configure(
            QTreeWidget(), name=self.tr("Actions"), tip=self.tr("Up and Down, then Enter")
        )
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setColumnCount(3)
        self.list.setIconSize(_ICON)
        self.list.setHeaderHidden(True)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setMaximumSectionSize(_WIDEST)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.note = configure(QLabel(), style="dim")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        for widget in (self.field, self.list, self.note):
            column.addWidget(widget)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._fill)
        self.list.itemClicked.connect(self._run)
        self.list.currentItemChanged.connect(self._explain)

    def begin(self) -> None:
        """Show it over the upper half of the window and within it, empty."""
        room = self._window.size() - QSize(2 * _MARGIN, _TOP + _MARGIN)
        self.resize(QSize(_WIDTH, _HEIGHT).boundedTo(room))
        middle = (self._window.width() - self.width()) // 2
        self.move(self._window.mapToGlobal(QPoint(middle, _TOP)))
        self.field.clear()
        self._fill("")
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _WALKING:
                self.list.keyPressEvent(event)
                return True
            if event.key() in _RUNNING:
                self._run(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _fill(self, typed: str) -> None:
        self.list.clear()
        fits = {row.id: _fit(typed, row) for row in ACTIONS}
        found = [row for row in ACTIONS if fits[row.id]]
        found.sort(key=lambda row: (-fits[row.id], self._age(row.id)))
        items = [self._item(row) for row in found]
        self.list.addTopLevelItems(items)
        if items:
            self.list.setCurrentItem(items[0])
        else:
            self.note.setText(self.tr("No action matches “{}”.").format(typed))

    def _item(self, row: Action) -> QTreeWidgetItem:
        reason = self._actions.reason(row.id)
        action = self._actions[row.id]
        on = "✓ " if action.isChecked() else ""
        keys = written(self._keymap.keys(row.id), 1)
        state = QIcon.Mode.Disabled if reason else QIcon.Mode.Normal
        item = QTreeWidgetItem([on + title_of(row), reason or _menu(row), keys])
        item.setData(0, _NAME, row.id)
        item.setIcon(0, QIcon(action.icon().pixmap(_ICON, state)) if row.icon else self._no_icon)
        item.setToolTip(0, action.toolTip())
        dim = self.palette().color(QPalette.ColorRole.PlaceholderText)
        for column in (0, 1, 2) if reason else (1, 2):
            item.setForeground(column, dim)
        return item

    def _explain(self, item: QTreeWidgetItem | None) -> None:
        """Say how to go on or, of what cannot act, why."""
        if item is not None:
            how = self.tr("Up and Down to choose, Enter to run, Esc to close")
            self.note.setText(self._actions.reason(item.data(0, _NAME)) or how)

    def _age(self, name: str) -> int:
        """What was used last comes first."""
        return self._latest.index(name) if name in self._latest else len(ACTIONS)

    def _run(self, item: QTreeWidgetItem | None) -> None:
        if item is None:
            return
        name = item.data(0, _NAME)
        if self._actions.reason(name):
            return
        self._latest = [name, *(other for other in self._latest if other != name)]
        self.close()
        self._actions[name].trigger()


def _fit(typed: str, row: Action) -> float:
    """How well an action fits; what its own name says counts twice."""
    name = title_of(row)
    return closeness(typed, f"{name} {_menu(row)}") + closeness(typed, name)


def _menu(row: Action) -> str:
    return translated(row.menu).replace("&", "")
