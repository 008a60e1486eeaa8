"""The browser of the vocabulary: all words with their pictures, to search and to choose from."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QIcon, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from app.panels.words.known import COLOUR_NAMES, ORDER, STYLES, Entry, Words
from app.panels.words.pictures import colour_patch
from app.ui.translation import translate
from app.ui.widgets import configure

_TILE = QSize(92, 70)
_PICTURE = QSize(40, 40)
_ENTRY = Qt.ItemDataRole.UserRole
_SAMPLE = "mushroom"  # beside the names of styles
Index = QModelIndex | QPersistentModelIndex


class _Model(QAbstractListModel):
    """Entries; pictures are cut out of the sheet when they are first seen."""

    def __init__(self, words: Words, parent: QObject) -> None:
        super().__init__(parent)
        self._words = words
        self.entries: list[Entry] = []

    def refresh(self) -> None:
        self.beginResetModel()
        self.entries = self._words.entries()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.label
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(entry)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            name = self._words.name(entry.word)
            return entry.label if name == entry.label else f"{entry.label} ({name})"
        if role == Qt.ItemDataRole.SizeHintRole:
            return _TILE - QSize(4, 4)
        return entry if role == _ENTRY else None

    def _icon(self, entry: Entry) -> QIcon:
        if entry.category == COLOUR_NAMES:
            return QIcon(colour_patch(entry.word))
        return self._words.pictures.icon(_SAMPLE if entry.category == STYLES else entry.word)


class _Filter(QSortFilterProxyModel):
    """Entries of a category, "" for all, that hold every searched word."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._category, self._searched = "", ()  # type: tuple[str, tuple[str, ...]]

    def choose(self, category: str, searched: str) -> None:
        self._category, self._searched = category, tuple(searched.lower().split())
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:  # noqa: N802
        model = self.sourceModel()
        assert isinstance(model, _Model)
        entry = model.entries[row]
        is_in = not self._category or entry.category == self._category
        return is_in and all(word in entry.found for word in self._searched)


class VocabularyPanel(QWidget):
    """A click or Enter writes a word into the prompt; Down goes from the search to the words."""

    chosen = Signal(str)

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._is_fresh = words, False
        self._search = configure(
            QLineEdit(),
            name=self.tr("Search words"),
            tip=self.tr("Search in your language or in English; Enter takes the first."),
        )
        self._search.setPlaceholderText(self.tr("Search"))
        self._search.setClearButtonEnabled(True)
        self._search.installEventFilter(self)
        self._category = configure(QComboBox(), name=self.tr("Category"), tip=self.tr("Category"))
        self._model = _Model(words, self)
        self._filter = _Filter(self)
        self._filter.setSourceModel(self._model)
        self._list = configure(
            QListView(),
            style="words",
            name=self.tr("Words"),
            tip=self.tr("A click or Enter writes the word into the prompt."),
        )
        self._list.setModel(self._filter)
        self._list.setViewMode(QListView.ViewMode.IconMode)
        self._list.setMovement(QListView.Movement.Static)
        self._list.setResizeMode(QListView.ResizeMode.Adjust)
        self._list.setLayoutMode(QListView.LayoutMode.Batched)
        self._list.setUniformItemSizes(True)
        self._list.setIconSize(_PICTURE)
        self._list.setGridSize(_TILE)
        self._list.setWordWrap(True)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setMinimumHeight(120)
        self._list.clicked.connect(self._take)
        self._list.installEventFilter(self)
        self._none = configure(QLabel(), style="dim")
        self._none.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self._search, self._category, self._none):
            column.addWidget(widget)
        column.addWidget(self._list, 1)
        self._search.textChanged.connect(self._narrow)
        self._category.currentIndexChanged.connect(self._narrow)
        words.changed.connect(self._on_words)
        self._on_words()

    def begin(self) -> None:
        """Be ready to search."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self._refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            current = self._list.currentIndex()
            self._take(current if current.isValid() else self._filter.index(0, 0))
            return True
        if watched is self._search and event.key() == Qt.Key.Key_Down:
            self._list.setFocus()
            if not self._list.currentIndex().isValid():
                self._list.setCurrentIndex(self._filter.index(0, 0))
            return True
        return super().eventFilter(watched, event)

    def _on_words(self) -> None:
        self._is_fresh = False
        if self.isVisible():
            self._refresh()

    def _refresh(self) -> None:
        """Take the words over, once they are looked at."""
        if self._is_fresh:
            return
        self._is_fresh = True
        self._model.refresh()
        present = {entry.category for entry in self._model.entries}
        before = self._category.currentData()
        self._category.clear()
        self._category.addItem(self.tr("All words"), "")
        for category in ORDER:
            if category in present:
                self._category.addItem(translate("Words", category), category)
        self._category.setCurrentIndex(max(0, self._category.findData(before)))
        self._narrow()

    def _narrow(self) -> None:
        self._filter.choose(self._category.currentData() or "", self._search.text())
        self._list.setCurrentIndex(QModelIndex())
        if not self._words.has_model:
            text = self.tr("The words are shown once a model is loaded.")
        elif not self._words.reader.reads_words:
            text = self.tr("This model reads the whole text: any word may be used.")
        elif self._filter.rowCount():
            text = ""
        else:
            text = self.tr("No word is called so.")
        self._none.setText(text)
        self._none.setVisible(bool(text))

    def _take(self, index: QModelIndex) -> None:
        entry = index.data(_ENTRY)
        if isinstance(entry, Entry):
            self.chosen.emit(entry.label)
