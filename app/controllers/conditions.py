"""What can be done now: the conditions that the table of actions names."""

from __future__ import annotations

from app.controllers.live_fill import LiveFill
from app.controllers.recipe_import import RecipeImport
from app.document.document import Document
from app.document.variants import VariantBrowser
from app.engine.session import Session


def holding(
    document: Document,
    session: Session,
    browser: VariantBrowser,
    recipe_import: RecipeImport,
    live: LiveFill,
) -> frozenset[str]:
    """The keys of `actions.REASONS` that are fulfilled."""
    edit = browser.edit
    facts = {
        "mask": document.has_mask,
        "engine": session.info is not None,
        "working engine": not session.fault,
        "teachable": session.info is not None and session.info.teachable,
        "running": session.is_running or session.is_switching or live.has_preview,
        "live fill": live.has_preview,
        "earlier fill": bool(document.edits) or document.asked,
        "edit": edit is not None,
        "variants": edit is not None and len(edit.variants) > 1,
        "sketch": document.has_sketch,
        "stale": any(row.stale and row.chosen is not None for row in document.edits),
        "recipes": bool(recipe_import.recipes),
        "undo": document.undo_stack.canUndo(),
        "redo": document.undo_stack.canRedo(),
    }
    return frozenset(name for name, fact in facts.items() if fact)
