"""The actions of the menus File and Edit."""

from __future__ import annotations

from app.actions.action import EDIT, FILE, Action
from app.actions.state import CAN_REDO, CAN_UNDO, HAS_EDIT, HAS_MASK
from app.ui.translation import QT_TRANSLATE_NOOP

ROWS: tuple[Action, ...] = (
    Action(
        "new",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "New canvas…"),
        do=lambda app: app.files.new(),
        keys=("Ctrl+N",),
        icon="new",
    ),
    Action(
        "open",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Open…"),
        do=lambda app: app.files.open(),
        keys=("Ctrl+O",),
        icon="open",
    ),
    Action(
        "save",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Save"),
        do=lambda app: app.files.save(),
        keys=("Ctrl+S",),
        icon="save",
        gap=True,
    ),
    Action(
        "save-as",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Save as…"),
        do=lambda app: app.files.save_as(),
        keys=("Ctrl+Shift+S",),
    ),
    Action(
        "export",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Export a copy…"),
        do=lambda app: app.files.export(),
        keys=("Ctrl+Shift+E",),
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Save what you see as a picture; the project file is not changed."
        ),
    ),
    Action(
        "write-recipes",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Embed prompts in exported pictures"),
        turn=lambda app, on: app.files.write_recipes(on),
        tip=QT_TRANSLATE_NOOP(
            "Actions",
            "Plain pictures then contain the prompt, seed and options of every fill, so that "
            "it can be repeated.",
        ),
    ),
    Action(
        "mark-generated",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Mark exported pictures as partly generated"),
        turn=lambda app, on: app.files.mark_generated(on),
        tip=QT_TRANSLATE_NOOP(
            "Actions",
            "Pictures with fills then say so in IPTC's field for the source of a picture, as "
            "agencies and platforms ask. Prompts are not in it.",
        ),
    ),
    Action(
        "recover",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Restore unsaved work…"),
        do=lambda app: app.crash_recovery.offer(),
        gap=True,
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Open work that was not saved when LazyDiff closed unexpectedly."
        ),
    ),
    Action(
        "quit",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Quit"),
        do=lambda app: app.window.close(),
        keys=("Ctrl+Q",),
        gap=True,
    ),
    Action(
        "undo",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Undo"),
        do=lambda app: app.history.undo(),
        keys=("Ctrl+Z",),
        icon="undo",
        needs=(CAN_UNDO,),
    ),
    Action(
        "redo",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Redo"),
        do=lambda app: app.history.redo(),
        keys=("Ctrl+Shift+Z", "Ctrl+Y"),
        icon="redo",
        needs=(CAN_REDO,),
    ),
    Action(
        "copy",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Copy picture"),
        do=lambda app: app.clipboard.copy(),
        keys=("Ctrl+C",),
        icon="copy",
        gap=True,
    ),
    Action(
        "copy-masked",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Copy masked area"),
        do=lambda app: app.clipboard.copy_masked(),
        keys=("Ctrl+Shift+C",),
        icon="copy",
        needs=(HAS_MASK,),
        tip=QT_TRANSLATE_NOOP("Actions", "The pixels in the mask, transparent around them."),
    ),
    Action(
        "copy-layer",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Copy layer"),
        do=lambda app: app.clipboard.copy_layer(),
        icon="copy",
        needs=(HAS_EDIT,),
        tip=QT_TRANSLATE_NOOP("Actions", "What the layer shows, transparent around it."),
    ),
    Action(
        "cut-layer",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Cut layer"),
        do=lambda app: app.clipboard.cut_layer(),
        keys=("Ctrl+X",),
        icon="cut",
        needs=(HAS_EDIT,),
    ),
    Action(
        "paste",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Paste"),
        do=lambda app: app.clipboard.paste(),
        keys=("Ctrl+V",),
        icon="paste",
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "As a layer, to be moved, scaled and turned."),
    ),
    Action(
        "paste-sketch",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Paste as sketch"),
        do=lambda app: app.clipboard.paste_sketch(),
        icon="sketch",
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Into the picture, scaled into the mask, for a fill to start from."
        ),
    ),
    Action(
        "paste-new",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Paste as new picture"),
        do=lambda app: app.clipboard.paste_new(),
        keys=("Ctrl+Shift+V",),
        icon="new",
        tip=QT_TRANSLATE_NOOP("Actions", "Closes this picture and asks first if it is not saved."),
    ),
)
