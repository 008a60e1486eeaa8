"""Between the document on the screen and the pictures that files and journals keep."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.document.document import Document
from app.storage.formats.picture import Picture


def picture_of(document: Document, view: Mapping[str, float]) -> Picture:
    """The picture as it is now, which later changes leave alone. Copies the canvas, no edits."""
    sketch = document.sketch
    return Picture(
        stack=document.stack(),
        cover=document.cover.copy(),
        filled=document.filled,
        sketch=None if sketch is None else sketch.copy(),
        view=dict(view),
    )


def show(picture: Picture, document: Document, path: Path | None, *, saved: bool) -> None:
    """Start the document over with a picture. saved: `path` holds all of it."""
    document.restore(
        picture.stack,
        picture.cover,
        picture.sketch,
        path,
        filled=picture.filled,
    )
    if not saved:
        document.undo_stack.resetClean()
