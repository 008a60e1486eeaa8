"""Fills of the mask: from the document to a row of the timetable and back to the document."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QCoreApplication

from app.document.commands import add_edit, change_edit, edit_of_mask
from app.document.document import Document
from app.document.edits import Edit, beneath
from app.engine.jobs import RunRequest
from app.engine.requests import another_try, edit_from, info_for, joined, request_for
from app.engine.timetable import FillRow, Row, Timetable
from lazydiff_core.contract import EditRequest, EditResult, EngineInfo, Pixels
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.geometry.box import bounds_of
from lazydiff_core.geometry.window import visible_to_model


class Fills:
    """Keeps fill rows and document in step: queued masks, and canvases that have changed."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._taken: tuple[tuple[Edit, ...], Pixels] | None = None
        self.info: EngineInfo | None = None

    def row(self, settings: GenerationSettings) -> FillRow:
        """The fill of the current mask; only a removal needs no model."""
        document, native_side = self._document, info_for(settings, self.info).native_side
        request = request_for(document, settings, self.canvas())
        hole = bounds_of(request.mask)
        visible = visible_to_model(hole, document.box, native_side, request.settings.scope)
        return FillRow.of(request, hole, visible)

    def row_of(self, request: EditRequest, name: str) -> FillRow:
        """A fill that is asked for as it is; its edit gets the name."""
        side = info_for(request.settings, self.info).native_side
        hole = bounds_of(request.mask)
        visible = visible_to_model(hole, self._document.box, side, request.settings.scope)
        return replace(FillRow.of(request, hole, visible), name=name)

    def row_again(self, settings: GenerationSettings) -> FillRow:
        """Another try of the edit that fills the mask; if there is none, a first fill."""
        document, edit = self._document, edit_of_mask(self._document)
        if edit is None:
            return self.row(settings)
        assert self.info is not None
        canvas = beneath(edit, document.pixels)
        request = another_try(document, edit, settings, self.info, canvas)
        side = info_for(request.settings, self.info).native_side
        visible = visible_to_model(edit.box, document.box, side, request.settings.scope)
        return FillRow.of(request, edit.box, visible, edit)

    def work(self, row: Row) -> RunRequest:
        assert isinstance(row, FillRow)
        return RunRequest(row.request)

    def land(self, row: Row, value: EditResult) -> None:
        """Put the result on the canvas as one undo step."""
        assert isinstance(row, FillRow)
        info = info_for(row.request.settings, self.info)
        made = edit_from(row.request, value, info, self._document.pixels)
        edit = replace(made, name=row.name)
        tried = self._tried(row)
        whole = None if tried is None else joined(tried, edit)
        if whole is None:
            add_edit(self._document, QCoreApplication.translate("Fills", "Fill"), edit)
        else:
            change_edit(self._document, QCoreApplication.translate("Fills", "Try again"), whole)

    def _tried(self, row: FillRow) -> Edit | None:
        """The current edit that `row` tries again, if its canvas is unchanged; else None."""
        if row.again is None:
            return None
        found = next((edit for edit in self._document.edits if edit.id == row.again.id), None)
        below = row.request.image[row.again.box.slices]
        return found if found is not None and np.array_equal(found.before, below) else None

    def fail(self, row: Row, sentence: str) -> None:
        """Nothing to do: a failed fill leaves the document unchanged."""

    def canvas(self) -> Pixels:
        """A copy of the current pixels, cached until the edits change."""
        edits = self._document.edits
        if self._taken is None or self._taken[0] is not edits:
            self._taken = edits, self._document.dry_pixels()
        return self._taken[1]

    def compared(self, table: Timetable) -> Timetable:
        """The timetable compared with the current canvas."""
        return table.compared(self.canvas()) if table.fills else table

    def landed(self, table: Timetable, done: FillRow) -> Timetable:
        """The timetable after a fill has landed on the canvas."""
        rest = table.without({done.id})
        return rest.landed(done, self.canvas()) if rest.fills else rest

    def mark_mask(self, table: Timetable) -> None:
        """Mark the mask as queued or not, so that the next stroke starts a new mask if it is."""
        document, rows = self._document, table.fills
        if not rows:
            self._taken = None
        cover = document.soft_cover() if rows and document.has_mask else None
        document.set_asked(any(row.fills(document.mask, cover) for row in rows))
