"""The actions of the menus Tools and View."""

from __future__ import annotations

from collections.abc import Callable

from app.actions.action import LANGUAGE, PANELS, THEME, VIEW, Action
from app.actions.action import TOOLS as TOOL_MENU
from app.actions.app import App
from app.canvas.tools import TOOLS
from app.ui.theme import SCHEMES
from app.ui.translation import LANGUAGES, QT_TRANSLATE_NOOP

PANEL_TITLES = {
    "prompt": QT_TRANSLATE_NOOP("Actions", "Prompt"),
    "variants": QT_TRANSLATE_NOOP("Actions", "Variants"),
    "layers": QT_TRANSLATE_NOOP("Actions", "Layers"),
    "queue": QT_TRANSLATE_NOOP("Actions", "Queue"),
    "options": QT_TRANSLATE_NOOP("Actions", "Options"),
    "sketch": QT_TRANSLATE_NOOP("Actions", "Sketch"),
    "words": QT_TRANSLATE_NOOP("Actions", "Words"),
}


def _tool_rows() -> tuple[Action, ...]:
    return tuple(
        Action(
            f"tool-{name}",
            TOOL_MENU,
            tool.text,
            do=_choose_tool(name),
            keys=(tool.shortcut,),
            icon=name,
            tip=tool.hint,
            choice="tool",
        )
        for name, tool in TOOLS.items()
    )


def _panel_rows() -> tuple[Action, ...]:
    tip = QT_TRANSLATE_NOOP(
        "Actions", "Drag its title or tab to move it; double-click its title to float it."
    )
    return tuple(
        Action(f"panel-{name}", PANELS, title, turn=_open_panel(name), tip=tip)
        for name, title in PANEL_TITLES.items()
    )


def _theme_rows() -> tuple[Action, ...]:
    titles = {
        "system": QT_TRANSLATE_NOOP("Actions", "Follow system"),
        "light": QT_TRANSLATE_NOOP("Actions", "Light"),
        "dark": QT_TRANSLATE_NOOP("Actions", "Dark"),
    }
    return tuple(
        Action(f"theme-{name}", THEME, titles[name], do=_choose_theme(name), choice="theme")
        for name in SCHEMES
    )


def _language_rows() -> tuple[Action, ...]:
    # Each language by its own name, for artists who do not read the current one.
    titles = {
        "system": QT_TRANSLATE_NOOP("Actions", "Follow system"),
        "en": "English",
        "de": "Deutsch",
    }
    return tuple(
        Action(
            *(f"language-{name}", LANGUAGE, titles[name]),
            do=_choose_language(name),
            choice="language",
        )
        for name in LANGUAGES
    )


def _choose_tool(name: str) -> Callable[[App], object]:
    return lambda app: app.view.set_tool(name)


def _open_panel(name: str) -> Callable[[App, bool], object]:
    return lambda app, on: app.docks.set_open(name, on)


def _choose_theme(name: str) -> Callable[[App], object]:
    return lambda app: app.appearance.choose_theme(name)


def _choose_language(name: str) -> Callable[[App], object]:
    return lambda app: app.appearance.choose_language(name)


ROWS: tuple[Action, ...] = (
    *_tool_rows(),
    Action(
        "brush-larger",
        TOOL_MENU,
        QT_TRANSLATE_NOOP("Actions", "Larger brush"),
        do=lambda app: app.view.brushes.grow(),
        keys=("]",),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Ctrl and the mouse wheel do the same."),
    ),
    Action(
        "brush-smaller",
        TOOL_MENU,
        QT_TRANSLATE_NOOP("Actions", "Smaller brush"),
        do=lambda app: app.view.brushes.shrink(),
        keys=("[",),
        tip=QT_TRANSLATE_NOOP("Actions", "Ctrl and the mouse wheel do the same."),
    ),
    Action(
        "brush-harder",
        TOOL_MENU,
        QT_TRANSLATE_NOOP("Actions", "Harder brush"),
        do=lambda app: app.view.brushes.harden(),
        keys=("Shift+]", "Ctrl+Shift+Up"),
    ),
    Action(
        "brush-softer",
        TOOL_MENU,
        QT_TRANSLATE_NOOP("Actions", "Softer brush"),
        do=lambda app: app.view.brushes.soften(),
        keys=("Shift+[", "Ctrl+Shift+Down"),
    ),
    Action(
        "zoom-in",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Zoom in"),
        do=lambda app: app.view.camera.zoom_in(),
        keys=("Ctrl++", "Ctrl+=", "+", "="),
        icon="zoom-in",
    ),
    Action(
        "zoom-out",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Zoom out"),
        do=lambda app: app.view.camera.zoom_out(),
        keys=("Ctrl+-", "-"),
        icon="zoom-out",
    ),
    Action(
        "fit",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Fit in view"),
        do=lambda app: app.view.camera.fit(),
        keys=("Ctrl+0",),
        icon="fit",
    ),
    Action(
        "actual-size",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Actual size"),
        do=lambda app: app.view.camera.show_actual_size(),
        keys=("Ctrl+1",),
        icon="actual-size",
    ),
    Action(
        "turn-left",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Turn left"),
        do=lambda app: app.view.camera.turn_left(),
        keys=("4",),
        icon="rotate-left",
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Shift+Space and dragging turns freely."),
    ),
    Action(
        "turn-back",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Reset rotation"),
        do=lambda app: app.view.camera.turn_back(),
        keys=("5",),
    ),
    Action(
        "turn-right",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Turn right"),
        do=lambda app: app.view.camera.turn_right(),
        keys=("6",),
        icon="rotate-right",
        tip=QT_TRANSLATE_NOOP("Actions", "Shift+Space and dragging turns freely."),
    ),
    Action(
        "mirror",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Mirror the view"),
        do=lambda app: app.view.camera.mirror(),
        keys=("Shift+H",),
        icon="mirror",
        tip=QT_TRANSLATE_NOOP("Actions", "Only what you see: the picture stays as it is."),
    ),
    Action(
        "pixel-grid",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Pixel grid"),
        turn=lambda app, on: app.view.layers.set_grid(on),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Lines between the pixels, from 800 % on."),
    ),
    Action(
        "show-tokens",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Show the area to be computed"),
        turn=lambda app, on: app.view.layers.set_tokens(on),
        keys=("Ctrl+'",),
        tip=QT_TRANSLATE_NOOP(
            "Actions",
            "Blue squares: the tokens of the fill. Amber: where blending evens out its seam.",
        ),
    ),
    Action(
        "canvas-only",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Canvas only"),
        turn=lambda app, on: app.canvas_only.set(on),
        keys=("Tab",),
        canvas=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Hide everything else, and show it again."),
    ),
    Action(
        "switch",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Switch between prompt and canvas"),
        do=lambda app: app.canvas_only.switch_focus(),
        keys=("F6",),
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Move the keyboard focus to the prompt, or back to the canvas."
        ),
    ),
    *_panel_rows(),
    Action(
        "reset-layout",
        PANELS,
        QT_TRANSLATE_NOOP("Actions", "Reset layout"),
        do=lambda app: app.docks.reset(),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Put every panel back in its original place."),
    ),
    *_theme_rows(),
    *_language_rows(),
)
