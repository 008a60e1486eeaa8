"""What can be done now: the conditions that the table of actions names."""

from __future__ import annotations

from app.document import Document
from app.session import Session


def holding(document: Document, session: Session) -> frozenset[str]:
    """The keys of `actions.REASONS` that are fulfilled."""
    fill = session.fill
    facts = {
        "mask": document.has_mask,
        "engine": session.info is not None,
        "working engine": not session.fault,
        "running": session.is_running,
        "earlier fill": fill is not None,
        "variants": fill is not None and len(fill.result.patches) > 1,
        "undo": document.undo_stack.canUndo(),
        "redo": document.undo_stack.canRedo(),
    }
    return frozenset(name for name, fact in facts.items() if fact)
