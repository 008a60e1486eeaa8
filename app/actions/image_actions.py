"""The actions of the menu Image."""

from __future__ import annotations

from app.actions.action import IMAGE, Action
from app.actions.state import ENGINE_IS_READY, ENGINE_WORKS, HAS_MASK, NOTHING_RUNS
from app.ui.translation import QT_TRANSLATE_NOOP

ROWS: tuple[Action, ...] = (
    Action(
        "extend",
        IMAGE,
        QT_TRANSLATE_NOOP("Actions", "Extend and fill…"),
        do=lambda app: app.image.extend(),
        needs=(NOTHING_RUNS,),
        tip=QT_TRANSLATE_NOOP(
            "Actions", "New room at the sides, filled by the prompt or continuing the picture."
        ),
    ),
    Action(
        "crop-to-mask",
        IMAGE,
        QT_TRANSLATE_NOOP("Actions", "Crop to mask"),
        do=lambda app: app.image.crop_to_mask(),
        needs=(NOTHING_RUNS, HAS_MASK),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Keep the box around the mask."),
    ),
    Action(
        "trim",
        IMAGE,
        QT_TRANSLATE_NOOP("Actions", "Trim"),
        do=lambda app: app.image.trim(),
        needs=(NOTHING_RUNS,),
        tip=QT_TRANSLATE_NOOP("Actions", "Cut off borders of one color, or that are clear."),
    ),
    Action(
        "canvas-size",
        IMAGE,
        QT_TRANSLATE_NOOP("Actions", "Canvas size…"),
        do=lambda app: app.image.resize_canvas(),
        keys=("Ctrl+Alt+C",),
        needs=(NOTHING_RUNS,),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Cut or widen the canvas; the picture is not scaled."),
    ),
    Action(
        "image-size",
        IMAGE,
        QT_TRANSLATE_NOOP("Actions", "Image size…"),
        do=lambda app: app.image.resize(),
        keys=("Ctrl+Alt+I",),
        needs=(NOTHING_RUNS,),
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Scale the picture; its edits become part of it, until that is undone."
        ),
    ),
    Action(
        "upscale",
        IMAGE,
        QT_TRANSLATE_NOOP("Actions", "Upscale…"),
        do=lambda app: app.upscale.ask(),
        needs=(NOTHING_RUNS, ENGINE_WORKS, ENGINE_IS_READY),
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Enlarge the picture twice or four times; the model draws its details anew."
        ),
    ),
    Action(
        "rotate-right",
        IMAGE,
        QT_TRANSLATE_NOOP("Actions", "Rotate picture right"),
        do=lambda app: app.image.turn(1),
        icon="rotate-right",
        needs=(NOTHING_RUNS,),
        gap=True,
    ),
    Action(
        "rotate-left",
        IMAGE,
        QT_TRANSLATE_NOOP("Actions", "Rotate picture left"),
        do=lambda app: app.image.turn(3),
        icon="rotate-left",
        needs=(NOTHING_RUNS,),
    ),
    Action(
        "rotate-half",
        IMAGE,
        QT_TRANSLATE_NOOP("Actions", "Rotate picture by 180°"),
        do=lambda app: app.image.turn(2),
        needs=(NOTHING_RUNS,),
    ),
    Action(
        "flip-across",
        IMAGE,
        QT_TRANSLATE_NOOP("Actions", "Flip picture horizontally"),
        do=lambda app: app.image.flip(),
        icon="mirror",
        needs=(NOTHING_RUNS,),
    ),
    Action(
        "flip-down",
        IMAGE,
        QT_TRANSLATE_NOOP("Actions", "Flip picture vertically"),
        do=lambda app: app.image.flip(upside_down=True),
        needs=(NOTHING_RUNS,),
    ),
)
