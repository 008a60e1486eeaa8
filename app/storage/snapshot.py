"""Conversion between the open document and the pictures stored in files and journals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.document.document import Document
from app.storage.formats.picture import Picture


def picture_of(document: Document, view: Mapping[str, float]) -> Picture:
    """An independent copy of the current picture. Copies the canvas but shares the edits."""
    sketch = document.sketch
    return Picture(
        stack=document.stack(),
        cover=document.cover.copy(),
        filled=document.filled,
        sketch=None if sketch is None else sketch.copy(),
        view=dict(view),
    )


def show(picture: Picture, document: Document, path: Path | None, *, saved: bool) -> None:
    """Show a picture in the document. saved: the file at `path` holds all of it."""
    document.restore(
        picture.stack,
        picture.cover,
        picture.sketch,
        path,
        filled=picture.filled,
    )
    if not saved:
        document.undo_stack.resetClean()
