"""The recipes of a picture's fills as JSON, embedded in a plain image if the artist wishes.

{"lazydiff": 1, "edits": [{"box": [left, top, right, bottom], "recipe": {...}}, ...]}: the visible
edits, oldest first, with recipes as in a project file.
"""

from __future__ import annotations

import logging
from itertools import accumulate

from app.document.edits import Edit, Recipe
from app.storage.formats.codec import dump, get, load, recipe_from_json, recipe_to_json
from app.storage.formats.contents import Project
from lazydiff_core.errors import ProjectError

_log = logging.getLogger(__name__)
_VERSION = 1
_SHELL = len('{"lazydiff":1,"edits":[]}')
_MAX_RECIPES = 10_000


def note_of(picture: Project, most_bytes: int) -> str:
    """ASCII text for `recipes_in`, of at most `most_bytes`: the latest edits that fit."""
    written = [_edit(edit) for edit in picture.stack.edits if edit.chosen is not None]
    lengths = accumulate(len(text) + 1 for text in reversed(written))
    count = sum(_SHELL + length <= most_bytes for length in lengths)
    kept = written[len(written) - count :]
    return f'{{"lazydiff":{_VERSION},"edits":[{",".join(kept)}]}}'


def recipes_in(note: str) -> tuple[Recipe, ...]:
    """The recipes in a note; empty if the note is damaged or not from LazyDiff."""
    if '"lazydiff"' not in note:
        return ()
    try:
        rows = get(load(note), "edits", list)[:_MAX_RECIPES]
        found = (row for row in rows if isinstance(row, dict))
        return tuple(recipe_from_json(get(row, "recipe", dict)) for row in found)
    except ProjectError as error:
        _log.info("A picture tells nothing of use about its fills: %s", error)
        return ()


def _edit(edit: Edit) -> str:
    box = edit.box
    sides = [box.left, box.top, box.right, box.bottom]
    return dump({"box": sides, "recipe": recipe_to_json(edit.recipe)})
