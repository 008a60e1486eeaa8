"""Changes to record, and how a test reads what was written."""

from __future__ import annotations

from pathlib import Path

from app.storage.formats.contents import Project
from app.storage.formats.raster import planes_of
from app.storage.journal.reader import Recovered, read_journal
from app.storage.journal.recorder import Change, Patch
from lazydiff_core.contract import Box


def change(picture: Project, number: int = 0, *, first: bool = True) -> Change:
    """All of a picture."""
    height, width = picture.size
    box = Box(0, 0, width, height)
    patches = [Patch("cover", box, planes_of(picture.cover))]
    if picture.sketch is not None:
        patches.append(Patch("sketch", box, picture.sketch))
    state = {
        "filled": picture.filled,
        "sketch": picture.sketch is not None,
        "saved": False,
        "path": "/a/b.png",
        "time": float(number),
        "view": dict(picture.view),
    }
    base = picture.stack.base if first else None
    return Change(base, picture.stack.edits, tuple(patches), state)


def read(data: bytes, path: Path) -> Recovered | None:
    path.write_bytes(data)
    return read_journal(path)
