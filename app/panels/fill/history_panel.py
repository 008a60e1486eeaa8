"""The edits of the picture, newest first: what was asked, what came of it, and doing it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from uuid import UUID

from PySide6.QtCore import QPoint, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.document.commands import replace_mask
from app.document.document import Document
from app.document.edits import Edit, Recipe
from app.document.variants import VariantBrowser
from app.engine.generation_state import GenerationState
from app.panels.fill.edit_rows import (
    EDIT,
    ROW_HEIGHT,
    EditRows,
    details,
    made_at,
    summary,
    title_of,
)
from app.panels.fill.recipe_form import RecipeEditor
from app.ui.icons import set_icon
from app.ui.widgets import configure
from lazydiff_core.generation_settings import ResolvedSettings

_FEWEST_ROWS = 2
_OF_RECIPE = ("replay", "copy", "seed", "reuse", "lock")


class HistoryPanel(QWidget):
    """A row an edit. Choosing one shows its variants above; the buttons act on it."""

    reuse_prompt = Signal(object)  # GenerationSettings
    reuse_all = Signal(object)  # GenerationSettings
    replay = Signal(object, object)  # UUID, GenerationSettings
    replay_stale = Signal()

    def __init__(
        self, document: Document, browser: VariantBrowser, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._browser = browser
        self._note = configure(
            QLabel(self.tr("Your fills appear here; double-click one to change it.")), style="dim"
        )
        self._note.setWordWrap(True)
        self.list = configure(
            EditList(),
            style="history",
            name=self.tr("History of edits"),
            tip=self.tr(
                "Click: see the variants of an edit. Double-click or Enter: change and "
                "replay it. Delete: discard the variant that is seen."
            ),
        )
        self.list.setItemDelegate(EditRows(self.list))
        self.list.setMinimumHeight(_FEWEST_ROWS * ROW_HEIGHT + 2 * self.list.frameWidth())
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._news = configure(QLabel(), style="news")
        self._news.hide()
        self.editor = RecipeEditor()
        self.editor.hide()
        self.stale = QPushButton()
        configure(self.stale, name=self.tr("Replay stale edits"))
        self.stale.setToolTip(
            self.tr("Something beneath these edits has changed since they were made.")
        )
        set_icon(self.stale, "replay")
        self._actions = self._make_actions()
        self._lay_out()
        self._connect()
        self._rebuild()

    def _make_actions(self) -> dict[str, QAction]:
        rows: dict[str, tuple[str, Callable[[], None]]] = {
            "replay": (self.tr("Change and replay…"), self._edit_recipe),
            "copy": (self.tr("Copy prompt"), self._copy_prompt),
            "seed": (self.tr("Copy seed"), self._copy_seed),
            "reuse": (self.tr("Reuse prompt"), self._reuse_prompt),
            "lock": (self.tr("Reuse prompt, seed and options"), self._reuse_all),
            "mask": (self.tr("Reload this mask"), self._restore_mask),
        }
        made = {}
        for icon, (text, slot) in rows.items():
            made[icon] = QAction(text, self)
            set_icon(made[icon], icon)
            made[icon].triggered.connect(slot)
        return made

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(2)
        for action in self._actions.values():
            button = configure(QToolButton(), name=action.text())
            button.setDefaultAction(action)
            button.setIconSize(QSize(18, 18))
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._bar = QWidget()
        self._bar.setLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self._note, self._news, self.stale, self.list, self._bar, self.editor):
            column.addWidget(widget, int(widget is self.list))
        column.addStretch(1)  # below the note, while there is no list

    def _connect(self) -> None:
        self._document.edits_changed.connect(self._rebuild)
        self._browser.changed.connect(self._mark)
        self.list.itemClicked.connect(lambda item: self._browser.select(_edit(item).id))
        self.list.currentItemChanged.connect(self._choose)
        self.list.itemDoubleClicked.connect(self._edit_recipe)
        self.list.opened.connect(self._edit_recipe)
        self.list.discarded.connect(self._browser.discard)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.stale.clicked.connect(self.replay_stale)
        self.editor.asked.connect(self.replay)

    # --- what is shown ---------------------------------------------------------------------------

    def _rebuild(self) -> None:
        edits = self._document.edits
        with QSignalBlocker(self.list):
            self.list.clear()
            for edit in reversed(edits):
                item = QListWidgetItem()
                item.setData(EDIT, edit)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, summary(edit))
                item.setToolTip("\n".join((title_of(edit), details(edit), made_at(edit))))
                self.list.addItem(item)
        self.list.setVisible(bool(edits))
        self._bar.setVisible(bool(edits))
        self._note.setVisible(not edits)
        stale = sum(edit.stale and edit.can_be_stale for edit in edits)
        self.stale.setText(
            self.tr("Replay 1 later edit")
            if stale == 1
            else self.tr("Replay {} later edits").format(stale)
        )
        self.stale.setVisible(stale > 0)
        self._mark()

    def _mark(self) -> None:
        """Show which edit is looked at, and drop the form of one that has gone."""
        edit = self._browser.edit
        row = -1 if edit is None else len(self._document.edits) - 1 - _place(self._document, edit)
        with QSignalBlocker(self.list):
            self.list.setCurrentRow(row)
        for action in self._actions.values():
            action.setEnabled(edit is not None)
        for key in _OF_RECIPE:
            self._actions[key].setEnabled(self._settings is not None)
        if edit is None or edit.id != self.editor.edit_id:
            self.editor.close_form()

    def set_ready(self, ready: bool) -> None:
        """Whether edits can be run again now."""
        self.stale.setEnabled(ready)
        self.editor.set_ready(ready)

    def follow(self, state: GenerationState) -> None:
        """Say which edit of how many is being run again, if any is."""
        if state.replaying is not None:
            news = self.tr("Replaying edit {} of {}; Cancel stops it.")
            self._news.setText(news.format(*state.replaying))
        self._news.setVisible(state.replaying is not None)

    # --- what can be done ------------------------------------------------------------------------

    @property
    def current(self) -> Edit | None:
        """The edit the buttons act on."""
        return self._browser.edit

    @property
    def _settings(self) -> ResolvedSettings | None:
        """Those of the current edit, if it was generated."""
        edit = self.current
        return None if edit is None or edit.recipe is None else edit.recipe.settings

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._browser.select(_edit(item).id)

    def _show_menu(self, at: QPoint) -> None:
        item = self.list.itemAt(at)
        if item is not None:
            self._browser.select(_edit(item).id)
            menu = QMenu(self)
            menu.addActions(list(self._actions.values()))
            menu.popup(self.list.viewport().mapToGlobal(at))

    def _edit_recipe(self) -> None:
        edit = self.current
        if edit is not None and edit.recipe is not None:
            self.editor.open_form(edit)

    def _copy_prompt(self) -> None:
        settings = self._settings
        if settings is not None:
            QGuiApplication.clipboard().setText(settings.prompt)

    def _copy_seed(self) -> None:
        if self.current is not None and self.current.recipe is not None:
            QGuiApplication.clipboard().setText(str(_seed(self.current, self.current.recipe)))

    def _reuse_prompt(self) -> None:
        if self._settings is not None:
            self.reuse_prompt.emit(self._settings)

    def _reuse_all(self) -> None:
        if self._settings is not None:
            self.reuse_all.emit(self._settings)

    def _restore_mask(self) -> None:
        edit = self.current
        if edit is not None:
            cover = self._document.cover * 0
            cover[edit.box.slices] = edit.mask * 255 if edit.cover is None else edit.cover
            replace_mask(self._document, self.tr("Reload mask"), cover)


class EditList(QListWidget):
    """The rows, and the keys that act on the chosen one."""

    opened = Signal()
    discarded = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        key = event.key()
        if key == Qt.Key.Key_Delete:
            self.discarded.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)


def _edit(item: QListWidgetItem) -> Edit:
    return cast(Edit, item.data(EDIT))


def _place(document: Document, edit: Edit) -> int:
    ids: list[UUID] = [other.id for other in document.edits]
    return ids.index(edit.id)


def _seed(edit: Edit, recipe: Recipe) -> int:
    """The seed of what is on the canvas."""
    return recipe.settings.seed if edit.chosen is None else edit.variants[edit.chosen].seed
