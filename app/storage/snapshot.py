"""Conversion between the open document and the pictures stored in files and journals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.document.document import Document
from app.document.source_file import Stamp
from app.storage.formats.contents import Project


def project_of(document: Document, view: Mapping[str, float]) -> Project:
    """An independent copy of the current picture. Copies the canvas but shares the edits."""
    sketch = document.sketch
    return Project(
        stack=document.stack(),
        cover=document.cover.copy(),
        filled=document.filled,
        sketch=None if sketch is None else sketch.copy(),
        view=dict(view),
        source=document.source,
    )


def show(
    picture: Project,
    document: Document,
    path: Path | None,
    *,
    saved: bool,
    stamp: Stamp | None = None,
) -> None:
    """Show a picture in the document. saved: the file at `path`, with this stamp, holds it all."""
    document.restore(
        picture.stack,
        picture.cover,
        picture.sketch,
        path,
        filled=picture.filled,
        source=picture.source,
        stamp=stamp,
    )
    if not saved:
        document.undo_stack.resetClean()


def stamp_of(path: Path) -> Stamp | None:
    """The stamp of a file now; None if there is none, or it cannot be looked at."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Stamp(found.st_mtime_ns, found.st_size)
