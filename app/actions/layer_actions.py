"""The actions of the menu Layer; they act on the layer that is chosen."""

from __future__ import annotations

from app.actions.action import LAYER, Action
from app.actions.state import HAS_EDIT, HAS_LAYER_ABOVE, HAS_LAYER_BELOW
from app.ui.translation import QT_TRANSLATE_NOOP

ROWS: tuple[Action, ...] = (
    Action(
        "layer-rename",
        LAYER,
        QT_TRANSLATE_NOOP("Actions", "Rename layer…"),
        do=lambda app: app.layers.rename(),
        keys=("F2",),
        needs=(HAS_EDIT,),
        tip=QT_TRANSLATE_NOOP("Actions", "Also by a double-click on its name."),
    ),
    Action(
        "layer-toggle",
        LAYER,
        QT_TRANSLATE_NOOP("Actions", "Hide or show layer"),
        do=lambda app: app.layers.toggle(),
        keys=("Ctrl+,",),
        icon="eye",
        needs=(HAS_EDIT,),
    ),
    Action(
        "layer-duplicate",
        LAYER,
        QT_TRANSLATE_NOOP("Actions", "Duplicate layer"),
        do=lambda app: app.layers.duplicate(),
        keys=("Ctrl+J",),
        icon="duplicate",
        needs=(HAS_EDIT,),
        gap=True,
    ),
    Action(
        "layer-merge",
        LAYER,
        QT_TRANSLATE_NOOP("Actions", "Merge down"),
        do=lambda app: app.layers.merge_down(),
        keys=("Ctrl+E",),
        icon="merge-down",
        needs=(HAS_EDIT, HAS_LAYER_BELOW),
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Make one layer of it and the one below; their prompts and variants go."
        ),
    ),
    Action(
        "layer-delete",
        LAYER,
        QT_TRANSLATE_NOOP("Actions", "Delete layer"),
        do=lambda app: app.layers.delete(),
        icon="discard",
        needs=(HAS_EDIT,),
        tip=QT_TRANSLATE_NOOP("Actions", "Also by Delete in the list of layers."),
    ),
    Action(
        "layer-up",
        LAYER,
        QT_TRANSLATE_NOOP("Actions", "Move layer up"),
        do=lambda app: app.layers.move_layer(1),
        keys=("Ctrl+]", "Ctrl+PgUp"),
        needs=(HAS_EDIT, HAS_LAYER_ABOVE),
        gap=True,
    ),
    Action(
        "layer-down",
        LAYER,
        QT_TRANSLATE_NOOP("Actions", "Move layer down"),
        do=lambda app: app.layers.move_layer(-1),
        keys=("Ctrl+[", "Ctrl+PgDown"),
        needs=(HAS_EDIT, HAS_LAYER_BELOW),
    ),
    Action(
        "layer-colors",
        LAYER,
        QT_TRANSLATE_NOOP("Actions", "Hue, saturation, brightness…"),
        do=lambda app: app.image.adjust_layer(),
        keys=("Ctrl+U",),
        needs=(HAS_EDIT,),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Give the chosen layer other colors, seen at once."),
    ),
)
