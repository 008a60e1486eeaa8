"""What the canvas shows before a fill lands, and what an edit has covered."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.actions.state import AppState
from app.canvas.layers import Layers
from app.controllers.state_tracker import StateTracker
from app.document.variants import VariantBrowser
from app.engine.generation import Generation


class FillPreview(QObject):
    """Shows the running fill as it grows or, on request, what was there before an edit."""

    def __init__(
        self, layers: Layers, generation: Generation, browser: VariantBrowser, tracker: StateTracker
    ) -> None:
        super().__init__(layers)
        self._layers, self._generation, self._browser = layers, generation, browser
        generation.previewed.connect(layers.show_preview)
        browser.compared.connect(self._compare)
        tracker.changed.connect(self._on_state)

    def _on_state(self, state: AppState) -> None:
        if not state.is_filling:
            self._layers.clear_preview()

    def _compare(self, shown: bool) -> None:
        edit = self._browser.edit
        if self._generation.is_running:
            return
        if shown and edit is not None:
            self._layers.show_preview(edit.box, edit.before, edit.mask)
        else:
            self._layers.clear_preview()
