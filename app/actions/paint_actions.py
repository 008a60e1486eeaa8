"""Mask and Sketch: what says where and what to fill."""

from __future__ import annotations

from app.actions.action import MASK, MOVE, SKETCH, Action
from app.ui.translation import QT_TRANSLATE_NOOP


def _move_rows() -> tuple[Action, ...]:
    texts = {
        "Left": QT_TRANSLATE_NOOP("Actions", "Move mask left"),
        "Right": QT_TRANSLATE_NOOP("Actions", "Move mask right"),
        "Up": QT_TRANSLATE_NOOP("Actions", "Move mask up"),
        "Down": QT_TRANSLATE_NOOP("Actions", "Move mask down"),
    }
    return tuple(
        Action(
            f"move-{key.lower()}",
            MOVE,
            text,
            f"mask_controller.move_{key.lower()}",
            (f"Shift+{key}",),
            needs=("mask",),
            tip=QT_TRANSLATE_NOOP("Actions", "By ten pixels; holding the key goes on."),
            canvas=True,
        )
        for key, text in texts.items()
    )


ROWS: tuple[Action, ...] = (
    Action(
        "select-all",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Mask everything"),
        "mask_controller.select_all",
        ("Ctrl+A",),
        icon="select-all",
    ),
    Action(
        "clear",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Clear mask"),
        "mask_controller.clear",
        ("Ctrl+D",),
        icon="clear",
        needs=("mask",),
    ),
    Action(
        "invert",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Invert mask"),
        "mask_controller.invert",
        ("Ctrl+Shift+I",),
        icon="invert",
    ),
    Action(
        "grow",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Grow"),
        "mask_controller.grow",
        ("Ctrl+Shift+G",),
        icon="grow",
        needs=("mask",),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "By how much is set in the mask's own menu above."),
    ),
    Action(
        "shrink",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Shrink"),
        "mask_controller.shrink",
        ("Ctrl+Alt+G",),
        icon="shrink",
        needs=("mask",),
        tip=QT_TRANSLATE_NOOP("Actions", "By how much is set in the mask's own menu above."),
    ),
    Action(
        "feather",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Feather"),
        "mask_controller.feather",
        ("Shift+F6",),
        icon="feather",
        needs=("mask",),
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Soften its border: the fill fades into the picture there."
        ),
    ),
    *_move_rows(),
    Action(
        "quick-mask",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Quick mask"),
        "view.layers.set_quick_mask",
        ("Q",),
        toggle=True,
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Show the mask as a colour instead of an outline."),
    ),
    Action(
        "load-mask",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Load mask…"),
        "mask_controller.load",
        icon="open",
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "White is filled, black stays, greys are soft."),
    ),
    Action(
        "save-mask",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Save mask…"),
        "mask_controller.save",
        icon="save",
        needs=("mask",),
    ),
    Action(
        "sketch-import",
        SKETCH,
        QT_TRANSLATE_NOOP("Actions", "Import sketch…"),
        "sketch.load",
        icon="import",
        tip=QT_TRANSLATE_NOOP("Actions", "Take a picture as the sketch, scaled into the mask."),
    ),
    Action(
        "sketch-clear",
        SKETCH,
        QT_TRANSLATE_NOOP("Actions", "Clear sketch"),
        "sketch.clear",
        icon="discard",
        needs=("sketch",),
    ),
    Action(
        "choose-colour",
        SKETCH,
        QT_TRANSLATE_NOOP("Actions", "Sketch colour…"),
        "sketch.choose_colour",
        gap=True,
    ),
    Action(
        "swap-colours",
        SKETCH,
        QT_TRANSLATE_NOOP("Actions", "Swap colours"),
        "view.colours.swap",
        ("X",),
        icon="swap",
    ),
    Action(
        "default-colours",
        SKETCH,
        QT_TRANSLATE_NOOP("Actions", "Black and white"),
        "view.colours.reset",
        ("D",),
        icon="black-white",
    ),
)
