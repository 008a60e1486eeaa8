"""Everything the artist can do, in one table, a module a pair of menus."""

from __future__ import annotations

from app.actions import file_actions as picture
from app.actions import generate_actions as generating
from app.actions import help_actions as helping
from app.actions import paint_actions as painting
from app.actions import view_actions as looking
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
