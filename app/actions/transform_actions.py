"""The actions of the menu Layer that move a layer's thing about."""

from __future__ import annotations

from app.actions.action import LAYER, Action
from app.actions.state import ENGINE_IS_READY, HAS_CUT_OUT, HAS_EDIT, HAS_LAYERS, HAS_THING
from app.ui.translation import QT_TRANSLATE_NOOP

ROWS: tuple[Action, ...] = (
    Action(
        "transform",
        LAYER,
        QT_TRANSLATE_NOOP("Actions", "Transform"),
        do=lambda app: app.transform.transform(),
        keys=("Ctrl+T",),
        icon="transform",
        needs=(HAS_LAYERS,),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Move, scale and turn the layer by its handles."),
    ),
    Action(
        "lift",
        LAYER,
        QT_TRANSLATE_NOOP("Actions", "Lift object"),
        do=lambda app: app.transform.lift(),
        icon="lift",
        needs=(HAS_EDIT, HAS_THING, ENGINE_IS_READY),
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Part what was generated from its ground, which becomes a layer beneath."
        ),
    ),
    Action(
        "layer-mirror",
        LAYER,
        QT_TRANSLATE_NOOP("Actions", "Flip layer horizontally"),
        do=lambda app: app.transform.flip(),
        icon="mirror",
        needs=(HAS_CUT_OUT,),
    ),
    Action(
        "layer-upend",
        LAYER,
        QT_TRANSLATE_NOOP("Actions", "Flip layer vertically"),
        do=lambda app: app.transform.flip(upside_down=True),
        icon="upend",
        needs=(HAS_CUT_OUT,),
    ),
    Action(
        "reblend",
        LAYER,
        QT_TRANSLATE_NOOP("Actions", "Re-blend rim"),
        do=lambda app: app.transform.blend_rim(),
        icon="reblend",
        needs=(HAS_CUT_OUT, ENGINE_IS_READY),
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Generate the layer's rim again, faintly, to fit its new surroundings."
        ),
    ),
)
