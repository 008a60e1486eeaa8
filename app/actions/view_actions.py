"""Tools and View: what the hand holds and what the eye sees."""

from __future__ import annotations

from app.actions.action import LANGUAGE, THEME, VIEW, Action
from app.actions.action import TOOLS as TOOL_MENU
from app.canvas.tools import TOOLS
from app.ui.theme import SCHEMES
from app.ui.translation import LANGUAGES, QT_TRANSLATE_NOOP


def _tool_rows() -> tuple[Action, ...]:
    return tuple(
        Action(
            *(f"tool-{name}", TOOL_MENU, tool.text, "view.set_tool", (tool.shortcut,)),
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
        Action(f"theme-{name}", THEME, texts[name], "appearance.choose_theme", argument=name)
        for name in SCHEMES
    )


def _language_rows() -> tuple[Action, ...]:
    # Each language by its own name, for those who do not speak the present one.
    texts = {
        "system": QT_TRANSLATE_NOOP("Actions", "Like the system"),
        "en": "English",
        "de": "Deutsch",
    }
    return tuple(
        Action(
            f"language-{name}", LANGUAGE, texts[name], "appearance.choose_language", argument=name
        )
        for name in LANGUAGES
    )


ROWS: tuple[Action, ...] = (
    *_tool_rows(),
    Action(
        "brush-larger",
        TOOL_MENU,
        QT_TRANSLATE_NOOP("Actions", "Larger brush"),
        "view.brushes.grow",
        ("]",),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Ctrl and the mouse wheel do the same."),
    ),
    Action(
        "brush-smaller",
        TOOL_MENU,
        QT_TRANSLATE_NOOP("Actions", "Smaller brush"),
        "view.brushes.shrink",
        ("[",),
        tip=QT_TRANSLATE_NOOP("Actions", "Ctrl and the mouse wheel do the same."),
    ),
    Action(
        "brush-harder",
        TOOL_MENU,
        QT_TRANSLATE_NOOP("Actions", "Harder brush"),
        "view.brushes.harden",
        ("Shift+]",),
    ),
    Action(
        "brush-softer",
        TOOL_MENU,
        QT_TRANSLATE_NOOP("Actions", "Softer brush"),
        "view.brushes.soften",
        ("Shift+[",),
    ),
    Action(
        "zoom-in",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Zoom in"),
        "view.camera.zoom_in",
        ("Ctrl++", "Ctrl+=", "+", "="),
        icon="zoom-in",
    ),
    Action(
        "zoom-out",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Zoom out"),
        "view.camera.zoom_out",
        ("Ctrl+-", "-"),
        icon="zoom-out",
    ),
    Action(
        "fit",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Fit in view"),
        "view.camera.fit",
        ("Ctrl+0",),
        icon="fit",
    ),
    Action(
        "actual-size",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Actual size"),
        "view.camera.show_actual_size",
        ("Ctrl+1",),
        icon="actual-size",
    ),
    Action(
        "turn-left",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Turn left"),
        "view.camera.turn_left",
        ("4",),
        icon="rotate-left",
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Shift+Space and dragging turns freely."),
    ),
    Action(
        "turn-back",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Upright"),
        "view.camera.turn_back",
        ("5",),
    ),
    Action(
        "turn-right",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Turn right"),
        "view.camera.turn_right",
        ("6",),
        icon="rotate-right",
        tip=QT_TRANSLATE_NOOP("Actions", "Shift+Space and dragging turns freely."),
    ),
    Action(
        "mirror",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Mirror the view"),
        "view.camera.mirror",
        ("Shift+H",),
        icon="mirror",
        tip=QT_TRANSLATE_NOOP("Actions", "Only what you see: the picture stays as it is."),
    ),
    Action(
        "pixel-grid",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Pixel grid"),
        "view.layers.set_grid",
        toggle=True,
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Lines between the pixels, from 800 % on."),
    ),
    Action(
        "show-tokens",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "What will be computed"),
        "view.layers.set_tokens",
        ("Ctrl+'",),
        toggle=True,
        tip=QT_TRANSLATE_NOOP(
            "Actions",
            "Blue squares: the tokens of the fill. Amber: where blending evens out its seam.",
        ),
    ),
    Action(
        "canvas-only",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "Canvas only"),
        "canvas_only.set",
        ("Tab",),
        canvas=True,
        toggle=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Hide everything else, and show it again."),
    ),
    Action(
        "switch",
        VIEW,
        QT_TRANSLATE_NOOP("Actions", "To the prompt and back"),
        "switch_focus",
        ("F6",),
        tip=QT_TRANSLATE_NOOP("Actions", "The keyboard goes to the prompt, or back to the canvas."),
    ),
    *_theme_rows(),
    *_language_rows(),
)
