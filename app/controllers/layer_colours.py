"""Layer > Hue, saturation, brightness: seen on the canvas while the dialog is open."""

from __future__ import annotations

from app.canvas.view import CanvasView
from app.document.colour_shift import ColourShift
from app.document.commands import change_edit
from app.document.document import Document
from app.document.edits import Edit
from app.panels.dialogs.dialogs import Dialogs
from app.ui.messages import Messages
from app.ui.translation import translate


def adjust_layer(view: CanvasView, dialogs: Dialogs, messages: Messages) -> None:
    """Give the chosen layer other colours, in one step."""
    document, chosen = view.document, view.chosen_layer()
    index = next((k for k, e in enumerate(document.edits) if e.id == chosen), None)
    if index is None or view.is_busy:
        return
    edit = document.edits[index]
    if not edit.shows:
        messages.news(translate("Layers", "This layer is hidden: show it first."))
        return
    with view.pointing.lent():
        wanted = dialogs.ask_colour_shift(
            lambda how: _show(document, index, how.on(edit, all_variants=False))
        )
        document.dry()
        if wanted is not None and wanted != ColourShift():
            change_edit(document, translate("Layers", "Adjust colors"), wanted.on(edit))


def _show(document: Document, index: int, changed: Edit) -> None:
    """Show an edit in the place of the one at `index`, until the document is dry."""
    box, edits = changed.box, document.edits
    canvas = document.dry_pixels(box)
    for edit in reversed(edits[index:]):
        edit.lift(canvas, box)
    for edit in (changed, *edits[index + 1 :]):
        edit.paint(canvas, box)
    document.write_wet(box, canvas)
