"""Keeps the snapshot up to date that decides what can be done."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from app.actions.state import AppState
from app.canvas.object_finder import ObjectFinder
from app.controllers.live_fill import LiveFill
from app.controllers.recipe_import import RecipeImport
from app.document.commands import edit_of_mask
from app.document.cutouts import has_thing, is_cut_out
from app.document.document import Document
from app.document.layer_commands import index_of
from app.document.variants import VariantBrowser
from app.engine.generation import Generation


class StateTracker(QObject):
    """Looks once a turn of the event loop, however much has happened in it."""

    changed = Signal(object)  # AppState, another than before
    _stirred = Signal()

    def __init__(
        self,
        document: Document,
        generation: Generation,
        browser: VariantBrowser,
        recipe_import: RecipeImport,
        live: LiveFill,
        objects: ObjectFinder,
    ) -> None:
        super().__init__(document)
        self._document, self._generation, self._browser = document, generation, browser
        self._recipe_import, self._live, self._objects = recipe_import, live, objects
        self._is_due = False
        self.state = AppState()
        self._stirred.connect(self.settle, Qt.ConnectionType.QueuedConnection)
        for signal in (
            document.mask_changed,
            document.undo_stack.indexChanged,
            browser.changed,
            recipe_import.changed,
            live.changed,
            objects.changed,
            generation.state_changed,
        ):
            signal.connect(self.stir)

    def stir(self) -> None:
        """Something may have changed."""
        if not self._is_due:
            self._is_due = True
            self._stirred.emit()

    def settle(self) -> None:
        """Look now, if anything may have changed."""
        if self._is_due:
            self._is_due = False
            state = self._look()
            if state != self.state:
                self.state = state
                self.changed.emit(state)

    def _look(self) -> AppState:
        document, generation, live = self._document, self._generation, self._live
        edit, info = self._browser.edit, generation.info
        place = None if edit is None else index_of(document, edit.id)
        return AppState(
            has_mask=document.has_mask,
            object_is_sought=self._objects.is_waiting,
            has_alpha=document.has_alpha,
            mask_is_filled=edit_of_mask(document) is not None,
            has_sketch=document.has_sketch,
            has_fill=document.asked or any(row.recipe is not None for row in document.edits),
            has_layers=any(row.shows for row in document.edits),
            has_edit=edit is not None,
            layers_below=place or 0,
            layers_above=0 if place is None else len(document.edits) - 1 - place,
            has_cut_out=edit is not None and edit.shows and is_cut_out(edit),
            has_thing=edit is not None and has_thing(edit),
            has_variants=edit is not None and len(edit.variants) > 1,
            has_stale_edits=any(row.stale and row.can_be_stale for row in document.edits),
            has_recipes=bool(self._recipe_import.recipes),
            can_undo=document.undo_stack.canUndo(),
            can_redo=document.undo_stack.canRedo(),
            engine_works=not generation.state.fault,
            engine_is_ready=info is not None,
            is_switching=generation.state.is_switching,
            is_released=generation.state.released,
            is_teachable=info is not None and info.teachable,
            is_filling=generation.is_running,
            live_is_on=live.enabled,
            has_live_fill=live.has_preview,
            live_limit=live.limit if live.enabled and live.is_too_large else None,
        )
