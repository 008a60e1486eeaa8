"""All actions of the app in one table, with one module per pair of menus."""

from __future__ import annotations

from app.actions import (
    file_actions,
    generate_actions,
    help_actions,
    image_actions,
    layer_actions,
    paint_actions,
    transform_actions,
    view_actions,
)
from app.actions.action import SUBMENUS, Action
from app.actions.gestures import GESTURES

__all__ = ["ACTIONS", "GESTURES", "SUBMENUS", "Action"]

ACTIONS: tuple[Action, ...] = (
    *file_actions.ROWS,
    *image_actions.ROWS,
    *layer_actions.ROWS,
    *transform_actions.ROWS,
    *paint_actions.ROWS,
    *view_actions.ROWS,
    *generate_actions.ROWS,
    *help_actions.ROWS,
)
