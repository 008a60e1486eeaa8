"""What can be done to the layers of a document. Each is an undo step; the id of none does nothing.

A layer is an edit; the index of the lowest is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from app.document.commands import EditsCommand, change_edit, is_whole_mask
from app.document.document import Document
from app.document.edit_stack import EditStack
from app.document.edits import Edit
from app.ui.translation import translate
from lazydiff_core.contract import Box
from lazydiff_core.geometry.compositing import BlendMode


def rename(document: Document, edit_id: UUID, name: str) -> None:
    """Call it `name`; "" = by its prompt."""
    _alter(document, edit_id, translate("Layers", "Rename layer"), name=name.strip())


def show(document: Document, edit_id: UUID, visible: bool) -> None:
    text = translate("Layers", "Show layer") if visible else translate("Layers", "Hide layer")
    _alter(document, edit_id, text, visible=visible)


def set_opacity(document: Document, edit_id: UUID, opacity: float, drag: object = None) -> None:
    """opacity: 0..1. drag: consecutive changes of one drag are one step."""
    step = None if drag is None else (edit_id, drag)
    text = translate("Layers", "Layer opacity")
    _alter(document, edit_id, text, step, opacity=opacity)


def set_blend(document: Document, edit_id: UUID, blend: BlendMode) -> None:
    _alter(document, edit_id, translate("Layers", "Blend mode"), blend=blend)


def move(document: Document, edit_id: UUID, to: int) -> None:
    """Give it the index `to`, or the nearest that there is."""
    text, last = translate("Layers", "Move layer"), len(document.edits) - 1

    def moved(stack: EditStack, index: int) -> EditStack:
        return stack.moved(index, min(max(to, 0), last))

    index = index_of(document, edit_id)
    if index is not None and index != min(max(to, 0), last):
        _restack(document, edit_id, text, moved)


def delete(document: Document, edit_id: UUID) -> None:
    """Take it off; a mask that it filled is to be filled again."""
    _restack(
        document, edit_id, translate("Layers", "Delete layer"), EditStack.without, empties=True
    )


def merge_down(document: Document, edit_id: UUID) -> None:
    """Make one of it and the one below, which keeps its id; the lowest cannot be merged."""
    index = index_of(document, edit_id)
    if index:
        box = document.edits[index - 1].box.union(document.edits[index].box)
        text = translate("Layers", "Merge down")
        _restack(document, edit_id, text, EditStack.merged_down, box)


def duplicate(document: Document, edit_id: UUID, name: str = "") -> None:
    """Put another one above it, called `name`; "" = as it is called."""
    text = translate("Layers", "Duplicate layer")
    _restack(document, edit_id, text, lambda stack, index: stack.duplicated(index, name))


def index_of(document: Document, edit_id: UUID) -> int | None:
    return next((k for k, edit in enumerate(document.edits) if edit.id == edit_id), None)


def _alter(
    document: Document, edit_id: UUID, text: str, step: object = None, **changes: object
) -> None:
    index = index_of(document, edit_id)
    if index is None:
        return
    edit = document.edits[index]
    if any(getattr(edit, name) != value for name, value in changes.items()):
        changed: Edit = replace(edit, **changes)  # type: ignore[arg-type]
        change_edit(document, text, changed, step=step)


def _restack(
    document: Document,
    edit_id: UUID,
    text: str,
    change: Callable[[EditStack, int], EditStack],
    box: Box | None = None,
    *,
    empties: bool = False,
) -> None:
    """Push the command of a change that reaches no further than `box`; None = that of the edit.

    empties: a mask that the edit filled is to be filled again.
    """
    index = index_of(document, edit_id)
    if index is None:
        return
    edit = document.edits[index]
    stack = EditStack.under(document.pixels, document.edits, box or edit.box)
    edits = change(stack, index).edits
    fills = False if empties and document.filled and is_whole_mask(document, edit) else None
    document.undo_stack.push(EditsCommand(document, text, edits, fills=fills))
