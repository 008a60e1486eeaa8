"""Where keys are looked up and changed."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.actions import ACTIONS, GESTURES, Action
from app.actions.keymap import Keymap, presets, written
from app.actions.menus import title_of, translated
from app.panels.dialogs.new_key import NewKey
from app.ui.widgets import configure

_NAME = Qt.ItemDataRole.UserRole


class ShortcutsDialog(QDialog):
    """Made from the table of actions, so it is never out of date; every change counts at once."""

    def __init__(self, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keymap = keymap
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(680, 640)
        self.search = configure(
            QLineEdit(),
            name=self.tr("Search"),
            tip=self.tr("A part of a name, of a menu or of a key"),
        )
        self.search.setPlaceholderText(self.tr("Search by name or key"))
        self.search.setClearButtonEnabled(True)
        self.preset = configure(
            QComboBox(),
            name=self.tr("Preset"),
            tip=self.tr("Keys as in another program; your own take precedence"),
        )
        for name, preset in presets().items():
            self.preset.addItem(preset.title, name)
        self.list = self._make_list()
        self.new_key = NewKey(keymap)
        self.items = [self._item(row) for row in ACTIONS]
        self.items += [
            QTreeWidgetItem([translated(row.title), self.tr("Canvas"), translated(row.keys)])
            for row in GESTURES
        ]
        self.list.addTopLevelItems(self.items)
        self._lay_out()
        self._connect()
        self._show_keys()
        self.list.setCurrentItem(self.items[0])
        self.search.setFocus()

    def _make_list(self) -> QTreeWidget:
        made = configure(
            QTreeWidget(),
            name=self.tr("Shortcuts"),
            tip=self.tr("Choose an action to change its keys; bold ones are your own"),
        )
        made.setRootIsDecorated(False)
        made.setUniformRowHeights(True)
        made.setHeaderLabels([self.tr("Action"), self.tr("Menu"), self.tr("Keys")])
        header = made.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        return made

    def _item(self, row: Action) -> QTreeWidgetItem:
        item = QTreeWidgetItem([title_of(row), translated(row.menu).replace("&", ""), ""])
        item.setData(0, _NAME, row.id)
        if row.tip:
            item.setToolTip(0, translated(row.tip))
        return item

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(10)
        label = QLabel(self.tr("Preset"))
        label.setBuddy(self.preset)
        top.addWidget(self.search, 1)
        top.addWidget(label)
        top.addWidget(self.preset)
        self.reset_all = configure(
            QPushButton(self.tr("Reset all")),
            name=self.tr("Reset all"),
            tip=self.tr("Give every action the keys of the preset"),
        )
        close = configure(QPushButton(self.tr("Close")), name=self.tr("Close"))
        close.setToolTip(self.tr("Changes take effect at once"))
        close.clicked.connect(self.accept)
        bottom = QHBoxLayout()
        bottom.addWidget(self.reset_all)
        bottom.addStretch(1)
        bottom.addWidget(close)
        for button in (self.reset_all, close):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self.list, 1)
        column.addWidget(self.new_key)
        column.addLayout(bottom)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._narrow)
        self.list.currentItemChanged.connect(self._choose)
        self.list.itemActivated.connect(lambda: self.new_key.begin())
        self.preset.currentIndexChanged.connect(
            lambda: self._keymap.use_preset(self.preset.currentData())
        )
        self.reset_all.clicked.connect(self._keymap.reset_all)
        self._keymap.changed.connect(self._show_keys)

    def _narrow(self, text: str) -> None:
        wanted = text.casefold()
        for item in self.items:
            found = any(wanted in item.text(column).casefold() for column in range(3))
            item.setHidden(not found)
        left = [item for item in self.items if not item.isHidden()]
        self.new_key.setEnabled(bool(left))
        if left and self.list.currentItem() not in left:
            self.list.setCurrentItem(left[0])

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        name = None if item is None else item.data(0, _NAME)
        self.new_key.show_action(next((row for row in ACTIONS if row.id == name), None))

    def _show_keys(self) -> None:
        for item in self.items:
            name = item.data(0, _NAME)
            if name is None:
                continue
            item.setText(2, written(self._keymap.keys(name)))
            font = item.font(2)
            font.setBold(self._keymap.is_own(name))
            item.setFont(2, font)
        with QSignalBlocker(self.preset):
            self.preset.setCurrentIndex(self.preset.findData(self._keymap.preset))
        self.reset_all.setEnabled(any(self._keymap.is_own(row.id) for row in ACTIONS))
