"""Everything the artist can do, in one table."""

from __future__ import annotations

from dataclasses import dataclass

from app.canvas.tools import TOOLS
from app.theme import SCHEMES
from app.translation import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class Action:
    """A row of ACTIONS.

    slot:     where to find what it calls, as attributes of the window: "view.fit".
    needs:    conditions, keys of REASONS, without which it cannot act.
    gap:      it starts a new group in its menu.
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


REASONS: dict[str, str] = {
    "mask": QT_TRANSLATE_NOOP("Actions", "Paint a mask first: brush over the area to fill."),
    "engine": QT_TRANSLATE_NOOP("Actions", "The model is still loading."),
    "working engine": QT_TRANSLATE_NOOP("Actions", "No model could be loaded."),
    "running": QT_TRANSLATE_NOOP("Actions", "Nothing is being generated."),
    "earlier fill": QT_TRANSLATE_NOOP("Actions", "Generate something first."),
    "variants": QT_TRANSLATE_NOOP("Actions", "The last fill has no other variants."),
    "undo": QT_TRANSLATE_NOOP("Actions", "There is nothing to undo."),
    "redo": QT_TRANSLATE_NOOP("Actions", "There is nothing to redo."),
}
CAN_FILL = ("working engine", "engine", "mask")
_FILE = QT_TRANSLATE_NOOP("Actions", "&File")
_EDIT = QT_TRANSLATE_NOOP("Actions", "&Edit")
_MASK = QT_TRANSLATE_NOOP("Actions", "&Mask")
_VIEW = QT_TRANSLATE_NOOP("Actions", "&View")
_FILL = QT_TRANSLATE_NOOP("Actions", "&Generate")
_HELP = QT_TRANSLATE_NOOP("Actions", "&Help")
_TOOLS = QT_TRANSLATE_NOOP("Actions", "&Tools")
_THEME = QT_TRANSLATE_NOOP("Actions", "Theme")
SUBMENUS = {_THEME: _VIEW}


def _tool_rows() -> tuple[Action, ...]:
    return tuple(
        Action(
            *(f"tool-{name}", _TOOLS, tool.text, "view.set_tool", (tool.shortcut,)),
            icon=name,
            tip=tool.hint,
            argument=name,
        )
        for name, tool in TOOLS.items()
    )


def _theme_rows() -> tuple[Action, ...]:
    texts = {
        "system": QT_TRANSLATE_NOOP("Actions", "Like the system"),
        "light": QT_TRANSLATE_NOOP("Actions", "Light"),
        "dark": QT_TRANSLATE_NOOP("Actions", "Dark"),
    }
    return tuple(
        Action(f"theme-{name}", _THEME, texts[name], "choose_theme", argument=name)
        for name in SCHEMES
    )


ACTIONS: tuple[Action, ...] = (
    Action(
        "new",
        _FILE,
        QT_TRANSLATE_NOOP("Actions", "New canvas…"),
        "files.new",
        ("Ctrl+N",),
        icon="new",
    ),
    Action(
        "open",
        _FILE,
        QT_TRANSLATE_NOOP("Actions", "Open…"),
        "files.open",
        ("Ctrl+O",),
        icon="open",
    ),
    Action(
        "save",
        _FILE,
        QT_TRANSLATE_NOOP("Actions", "Save"),
        "files.save",
        ("Ctrl+S",),
        icon="save",
        gap=True,
    ),
    Action(
        "save-as",
        _FILE,
        QT_TRANSLATE_NOOP("Actions", "Save as…"),
        "files.save_as",
        ("Ctrl+Shift+S",),
    ),
    Action(
        "quit",
        _FILE,
        QT_TRANSLATE_NOOP("Actions", "Quit"),
        "close",
        ("Ctrl+Q",),
        gap=True,
    ),
    Action(
        "undo",
        _EDIT,
        QT_TRANSLATE_NOOP("Actions", "Undo"),
        "editing.undo",
        ("Ctrl+Z",),
        icon="undo",
        needs=("undo",),
    ),
    Action(
        "redo",
        _EDIT,
        QT_TRANSLATE_NOOP("Actions", "Redo"),
        "editing.redo",
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        icon="redo",
        needs=("redo",),
    ),
    Action(
        "copy",
        _EDIT,
        QT_TRANSLATE_NOOP("Actions", "Copy picture"),
        "files.copy",
        ("Ctrl+C",),
        icon="copy",
        gap=True,
    ),
    Action(
        "paste",
        _EDIT,
        QT_TRANSLATE_NOOP("Actions", "Paste as new picture"),
        "files.paste",
        ("Ctrl+V",),
        icon="paste",
    ),
    Action(
        "select-all",
        _MASK,
        QT_TRANSLATE_NOOP("Actions", "Mask everything"),
        "editing.select_all",
        ("Ctrl+A",),
        icon="select-all",
    ),
    Action(
        "clear",
        _MASK,
        QT_TRANSLATE_NOOP("Actions", "Clear mask"),
        "editing.clear_mask",
        ("Ctrl+D",),
        icon="clear",
        needs=("mask",),
    ),
    Action(
        "invert",
        _MASK,
        QT_TRANSLATE_NOOP("Actions", "Invert mask"),
        "editing.invert_mask",
        ("Ctrl+Shift+I",),
        icon="invert",
    ),
    *_tool_rows(),
    Action(
        "brush-larger",
        _TOOLS,
        QT_TRANSLATE_NOOP("Actions", "Larger brush"),
        "view.grow_brush",
        ("]",),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Ctrl and the mouse wheel do the same."),
    ),
    Action(
        "brush-smaller",
        _TOOLS,
        QT_TRANSLATE_NOOP("Actions", "Smaller brush"),
        "view.shrink_brush",
        ("[",),
        tip=QT_TRANSLATE_NOOP("Actions", "Ctrl and the mouse wheel do the same."),
    ),
    Action(
        "zoom-in",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Zoom in"),
        "view.zoom_in",
        ("Ctrl++", "Ctrl+=", "+", "="),
        icon="zoom-in",
    ),
    Action(
        "zoom-out",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Zoom out"),
        "view.zoom_out",
        ("Ctrl+-", "-"),
        icon="zoom-out",
    ),
    Action(
        "fit",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Fit in view"),
        "view.fit",
        ("Ctrl+0",),
        icon="fit",
    ),
    Action(
        "actual-size",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Actual size"),
        "view.show_actual_size",
        ("Ctrl+1",),
        icon="actual-size",
    ),
    *_theme_rows(),
    Action(
        "generate",
        _FILL,
        QT_TRANSLATE_NOOP("Actions", "Generate"),
        "panel.generate",
        ("Ctrl+Return", "Ctrl+Enter", "Shift+Return", "Shift+Enter"),
        icon="generate",
        needs=CAN_FILL,
        tip=QT_TRANSLATE_NOOP("Actions", "Fill the mask with what the prompt says."),
    ),
    Action(
        "retry",
        _FILL,
        QT_TRANSLATE_NOOP("Actions", "Try again"),
        "panel.retry",
        ("Ctrl+R",),
        icon="retry",
        needs=(*CAN_FILL, "earlier fill"),
        tip=QT_TRANSLATE_NOOP("Actions", "The same mask and prompt with another seed."),
    ),
    Action(
        "cancel",
        _FILL,
        QT_TRANSLATE_NOOP("Actions", "Cancel"),
        "session.cancel",
        ("Esc",),
        icon="cancel",
        needs=("running",),
        tip=QT_TRANSLATE_NOOP("Actions", "Stop generating; the picture stays as it was."),
    ),
    Action(
        "previous-variant",
        _FILL,
        QT_TRANSLATE_NOOP("Actions", "Previous variant"),
        "panel.variants.previous",
        ("Left",),
        needs=("variants",),
        gap=True,
        canvas=True,
    ),
    Action(
        "next-variant",
        _FILL,
        QT_TRANSLATE_NOOP("Actions", "Next variant"),
        "panel.variants.next",
        ("Right",),
        needs=("variants",),
        canvas=True,
    ),
    Action(
        "shortcuts",
        _HELP,
        QT_TRANSLATE_NOOP("Actions", "Keyboard shortcuts"),
        "show_shortcuts",
        ("F1",),
        icon="keyboard",
    ),
    Action(
        "about",
        _HELP,
        QT_TRANSLATE_NOOP("Actions", "About LazyDiff"),
        "show_about",
    ),
)
