"""What a row of the table of actions says, and the words that rows share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.actions.app import App
from app.actions.state import Condition
from app.ui.translation import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class Action:
    """A row of ACTIONS; it has either `do` or `turn`.

    do:     what it does.
    turn:   what it does if it is on or off: told which.
    needs:  the conditions without which it cannot act.
    gap:    it starts a new group in its menu.
    choice: what it is one of several choices of, one of which is checked.
    canvas: its keys count only while the canvas has the focus.
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
