"""The actions of the menu Help."""

from __future__ import annotations

from app.actions.action import HELP, Action
from app.ui.translation import QT_TRANSLATE_NOOP

ROWS: tuple[Action, ...] = (
    Action(
        "help",
        HELP,
        QT_TRANSLATE_NOOP("Actions", "Keys at a glance"),
        do=lambda app: app.help.show_keys(),
        keys=("F1", "?"),
        icon="help",
        tip=QT_TRANSLATE_NOOP("Actions", "All keys, over the canvas, until the next key or click."),
    ),
    Action(
        "palette",
        HELP,
        QT_TRANSLATE_NOOP("Actions", "Find an action…"),
        do=lambda app: app.help.show_palette(),
        keys=("Ctrl+K", "Ctrl+Shift+P"),
        icon="search",
        tip=QT_TRANSLATE_NOOP("Actions", "Find anything LazyDiff can do by a part of its name."),
    ),
    Action(
        "shortcuts",
        HELP,
        QT_TRANSLATE_NOOP("Actions", "Keyboard shortcuts…"),
        do=lambda app: app.help.edit_shortcuts(),
        keys=("Ctrl+Alt+Shift+K",),
        icon="keyboard",
        tip=QT_TRANSLATE_NOOP("Actions", "Change keys, or take those of Photoshop or Krita."),
    ),
    Action(
        "doctor",
        HELP,
        QT_TRANSLATE_NOOP("Actions", "Check this machine…"),
        do=lambda app: app.help.show_doctor(),
        gap=True,
        tip=QT_TRANSLATE_NOOP(
            "Actions", "What this machine can run, what is wrong, and what mends it."
        ),
    ),
    Action(
        "diagnostics",
        HELP,
        QT_TRANSLATE_NOOP("Actions", "Copy diagnostics…"),
        do=lambda app: app.help.show_diagnostics(),
        tip=QT_TRANSLATE_NOOP("Actions", "What a bug report should contain. Nothing is sent."),
    ),
    Action(
        "about",
        HELP,
        QT_TRANSLATE_NOOP("Actions", "About LazyDiff"),
        do=lambda app: app.help.show_about(),
    ),
)
