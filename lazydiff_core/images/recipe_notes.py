"""LazyDiff's note on the fills in a picture, as it lies in plain pictures.

{"lazydiff": 1, "edits": [{"box": [left, top, right, bottom], "recipe": {...}}, ...]}, ASCII, oldest
edit first. Files are told by their names alone: their folders are nobody else's business.
"""

from __future__ import annotations

import json
import logging
from itertools import accumulate
from pathlib import PurePath
from typing import Any

_log = logging.getLogger(__name__)
_VERSION = 1
_SHELL = len('{"lazydiff":1,"edits":[]}')
_MAX_EDITS = 10_000
_OF_FILES = ("loras", "references", "control")  # settings that name files, one a line


def note_of(edits: list[Any], most_bytes: int) -> str:
    """The latest edits that fit into so many bytes, as a note; "" if none does."""
    written = [json.dumps(_without_folders(edit), separators=(",", ":")) for edit in edits]
    lengths = accumulate(len(text) + 1 for text in reversed(written))
    count = sum(_SHELL + length <= most_bytes for length in lengths)
    kept = written[len(written) - count :]
    return f'{{"lazydiff":{_VERSION},"edits":[{",".join(kept)}]}}' if kept else ""


def _without_folders(edit: Any) -> Any:
    recipe = edit.get("recipe") if isinstance(edit, dict) else None
    if not isinstance(recipe, dict):
        return edit
    named = {
        key: "\n".join(PurePath(line).name for line in recipe[key].splitlines())
        for key in _OF_FILES
        if isinstance(recipe.get(key), str)
    }
    return {**edit, "recipe": {**recipe, **named}}


def edits_in(note: str) -> list[Any]:
    """The edits of a note; empty if it is damaged, or not from LazyDiff."""
    if '"lazydiff"' not in note:
        return []
    try:
        edits = json.loads(note)["edits"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        _log.info("A picture's note on its fills cannot be read: %s", error)
        return []
    return edits[:_MAX_EDITS] if isinstance(edits, list) else []


def joined(earlier: str, later: str, most_bytes: int) -> str:
    """One note of two; the oldest edits give way if there is not room for all."""
    edits = edits_in(earlier)
    return note_of([*edits, *(edit for edit in edits_in(later) if edit not in edits)], most_bytes)
