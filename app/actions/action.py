"""The row type of the table of actions, and texts that rows share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.actions.app import App
from app.actions.state import Condition
from app.ui.translation import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class Action:
    """A row of ACTIONS, with either `do` or `turn`.

    do:     the function of a plain action.
    turn:   the function of an on/off action; gets the new state.
    needs:  the conditions under which the action is enabled.
    gap:    start a new group in the menu.
    choice: the group of exclusive choices that the action belongs to.
    canvas: its keys work only while the canvas has the focus.
    Texts are source strings for translation.
    """

    id: str
    menu: str
    title: str
    do: Callable[[App], object] | None = None
    turn: Callable[[App, bool], object] | None = None
    keys: tuple[str, ...] = ()
    icon: str = ""
    needs: tuple[Condition, ...] = ()
    gap: bool = False
    tip: str = ""
    choice: str = ""
    canvas: bool = False


FILE = QT_TRANSLATE_NOOP("Actions", "&File")
EDIT = QT_TRANSLATE_NOOP("Actions", "&Edit")
IMAGE = QT_TRANSLATE_NOOP("Actions", "&Image")
LAYER = QT_TRANSLATE_NOOP("Actions", "&Layer")
MASK = QT_TRANSLATE_NOOP("Actions", "&Mask")
VIEW = QT_TRANSLATE_NOOP("Actions", "&View")
SKETCH = QT_TRANSLATE_NOOP("Actions", "&Sketch")
FILL = QT_TRANSLATE_NOOP("Actions", "&Generate")
HELP = QT_TRANSLATE_NOOP("Actions", "&Help")
TOOLS = QT_TRANSLATE_NOOP("Actions", "&Tools")
THEME = QT_TRANSLATE_NOOP("Actions", "Theme")
LANGUAGE = QT_TRANSLATE_NOOP("Actions", "Language")
PANELS = QT_TRANSLATE_NOOP("Actions", "Panels")
MOVE = QT_TRANSLATE_NOOP("Actions", "Move")
MODEL = QT_TRANSLATE_NOOP("Actions", "Model")
WHEN_IDLE = QT_TRANSLATE_NOOP("Actions", "Release memory when idle")
SUBMENUS = {
    **{PANELS: VIEW, THEME: VIEW, LANGUAGE: VIEW, MOVE: MASK},
    **{MODEL: FILL, WHEN_IDLE: MODEL},
}
