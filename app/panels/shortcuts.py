"""The list of all shortcuts."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.actions import ACTIONS
from app.menus import keys_of, translated
from app.widgets import dressed


class ShortcutsDialog(QDialog):
    """Made from the table of actions, so it is never out of date. Typing narrows it down."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(640, 600)
        self._search = dressed(QLineEdit(), name=self.tr("Search"))
        self._search.setPlaceholderText(self.tr("Search"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._narrow)
        self._list = dressed(QTreeWidget(), name=self.tr("Shortcuts"))
        self._list.setRootIsDecorated(False)
        self._list.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        self._list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._items = [QTreeWidgetItem([name, keys]) for name, keys in self._rows()]
        self._list.addTopLevelItems(self._items)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        column.addWidget(self._search)
        column.addWidget(self._list)

    def _narrow(self, text: str) -> None:
        wanted = text.casefold()
        for item in self._items:
            found = any(wanted in item.text(column).casefold() for column in (0, 1))
            item.setHidden(not found)

    def _rows(self) -> list[tuple[str, str]]:
        gestures = [
            (self.tr("Pan"), self.tr("Space+drag, middle button")),
            (self.tr("Zoom at the pointer"), self.tr("Mouse wheel")),
            (self.tr("Brush size"), self.tr("Ctrl+mouse wheel")),
            (self.tr("Erase with the brush, subtract with shapes"), self.tr("Alt")),
        ]
        actions = [
            (translated(row.text).rstrip("…"), keys_of(row)) for row in ACTIONS if row.shortcuts
        ]
        return gestures + actions
