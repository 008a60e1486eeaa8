"""The recipes of a picture's fills, embedded in a plain picture if the artist wishes.

As rows of `lazydiff_core.images.recipe_notes`: the visible edits, oldest first, with recipes as
in a project file; "text" is what was taken of a prompt's choices.
"""

from __future__ import annotations

import logging

from app.document.edits import Edit, Recipe
from app.storage.formats.codec import Json, get, recipe_from_json, recipe_to_json
from app.storage.formats.contents import Project
from lazydiff_core.errors import ProjectError
from lazydiff_core.images import recipe_notes
from lazydiff_core.prompts.markup import choices_in, chosen

_log = logging.getLogger(__name__)
_MAX_BYTES = 1_000_000


def note_of(project: Project, most_bytes: int = _MAX_BYTES) -> str:
    """ASCII text for `recipes_in`, of at most `most_bytes`: the latest edits that fit."""
    edits = (edit for edit in project.stack.edits if edit.shows)
    shown = [_row(edit, edit.recipe) for edit in edits if edit.recipe is not None]
    return recipe_notes.note_of(shown, most_bytes)


def recipes_in(note: str) -> tuple[Recipe, ...]:
    """The recipes in a note; empty if the note is damaged or not from LazyDiff."""
    found = (row for row in recipe_notes.edits_in(note) if isinstance(row, dict))
    try:
        return tuple(recipe_from_json(get(row, "recipe", dict)) for row in found)
    except ProjectError as error:
        _log.info("A picture tells nothing of use about its fills: %s", error)
        return ()


def _row(edit: Edit, recipe: Recipe) -> Json:
    box = edit.box
    sides = [box.left, box.top, box.right, box.bottom]
    row: Json = {"box": sides, "recipe": recipe_to_json(recipe)}
    prompt = recipe.settings.prompt
    if choices_in(prompt) > 1 and edit.chosen is not None:
        row["text"] = chosen(prompt, edit.variants[edit.chosen].seed)
    return row
