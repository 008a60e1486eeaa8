"""File and Edit: the picture as a file, and its history."""

from __future__ import annotations

from app.actions.action import EDIT, FILE, Action
from app.translation import QT_TRANSLATE_NOOP

ROWS: tuple[Action, ...] = (
    Action(
        "new",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "New canvas…"),
        "files.new",
        ("Ctrl+N",),
        icon="new",
    ),
    Action(
        "open",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Open…"),
        "files.open",
        ("Ctrl+O",),
        icon="open",
    ),
    Action(
        "save",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Save"),
        "files.save",
        ("Ctrl+S",),
        icon="save",
        gap=True,
    ),
    Action(
        "save-as",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Save as…"),
        "files.save_as",
        ("Ctrl+Shift+S",),
    ),
    Action(
        "export",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Export a copy…"),
        "files.export",
        ("Ctrl+Shift+E",),
        tip=QT_TRANSLATE_NOOP("Actions", "Write what you see; the project stays the project."),
    ),
    Action(
        "write-recipes",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Write prompts into pictures"),
        "files.write_recipes",
        toggle=True,
        tip=QT_TRANSLATE_NOOP(
            "Actions",
            "PNG, JPEG and WebP then carry prompt, seed and options of every fill, so that it can "
            "be made again.",
        ),
    ),
    Action(
        "recover",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Restore unsaved work…"),
        "guard.offer",
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "What LazyDiff had not saved when it ended unexpectedly."),
    ),
    Action(
        "quit",
        FILE,
        QT_TRANSLATE_NOOP("Actions", "Quit"),
        "close",
        ("Ctrl+Q",),
        gap=True,
    ),
    Action(
        "undo",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Undo"),
        "editing.undo",
        ("Ctrl+Z",),
        icon="undo",
        needs=("undo",),
    ),
    Action(
        "redo",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Redo"),
        "editing.redo",
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        icon="redo",
        needs=("redo",),
    ),
    Action(
        "copy",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Copy picture"),
        "files.copy",
        ("Ctrl+C",),
        icon="copy",
        gap=True,
    ),
    Action(
        "paste",
        EDIT,
        QT_TRANSLATE_NOOP("Actions", "Paste as new picture"),
        "files.paste",
        ("Ctrl+V",),
        icon="paste",
    ),
)
