"""Things lifted from their ground: a second fill of the hole, without the prompt, and a matte."""

from __future__ import annotations

from uuid import UUID

import cv2
import numpy as np
from PySide6.QtCore import QObject, Signal

from app.document.commands import EditsCommand
from app.document.cutouts import has_thing, parts_of
from app.document.document import Document
from app.document.edits import Edit
from app.engine.generation import Generation
from app.engine.jobs import LiftedThing, LiftThing
from app.engine.requests import recipe_of, request_without_thing
from app.engine.timetable import Kind, Row
from lazydiff_core.contract import Box
from lazydiff_core.geometry.compositing import BlendMode

_SEEN = 12  # of 255: what a change of colour must be to be said
_AROUND = 12  # pixels around the hole that are looked at


class Lifts(QObject):
    """Lifts one thing at a time, in one undo step: its ground becomes an edit of its own, unless it
    is the canvas beneath."""

    lifted = Signal(object)  # UUID of the edit, which is the thing alone now
    failed = Signal(object)  # UUID
    told = Signal(str)  # what is not as it was

    def __init__(self, document: Document, generation: Generation) -> None:
        super().__init__(generation)
        self._document, self._generation = document, generation
        self._wanted: UUID | None = None
        self._edit: Edit | None = None
        self._area = Box(0, 0, 0, 0)
        generation.serve(Kind.LIFT, self)

    @property
    def is_waiting(self) -> bool:
        """Whether a thing is being lifted."""
        return self._generation.state.table.has(Kind.LIFT)

    @property
    def awaited(self) -> UUID | None:
        """The edit whose thing is being lifted; None as soon as the result is there."""
        return self._wanted if self.is_waiting else None

    def ask(self, edit_id: UUID) -> None:
        """Lift what an edit shows; nothing happens if that is on its way."""
        if self.awaited != edit_id:
            self._wanted = edit_id
            self._generation.ask(Kind.LIFT)

    # --- the client of Generation ----------------------------------------------------------------

    def work(self, row: Row) -> LiftThing | None:
        stack, info = self._document.stack(), self._generation.info
        index = None if self._wanted is None else stack.index(self._wanted)
        if index is None or info is None:
            return None
        edit = stack.edits[index]
        if not has_thing(edit):
            return None
        self._edit = edit
        self._area = edit.box.grow(_AROUND).intersection(self._document.box)
        request = request_without_thing(stack, index, info)
        shown = request.image[self._area.slices].copy()
        inside = shown[edit.box.relative_to(self._area).slices]
        np.copyto(inside, edit.pixels, where=edit.mask[..., None])
        return LiftThing(request, self._area, shown)

    def land(self, row: Row, value: LiftedThing) -> None:
        self._wanted, edit, document = None, self._edit, self._document
        index = next((k for k, other in enumerate(document.edits) if other is edit), None)
        info = self._generation.info
        if edit is None or index is None or info is None:
            self._generation.failed.emit(
                self.tr("The layer was changed meanwhile, so nothing was lifted: try again.")
            )
            self._end(edit)
            return
        assert isinstance(row.work, LiftThing)
        name = edit.name or ("" if edit.recipe is None else edit.recipe.settings.prompt)
        parts = parts_of(
            edit,
            value.parts,
            self._area,
            recipe_of(row.work.request, value.ground, info),
            self.tr("Ground of {}").format(name) if name else self.tr("Ground"),
        )
        place = edit.box.slices
        was, edits = document.pixels[place].copy(), document.stack().parted(index, parts).edits
        document.undo_stack.push(EditsCommand(document, self.tr("Lift object"), edits))
        self.lifted.emit(edit.id)
        is_mixed = edit.opacity < 1 or edit.blend is not BlendMode.NORMAL
        if is_mixed and cv2.absdiff(document.pixels[place], was).max() > _SEEN:
            self.told.emit(
                self.tr("The picture looks a little different now, by the layer's opacity or mode.")
            )

    def fail(self, row: Row, sentence: str) -> None:
        self._end(self._edit)

    def _end(self, edit: Edit | None) -> None:
        if edit is not None:
            self.failed.emit(edit.id)
