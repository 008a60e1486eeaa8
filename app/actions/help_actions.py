"""Help: how to find everything else."""

from __future__ import annotations

from app.actions.action import HELP, Action
from app.ui.translation import QT_TRANSLATE_NOOP

ROWS: tuple[Action, ...] = (
    Action(
        "help",
        HELP,
        QT_TRANSLATE_NOOP("Actions", "Keys at a glance"),
        "help.show_keys",
        ("F1", "?"),
        icon="help",
        tip=QT_TRANSLATE_NOOP("Actions", "All keys, over the canvas, until the next key or click."),
    ),
    Action(
        "palette",
        HELP,
        QT_TRANSLATE_NOOP("Actions", "Find an action…"),
        "help.show_palette",
        ("Ctrl+K", "Ctrl+Shift+P"),
        icon="search",
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Everything LazyDiff can do, by typing a part of its name."
        ),
    ),
    Action(
        "shortcuts",
        HELP,
        QT_TRANSLATE_NOOP("Actions", "Keyboard shortcuts…"),
        "help.edit_shortcuts",
        ("Ctrl+Alt+Shift+K",),
        icon="keyboard",
        tip=QT_TRANSLATE_NOOP("Actions", "Change keys, or take those of Photoshop or Krita."),
    ),
    Action(
        "diagnostics",
        HELP,
        QT_TRANSLATE_NOOP("Actions", "Copy diagnostics…"),
        "show_diagnostics",
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "What a report of a fault should tell. Nothing is sent."),
    ),
    Action(
        "about",
        HELP,
        QT_TRANSLATE_NOOP("Actions", "About LazyDiff"),
        "help.show_about",
    ),
)
