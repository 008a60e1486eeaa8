"""The layers of the picture, the topmost first: what was asked, how it shows, doing it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QPoint, QSignalBlocker, QSize, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.document import layer_commands as layers
from app.document.commands import replace_mask
from app.document.document import Document
from app.document.edits import Edit
from app.document.variants import VariantBrowser
from app.engine.generation_state import GenerationState
from app.panels.fill.layer_list import LayerList
from app.panels.fill.layer_rows import BLEND_TITLES, title_of
from app.panels.fill.recipe_form import RecipeEditor
from app.ui.dial import Dial
from app.ui.icons import set_icon
from app.ui.translation import translate
from app.ui.widgets import configure
from lazydiff_core.generation_settings import ResolvedSettings
from lazydiff_core.geometry.compositing import BlendMode

_IN_MENU_ONLY = ("copy", "seed")


class LayersPanel(QWidget):
    """A row a layer. Choosing one shows its variants above; the controls act on it."""

    reuse_prompt = Signal(object)  # GenerationSettings
    reuse_all = Signal(object)  # GenerationSettings
    replay = Signal(object, object)  # UUID, GenerationSettings
    replay_stale = Signal()
    wanted = Signal()  # to be seen

    def __init__(
        self, document: Document, browser: VariantBrowser, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._browser = browser
        self._drag = 0  # counts drags of the opacity: each is one undo step
        self._is_ready = False
        self._own: Sequence[QAction] = ()
        self._note = configure(QLabel(self.tr("Your fills appear here as layers.")), style="dim")
        self._note.setWordWrap(True)
        self.list = configure(
            LayerList(),
            style="history",
            name=self.tr("Layers"),
            tip=self.tr(
                "Click: see the variants of a layer. Double-click its name to rename it, its "
                "picture or Enter to change and replay it. Drag to reorder. Space: hide. Delete."
            ),
        )
        self.blend = configure(
            QComboBox(),
            name=self.tr("Blend mode"),
            tip=self.tr("How the layer's colors meet those beneath it"),
        )
        for mode, title in BLEND_TITLES.items():
            self.blend.addItem(translate("EditRows", title), mode)
        self.opacity = Dial(self.tr("Layer opacity in percent"), 0, 100, suffix=" %")
        self.opacity.setToolTip(self.tr("How much of the layer shows"))
        self._news = configure(QLabel(), style="news")
        self._news.hide()
        self.editor = RecipeEditor()
        self.editor.hide()
        self.stale = QPushButton()
        configure(self.stale, name=self.tr("Replay stale layers"))
        self.stale.setToolTip(
            self.tr("Something beneath these layers has changed since they were made.")
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
        mixing = _row(6)
        mixing.addWidget(self.blend, 2)
        mixing.addWidget(self.opacity, 3)
        self._mixing = _widget(mixing)
        self._buttons = _row(2)
        for key, action in self._actions.items():
            if key not in _IN_MENU_ONLY:
                self._buttons.addWidget(_button(action))
        self._buttons.addStretch(1)
        self._bar = _widget(self._buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        shown = (self._note, self._news, self.stale, self._mixing, self.list, self._bar)
        for widget in (*shown, self.editor):
            column.addWidget(widget, int(widget is self.list))
        column.addStretch()  # below the note, while there is no list

    def add_actions(self, bar: Sequence[QAction], menu: Sequence[QAction]) -> None:
        """What can be done to layers: buttons at the right of the bar, the top of the menu."""
        self._own = menu
        for action in bar:
            self._buttons.addWidget(_button(action))

    def _connect(self) -> None:
        rows = self.list
        self._document.edits_changed.connect(self._rebuild)
        self._browser.changed.connect(self._mark)
        rows.selected.connect(self._browser.select)
        rows.opened.connect(self._open)
        rows.eye_clicked.connect(self._toggle)
        rows.replay_asked.connect(self._replay)
        rows.deleted.connect(self._delete)
        rows.renamed.connect(lambda which, name: layers.rename(self._document, which, name))
        rows.reordered.connect(lambda which, to: layers.move(self._document, which, to))
        rows.customContextMenuRequested.connect(self._show_menu)
        self.blend.activated.connect(self._on_blend)
        self.opacity.changed.connect(self._on_opacity)
        self.opacity.pressed.connect(self._begin_drag)
        self.stale.clicked.connect(self.replay_stale)
        self.editor.asked.connect(self.replay)

    # --- what is shown ---------------------------------------------------------------------------

    def _rebuild(self) -> None:
        edits = self._document.edits
        self.list.show_edits(edits)
        for widget in (self._mixing, self.list, self._bar):
            widget.setVisible(bool(edits))
        self._note.setVisible(not edits)
        stale = sum(edit.stale and edit.can_be_stale for edit in edits)
        self.stale.setText(
            self.tr("Replay 1 stale layer")
            if stale == 1
            else self.tr("Replay {} stale layers").format(stale)
        )
        self.stale.setVisible(stale > 0)
        self._mark()

    def _mark(self) -> None:
        """Show which layer is looked at, and drop the form of one that has gone."""
        edit = self._browser.edit
        place = None if edit is None else layers.index_of(self._document, edit.id)
        with QSignalBlocker(self.list):
            self.list.setCurrentRow(-1 if place is None else self.list.count() - 1 - place)
        for key, action in self._actions.items():
            action.setEnabled(edit is not None if key == "mask" else self._settings is not None)
        self._mixing.setEnabled(edit is not None)
        with QSignalBlocker(self.blend), QSignalBlocker(self.opacity):
            blend = BlendMode.NORMAL if edit is None else edit.blend
            self.blend.setCurrentIndex(self.blend.findData(blend))
            self.opacity.set_value(100 if edit is None else round(edit.opacity * 100))
        if edit is None or edit.id != self.editor.edit_id:
            self.editor.close_form()

    def set_ready(self, ready: bool) -> None:
        """Whether edits can be run again now."""
        self._is_ready = ready
        self.stale.setEnabled(ready)
        self.editor.set_ready(ready)

    def follow(self, state: GenerationState) -> None:
        """Say which edit of how many is being run again, if any is."""
        if state.replaying is not None:
            news = self.tr("Replaying edit {} of {}; Cancel stops it.")
            self._news.setText(news.format(*state.replaying))
        self._news.setVisible(state.replaying is not None)

    # --- what can be done to a layer -------------------------------------------------------------

    @property
    def current(self) -> Edit | None:
        """The layer the controls act on."""
        return self._browser.edit

    def rename(self) -> None:
        """Open a field for its name."""
        if self.current is not None:
            self.wanted.emit()
            self.list.setFocus()
            self.list.rename()

    def duplicate(self) -> None:
        edit = self.current
        if edit is not None:
            layers.duplicate(self._document, edit.id, self.tr("{} copy").format(title_of(edit)))

    def merge_down(self) -> None:
        edit = self.current
        index = None if edit is None else layers.index_of(self._document, edit.id)
        if edit is not None and index:
            below = self._document.edits[index - 1]
            layers.merge_down(self._document, edit.id)
            self._browser.select(below.id)

    def delete(self) -> None:
        if self.current is not None:
            self._delete(self.current.id)

    def toggle(self) -> None:
        """Hide it, or show it."""
        if self.current is not None:
            self._toggle(self.current.id)

    def move_layer(self, by: int) -> None:
        """Up, towards the topmost, or down, by less than 0."""
        index = None if self.current is None else layers.index_of(self._document, self.current.id)
        if self.current is not None and index is not None:
            layers.move(self._document, self.current.id, index + by)

    def _toggle(self, edit_id: UUID) -> None:
        index = layers.index_of(self._document, edit_id)
        if index is not None:
            layers.show(self._document, edit_id, not self._document.edits[index].visible)

    def _delete(self, edit_id: UUID) -> None:
        index = layers.index_of(self._document, edit_id)
        layers.delete(self._document, edit_id)
        left = self._document.edits
        if index is not None and left:
            self._browser.select(left[max(index - 1, 0)].id)

    def _on_blend(self) -> None:
        if self.current is not None:
            layers.set_blend(self._document, self.current.id, BlendMode(self.blend.currentData()))

    def _begin_drag(self) -> None:
        self._drag += 1

    def _on_opacity(self, percent: float) -> None:
        if self.current is not None:
            layers.set_opacity(self._document, self.current.id, percent / 100, drag=self._drag)

    def _show_menu(self, at: QPoint) -> None:
        edit = self.list.edit_at(at)
        if edit is not None:
            self._browser.select(edit.id)
            menu = QMenu(self)
            menu.addActions(list(self._own))
            menu.addSeparator()
            menu.addActions(list(self._actions.values()))
            menu.popup(self.list.viewport().mapToGlobal(at))

    # --- what can be done with its recipe --------------------------------------------------------

    @property
    def _settings(self) -> ResolvedSettings | None:
        """Those of the current layer, if it was generated."""
        edit = self.current
        return None if edit is None or edit.recipe is None else edit.recipe.settings

    def _open(self, edit_id: UUID) -> None:
        self._browser.select(edit_id)
        self._edit_recipe()

    def _replay(self, edit_id: UUID) -> None:
        """Run a stale layer again as it was asked for."""
        self._browser.select(edit_id)
        if self._is_ready and self._settings is not None:
            self.replay.emit(edit_id, self._settings)

    def _edit_recipe(self) -> None:
        edit = self.current
        if edit is not None and edit.recipe is not None:
            self.editor.open_form(edit)

    def _copy_prompt(self) -> None:
        if self._settings is not None:
            QGuiApplication.clipboard().setText(self._settings.prompt)

    def _copy_seed(self) -> None:
        """Of what is on the canvas."""
        edit, settings = self.current, self._settings
        if edit is not None and settings is not None:
            seed = settings.seed if edit.variant is None else edit.variant.seed
            QGuiApplication.clipboard().setText(str(seed))

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


def _row(spacing: int) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    return row


def _widget(row: QHBoxLayout) -> QWidget:
    widget = QWidget()
    widget.setLayout(row)
    return widget


def _button(action: QAction) -> QToolButton:
    button = configure(QToolButton(), name=action.text().rstrip("…"))
    button.setDefaultAction(action)
    button.setIconSize(QSize(18, 18))
    return button
