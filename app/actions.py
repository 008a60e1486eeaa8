"""Everything the artist can do, in one table."""

from __future__ import annotations

from dataclasses import dataclass

from app.canvas.tools import TOOLS
from app.theme import SCHEMES
from app.translation import QT_TRANSLATE_NOOP


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
    "running": QT_TRANSLATE_NOOP("Actions", "Nothing is being generated."),
    "earlier fill": QT_TRANSLATE_NOOP("Actions", "Generate something first."),
    "edit": QT_TRANSLATE_NOOP("Actions", "Choose an edit in the history first."),
    "variants": QT_TRANSLATE_NOOP("Actions", "This edit has no other variants."),
    "sketch": QT_TRANSLATE_NOOP("Actions", "There is no sketch."),
    "stale": QT_TRANSLATE_NOOP("Actions", "Every edit fits what lies beneath it."),
    "undo": QT_TRANSLATE_NOOP("Actions", "There is nothing to undo."),
    "redo": QT_TRANSLATE_NOOP("Actions", "There is nothing to redo."),
}
CAN_FILL = ("working engine", "engine", "mask")
_FILE = QT_TRANSLATE_NOOP("Actions", "&File")
_EDIT = QT_TRANSLATE_NOOP("Actions", "&Edit")
_MASK = QT_TRANSLATE_NOOP("Actions", "&Mask")
_VIEW = QT_TRANSLATE_NOOP("Actions", "&View")
_SKETCH = QT_TRANSLATE_NOOP("Actions", "&Sketch")
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
        "export",
        _FILE,
        QT_TRANSLATE_NOOP("Actions", "Export a copy…"),
        "files.export",
        ("Ctrl+Shift+E",),
        tip=QT_TRANSLATE_NOOP("Actions", "Write what you see; the project stays the project."),
    ),
    Action(
        "recover",
        _FILE,
        QT_TRANSLATE_NOOP("Actions", "Restore unsaved work…"),
        "guard.offer",
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "What LazyDiff had not saved when it ended unexpectedly."),
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
    Action(
        "grow",
        _MASK,
        QT_TRANSLATE_NOOP("Actions", "Grow"),
        "masking.grow",
        ("Ctrl+Shift+G",),
        icon="grow",
        needs=("mask",),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "By how much is set in the mask's own menu above."),
    ),
    Action(
        "shrink",
        _MASK,
        QT_TRANSLATE_NOOP("Actions", "Shrink"),
        "masking.shrink",
        ("Ctrl+Alt+G",),
        icon="shrink",
        needs=("mask",),
        tip=QT_TRANSLATE_NOOP("Actions", "By how much is set in the mask's own menu above."),
    ),
    Action(
        "feather",
        _MASK,
        QT_TRANSLATE_NOOP("Actions", "Feather"),
        "masking.feather",
        ("Shift+F6",),
        icon="feather",
        needs=("mask",),
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Soften its border: the fill fades into the picture there."
        ),
    ),
    Action(
        "quick-mask",
        _MASK,
        QT_TRANSLATE_NOOP("Actions", "Quick mask"),
        "view.layers.set_quick_mask",
        ("Q",),
        toggle=True,
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Show the mask as a colour instead of an outline."),
    ),
    Action(
        "load-mask",
        _MASK,
        QT_TRANSLATE_NOOP("Actions", "Load mask…"),
        "masking.load",
        icon="open",
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "White is filled, black stays, greys are soft."),
    ),
    Action(
        "save-mask",
        _MASK,
        QT_TRANSLATE_NOOP("Actions", "Save mask…"),
        "masking.save",
        icon="save",
        needs=("mask",),
    ),
    Action(
        "sketch-import",
        _SKETCH,
        QT_TRANSLATE_NOOP("Actions", "Import sketch…"),
        "sketching.load",
        icon="import",
        tip=QT_TRANSLATE_NOOP("Actions", "Take a picture as the sketch, scaled into the mask."),
    ),
    Action(
        "sketch-clear",
        _SKETCH,
        QT_TRANSLATE_NOOP("Actions", "Clear sketch"),
        "sketching.clear",
        icon="discard",
        needs=("sketch",),
    ),
    Action(
        "choose-colour",
        _SKETCH,
        QT_TRANSLATE_NOOP("Actions", "Sketch colour…"),
        "sketching.choose_colour",
        gap=True,
    ),
    Action(
        "swap-colours",
        _SKETCH,
        QT_TRANSLATE_NOOP("Actions", "Swap colours"),
        "view.paintbox.swap",
        ("X",),
        icon="swap",
    ),
    Action(
        "default-colours",
        _SKETCH,
        QT_TRANSLATE_NOOP("Actions", "Black and white"),
        "view.paintbox.reset",
        ("D",),
    ),
    *_tool_rows(),
    Action(
        "brush-larger",
        _TOOLS,
        QT_TRANSLATE_NOOP("Actions", "Larger brush"),
        "view.brushes.grow",
        ("]",),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Ctrl and the mouse wheel do the same."),
    ),
    Action(
        "brush-smaller",
        _TOOLS,
        QT_TRANSLATE_NOOP("Actions", "Smaller brush"),
        "view.brushes.shrink",
        ("[",),
        tip=QT_TRANSLATE_NOOP("Actions", "Ctrl and the mouse wheel do the same."),
    ),
    Action(
        "brush-harder",
        _TOOLS,
        QT_TRANSLATE_NOOP("Actions", "Harder brush"),
        "view.brushes.harden",
        ("Shift+]",),
    ),
    Action(
        "brush-softer",
        _TOOLS,
        QT_TRANSLATE_NOOP("Actions", "Softer brush"),
        "view.brushes.soften",
        ("Shift+[",),
    ),
    Action(
        "zoom-in",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Zoom in"),
        "view.camera.zoom_in",
        ("Ctrl++", "Ctrl+=", "+", "="),
        icon="zoom-in",
    ),
    Action(
        "zoom-out",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Zoom out"),
        "view.camera.zoom_out",
        ("Ctrl+-", "-"),
        icon="zoom-out",
    ),
    Action(
        "fit",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Fit in view"),
        "view.camera.fit",
        ("Ctrl+0",),
        icon="fit",
    ),
    Action(
        "actual-size",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Actual size"),
        "view.camera.show_actual_size",
        ("Ctrl+1",),
        icon="actual-size",
    ),
    Action(
        "turn-left",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Turn left"),
        "view.camera.turn_left",
        ("4",),
        icon="rotate-left",
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Shift+Space and dragging turns freely."),
    ),
    Action(
        "turn-back",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Upright"),
        "view.camera.turn_back",
        ("5",),
    ),
    Action(
        "turn-right",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Turn right"),
        "view.camera.turn_right",
        ("6",),
        icon="rotate-right",
        tip=QT_TRANSLATE_NOOP("Actions", "Shift+Space and dragging turns freely."),
    ),
    Action(
        "mirror",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Mirror the view"),
        "view.camera.mirror",
        ("Shift+H",),
        icon="mirror",
        tip=QT_TRANSLATE_NOOP("Actions", "Only what you see: the picture stays as it is."),
    ),
    Action(
        "pixel-grid",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Pixel grid"),
        "view.layers.set_grid",
        toggle=True,
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Lines between the pixels, from 800 % on."),
    ),
    Action(
        "canvas-only",
        _VIEW,
        QT_TRANSLATE_NOOP("Actions", "Canvas only"),
        "canvas_only.set",
        ("Tab",),
        canvas=True,
        toggle=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Hide everything else, and show it again."),
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
        "triage.previous",
        ("Left",),
        needs=("variants",),
        gap=True,
        canvas=True,
    ),
    Action(
        "next-variant",
        _FILL,
        QT_TRANSLATE_NOOP("Actions", "Next variant"),
        "triage.next",
        ("Right",),
        needs=("variants",),
        canvas=True,
    ),
    Action(
        "apply-variant",
        _FILL,
        QT_TRANSLATE_NOOP("Actions", "Apply variant"),
        "triage.apply",
        icon="apply",
        needs=("edit",),
        tip=QT_TRANSLATE_NOOP("Actions", "Keep the one on the canvas, drop the others."),
    ),
    Action(
        "discard-variant",
        _FILL,
        QT_TRANSLATE_NOOP("Actions", "Discard variant"),
        "triage.discard",
        icon="discard",
        needs=("edit",),
        tip=QT_TRANSLATE_NOOP("Actions", "Drop the one on the canvas."),
    ),
    Action(
        "keep-variants",
        _FILL,
        QT_TRANSLATE_NOOP("Actions", "Keep all variants"),
        "triage.keep_all",
        icon="keep-all",
        needs=("variants",),
        tip=QT_TRANSLATE_NOOP("Actions", "They stay in the history, to be chosen later."),
    ),
    Action(
        "replay",
        _FILL,
        QT_TRANSLATE_NOOP("Actions", "Replay later edits"),
        "session.replay_stale",
        icon="replay",
        needs=("working engine", "engine", "stale"),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Run again what an earlier change has left behind."),
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
