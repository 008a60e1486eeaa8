"""What a row of the table of actions says, and the words that rows share."""

from __future__ import annotations

from dataclasses import dataclass

from app.ui.translation import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class Action:
    """A row of ACTIONS.

    slot:     where to find what it calls, as attributes of the window: "view.camera.fit".
    needs:    conditions, keys of REASONS, without which it cannot act.
    gap:      it starts a new group in its menu.
    toggle:   it is on or off; the slot is told which, as a bool.
    argument: passed to the slot; an action with one is one of several choices and checkable.
    canvas:   its shortcut counts only while the canvas has the focus.
    Texts are source strings for translation.
    """

    name: str
    menu: str
    text: str
    slot: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    needs: tuple[str, ...] = ()
    gap: bool = False
    tip: str = ""
    argument: str | None = None
    canvas: bool = False
    toggle: bool = False


REASONS: dict[str, str] = {
    "mask": QT_TRANSLATE_NOOP("Actions", "Paint a mask first: brush over the area to fill."),
    "engine": QT_TRANSLATE_NOOP("Actions", "The model is still loading."),
    "working engine": QT_TRANSLATE_NOOP("Actions", "No model could be loaded."),
    "teachable": QT_TRANSLATE_NOOP(
        "Actions", "This model cannot be taught words: choose the bundled one."
    ),
    "running": QT_TRANSLATE_NOOP("Actions", "Nothing is being generated."),
    "live fill": QT_TRANSLATE_NOOP("Actions", "Nothing is shown live."),
    "earlier fill": QT_TRANSLATE_NOOP("Actions", "Generate something first."),
    "edit": QT_TRANSLATE_NOOP("Actions", "Choose an edit in the history first."),
    "variants": QT_TRANSLATE_NOOP("Actions", "This edit has no other variants."),
    "sketch": QT_TRANSLATE_NOOP("Actions", "There is no sketch."),
    "stale": QT_TRANSLATE_NOOP("Actions", "Every edit fits what lies beneath it."),
    "recipes": QT_TRANSLATE_NOOP("Actions", "This picture carries no prompts."),
    "undo": QT_TRANSLATE_NOOP("Actions", "There is nothing to undo."),
    "redo": QT_TRANSLATE_NOOP("Actions", "There is nothing to redo."),
}
CAN_FILL = ("working engine", "engine", "mask")
FILE = QT_TRANSLATE_NOOP("Actions", "&File")
EDIT = QT_TRANSLATE_NOOP("Actions", "&Edit")
MASK = QT_TRANSLATE_NOOP("Actions", "&Mask")
VIEW = QT_TRANSLATE_NOOP("Actions", "&View")
SKETCH = QT_TRANSLATE_NOOP("Actions", "&Sketch")
FILL = QT_TRANSLATE_NOOP("Actions", "&Generate")
HELP = QT_TRANSLATE_NOOP("Actions", "&Help")
TOOLS = QT_TRANSLATE_NOOP("Actions", "&Tools")
THEME = QT_TRANSLATE_NOOP("Actions", "Theme")
LANGUAGE = QT_TRANSLATE_NOOP("Actions", "Language")
MOVE = QT_TRANSLATE_NOOP("Actions", "Move")
SUBMENUS = {THEME: VIEW, LANGUAGE: VIEW, MOVE: MASK}
