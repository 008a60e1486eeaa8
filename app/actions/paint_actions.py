"""The actions of the menus Mask and Sketch."""

from __future__ import annotations

from collections.abc import Callable

from app.actions.action import MASK, MOVE, SKETCH, Action
from app.actions.app import App
from app.actions.state import HAS_ALPHA, HAS_MASK, HAS_SKETCH
from app.ui.translation import QT_TRANSLATE_NOOP

_NUDGE = 10  # pixels


def _move_rows() -> tuple[Action, ...]:
    moves = {
        "Left": (QT_TRANSLATE_NOOP("Actions", "Move mask left"), -1, 0),
        "Right": (QT_TRANSLATE_NOOP("Actions", "Move mask right"), 1, 0),
        "Up": (QT_TRANSLATE_NOOP("Actions", "Move mask up"), 0, -1),
        "Down": (QT_TRANSLATE_NOOP("Actions", "Move mask down"), 0, 1),
    }
    return tuple(
        Action(
            f"move-{key.lower()}",
            MOVE,
            title,
            do=_move(right * _NUDGE, down * _NUDGE),
            keys=(f"Shift+{key}",),
            needs=(HAS_MASK,),
            tip=QT_TRANSLATE_NOOP("Actions", "By ten pixels; hold the key to go on."),
            canvas=True,
        )
        for key, (title, right, down) in moves.items()
    )


def _move(right: int, down: int) -> Callable[[App], object]:
    return lambda app: app.mask.move(right, down)


ROWS: tuple[Action, ...] = (
    Action(
        "select-all",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Mask everything"),
        do=lambda app: app.mask.select_all(),
        keys=("Ctrl+A",),
        icon="select-all",
    ),
    Action(
        "clear",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Clear mask"),
        do=lambda app: app.mask.clear(),
        keys=("Ctrl+D",),
        icon="clear",
        needs=(HAS_MASK,),
    ),
    Action(
        "invert",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Invert mask"),
        do=lambda app: app.mask.invert(),
        keys=("Ctrl+Shift+I",),
        icon="invert",
    ),
    Action(
        "grow",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Grow"),
        do=lambda app: app.mask.grow(),
        keys=("Ctrl+Shift+G",),
        icon="grow",
        needs=(HAS_MASK,),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "The amount is set in the mask menu of the top bar."),
    ),
    Action(
        "shrink",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Shrink"),
        do=lambda app: app.mask.shrink(),
        keys=("Ctrl+Alt+G",),
        icon="shrink",
        needs=(HAS_MASK,),
        tip=QT_TRANSLATE_NOOP("Actions", "The amount is set in the mask menu of the top bar."),
    ),
    Action(
        "feather",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Feather"),
        do=lambda app: app.mask.feather(),
        keys=("Shift+F6",),
        icon="feather",
        needs=(HAS_MASK,),
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Soften its border: the fill fades into the picture there."
        ),
    ),
    Action(
        "refine",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Refine edge…"),
        do=lambda app: app.mask.refine(),
        keys=("Ctrl+Alt+R",),
        icon="refine",
        needs=(HAS_MASK,),
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Follow edges, smooth, grow and feather the mask's border, seen at once."
        ),
    ),
    Action(
        "fill-mask",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Fill mask with color"),
        do=lambda app: app.mask.fill_with(app.view.colours.colour),
        keys=("Alt+Backspace", "Shift+F5"),
        icon="bucket",
        needs=(HAS_MASK,),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "As a new layer, at once and without a model."),
        canvas=True,
    ),
    Action(
        "fill-mask-other",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Fill mask with other color"),
        do=lambda app: app.mask.fill_with(app.view.colours.other),
        keys=("Ctrl+Backspace",),
        needs=(HAS_MASK,),
        tip=QT_TRANSLATE_NOOP("Actions", "With the one that X swaps in."),
        canvas=True,
    ),
    *_move_rows(),
    Action(
        "quick-mask",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Quick mask"),
        turn=lambda app, on: app.view.layers.set_quick_mask(on),
        keys=("Q",),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Show the mask as a color instead of an outline."),
    ),
    Action(
        "mask-transparency",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Mask what is transparent"),
        do=lambda app: app.mask.take_transparency(),
        needs=(HAS_ALPHA,),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Use the picture's transparency as the mask."),
    ),
    Action(
        "load-mask",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Load mask…"),
        do=lambda app: app.mask.load(),
        icon="open",
        tip=QT_TRANSLATE_NOOP("Actions", "White is filled, black stays, grays are soft."),
    ),
    Action(
        "save-mask",
        MASK,
        QT_TRANSLATE_NOOP("Actions", "Save mask…"),
        do=lambda app: app.mask.save(),
        icon="save",
        needs=(HAS_MASK,),
    ),
    Action(
        "sketch-import",
        SKETCH,
        QT_TRANSLATE_NOOP("Actions", "Import sketch…"),
        do=lambda app: app.sketch.load(),
        icon="import",
        tip=QT_TRANSLATE_NOOP("Actions", "Take a picture as the sketch, scaled into the mask."),
    ),
    Action(
        "sketch-clear",
        SKETCH,
        QT_TRANSLATE_NOOP("Actions", "Clear sketch"),
        do=lambda app: app.sketch.clear(),
        icon="discard",
        needs=(HAS_SKETCH,),
    ),
    Action(
        "choose-colour",
        SKETCH,
        QT_TRANSLATE_NOOP("Actions", "Color…"),
        do=lambda app: app.sketch.choose_colour(),
        gap=True,
    ),
    Action(
        "swap-colours",
        SKETCH,
        QT_TRANSLATE_NOOP("Actions", "Swap colors"),
        do=lambda app: app.view.colours.swap(),
        keys=("X",),
        icon="swap",
    ),
    Action(
        "default-colours",
        SKETCH,
        QT_TRANSLATE_NOOP("Actions", "Black and white"),
        do=lambda app: app.view.colours.reset(),
        keys=("D",),
        icon="black-white",
    ),
)
