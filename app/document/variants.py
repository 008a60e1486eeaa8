"""Browsing the variants of an edit: the newest edit, unless the artist picks another."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.document.commands import change_edit
from app.document.document import Document
from app.document.edits import Edit


class VariantBrowser(QObject):
    """Puts variants on the canvas. Choosing is an undo step; consecutive choices are one step.

    All variants stay in the edit until the artist applies one alone or discards them.
    """

    changed = Signal()  # another edit, other variants, or another choice
    compared = Signal(bool)  # whether the canvas shows what the edit covered

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._known: dict[UUID, int] = {}  # how many variants each edit had
        self._selected: UUID | None = None
        document.edits_changed.connect(self._follow)
        document.replaced.connect(self._start_over)

    @property
    def edit(self) -> Edit | None:
        """The edit being browsed; None if there is none."""
        return next((e for e in self._document.edits if e.id == self._selected), None)

    @property
    def selected(self) -> UUID | None:
        """The id of the edit being browsed."""
        return self._selected

    def select(self, edit_id: UUID | None) -> None:
        self._selected = edit_id
        self.changed.emit()

    def choose(self, number: int) -> None:
        """Show a variant on the canvas."""
        edit = self.edit
        if edit is not None and 0 <= number < len(edit.variants) and number != edit.chosen:
            changed = replace(edit, chosen=number)
            change_edit(self._document, self.tr("Other variant"), changed, step=edit.id)

    def next(self) -> None:
        self._flip(1)

    def previous(self) -> None:
        self._flip(-1)

    def apply(self) -> None:
        """Keep only the chosen variant and stop browsing."""
        edit = self.edit
        if edit is None or edit.chosen is None:
            return
        if len(edit.variants) > 1:
            kept = (edit.variants[edit.chosen],)
            changed = replace(edit, variants=kept, chosen=0)
            change_edit(self._document, self.tr("Apply variant"), changed)
        self.select(None)

    def keep_all(self) -> None:
        """Keep every variant, with the chosen one on the canvas, and stop browsing."""
        self.select(None)

    def discard(self) -> None:
        """Drop the chosen variant; the last variant is kept but taken off the canvas."""
        edit = self.edit
        if edit is None or edit.chosen is None:
            return
        rest = edit.variants[: edit.chosen] + edit.variants[edit.chosen + 1 :]
        if rest:
            changed = replace(edit, variants=rest, chosen=min(edit.chosen, len(rest) - 1))
        else:
            changed = replace(edit, chosen=None)
        change_edit(self._document, self.tr("Discard variant"), changed)

    def compare(self, shown: bool) -> None:
        """Show (True) or stop showing what the edit covered, while a key or button is held."""
        if self.edit is not None:
            self.compared.emit(shown)

    def _flip(self, by: int) -> None:
        edit = self.edit
        if edit is not None and edit.variants:
            at = -1 if edit.chosen is None and by > 0 else edit.chosen or 0
            self.choose((at + by) % len(edit.variants))

    def _follow(self) -> None:
        """Browse the edit that is new or has new variants; if the browsed edit is gone, the latest
        that is left."""
        now = {edit.id: len(edit.variants) for edit in self._document.edits}
        grown = [edit_id for edit_id, count in now.items() if count > self._known.get(edit_id, 0)]
        if grown:
            self._selected = grown[-1]
        elif self._selected is not None and self._selected not in now:
            self._selected = next(reversed(now), None)
        self._known = now
        self.changed.emit()

    def _start_over(self) -> None:
        self._known, self._selected = {}, None
