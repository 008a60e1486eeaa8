"""Everything the artist can do, in one table, a module a pair of menus."""

from __future__ import annotations

from app.actions import generating, helping, looking, painting, picture
from app.actions.action import CAN_FILL, REASONS, SUBMENUS, Action
from app.actions.gestures import GESTURES

__all__ = ["ACTIONS", "CAN_FILL", "GESTURES", "REASONS", "SUBMENUS", "Action"]

ACTIONS: tuple[Action, ...] = (
    *picture.ROWS,
    *painting.ROWS,
    *looking.ROWS,
    *generating.ROWS,
    *helping.ROWS,
)
