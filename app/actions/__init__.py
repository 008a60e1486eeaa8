"""Everything the artist can do, in one table, a module a pair of menus."""

from __future__ import annotations

from app.actions import generating, looking, painting, picture
from app.actions.action import CAN_FILL, REASONS, SUBMENUS, Action

__all__ = ["ACTIONS", "CAN_FILL", "REASONS", "SUBMENUS", "Action"]

ACTIONS: tuple[Action, ...] = (
    *picture.ROWS,
    *painting.ROWS,
    *looking.ROWS,
    *generating.ROWS,
)
