"""The actions of the menu Generate."""

from __future__ import annotations

from collections.abc import Callable

from app.actions.action import FILL, MODEL, WHEN_IDLE, Action
from app.actions.app import App
from app.actions.state import (
    CAN_CANCEL,
    CAN_FILL,
    CAN_KEEP,
    ENGINE_IS_READY,
    ENGINE_WORKS,
    HAS_EDIT,
    HAS_FILL,
    HAS_HOLE,
    HAS_LAYERS,
    HAS_LIVE_FILL,
    HAS_MASK,
    HAS_RECIPES,
    HAS_STALE_EDITS,
    HAS_VARIANTS,
    HOLDS_MEMORY,
    IS_TEACHABLE,
    NOTHING_RUNS,
)
from app.ui.translation import QT_TRANSLATE_NOOP

# Minutes -> what to call them; 0 = never.
_IDLE = {
    0: QT_TRANSLATE_NOOP("Actions", "Never"),
    5: QT_TRANSLATE_NOOP("Actions", "After 5 minutes"),
    15: QT_TRANSLATE_NOOP("Actions", "After 15 minutes"),
    60: QT_TRANSLATE_NOOP("Actions", "After an hour"),
}


def _idle_rows() -> tuple[Action, ...]:
    return tuple(
        Action(f"idle-{n}", WHEN_IDLE, title, do=_release_after(n), choice="idle")
        for n, title in _IDLE.items()
    )


def _release_after(minutes: int) -> Callable[[App], object]:
    return lambda app: app.memory.release_after(minutes)


ROWS: tuple[Action, ...] = (
    Action(
        "generate",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Generate"),
        do=lambda app: app.panel.generate(),
        keys=("Ctrl+Enter", "Ctrl+Return", "Shift+Enter", "Shift+Return"),
        icon="generate",
        needs=CAN_FILL,
        tip=QT_TRANSLATE_NOOP("Actions", "Fill the mask with what the prompt says."),
    ),
    Action(
        "generate-first",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Generate first in queue"),
        do=lambda app: app.panel.generate_first(),
        keys=("Ctrl+Shift+Enter", "Ctrl+Shift+Return"),
        icon="to-front",
        needs=CAN_FILL,
        tip=QT_TRANSLATE_NOOP("Actions", "Fill this mask before all others in the queue."),
    ),
    Action(
        "remove",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Remove"),
        do=lambda app: app.panel.remove(),
        keys=("Delete",),
        icon="remove",
        needs=(HAS_HOLE,),
        canvas=True,
        tip=QT_TRANSLATE_NOOP(
            "Actions", "What is masked goes and its surroundings continue; no prompt, no model."
        ),
    ),
    Action(
        "retry",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Try again"),
        do=lambda app: app.panel.retry(),
        keys=("Ctrl+R",),
        icon="retry",
        needs=(*CAN_FILL, HAS_FILL),
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Another try: the same mask, prompt and sketch with another seed."
        ),
    ),
    Action(
        "cancel",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Cancel"),
        do=lambda app: app.fill.cancel(),
        keys=("Esc", "Shift+X"),
        icon="cancel",
        needs=(CAN_CANCEL,),
        tip=QT_TRANSLATE_NOOP("Actions", "Stop generating; the picture stays as it was."),
    ),
    Action(
        "cancel-all",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Cancel all"),
        do=lambda app: app.generation.cancel_all(),
        keys=("Shift+Esc",),
        icon="cancel-all",
        needs=(CAN_CANCEL,),
        tip=QT_TRANSLATE_NOOP("Actions", "Stop generating and empty the queue."),
    ),
    Action(
        "live",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Live mode"),
        turn=lambda app, on: app.live.set_enabled(on),
        keys=("Ctrl+L",),
        gap=True,
        tip=QT_TRANSLATE_NOOP(
            "Actions",
            "Show, in few steps, what a small mask would become, while you brush and type.",
        ),
    ),
    Action(
        "accept-live",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Keep live result"),
        do=lambda app: app.live.accept(),
        needs=(HAS_LIVE_FILL,),
        tip=QT_TRANSLATE_NOOP("Actions", "Keep it as an edit; Esc discards it."),
    ),
    Action(
        "previous-variant",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Previous variant"),
        do=lambda app: app.variant_browser.previous(),
        keys=("Left",),
        needs=(HAS_VARIANTS,),
        gap=True,
        canvas=True,
    ),
    Action(
        "next-variant",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Next variant"),
        do=lambda app: app.variant_browser.next(),
        keys=("Right",),
        needs=(HAS_VARIANTS,),
        canvas=True,
    ),
    Action(
        "apply-variant",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Keep what is shown"),
        do=lambda app: app.fill.keep(),
        keys=("Return", "Enter"),
        icon="apply",
        needs=(CAN_KEEP,),
        canvas=True,
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Keep the live result or the variant on the canvas, and discard the others."
        ),
    ),
    Action(
        "discard-variant",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Discard variant"),
        do=lambda app: app.variant_browser.discard(),
        keys=("Shift+Delete",),
        icon="discard",
        needs=(HAS_EDIT,),
        canvas=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Discard the variant on the canvas."),
    ),
    Action(
        "keep-variants",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Keep all variants"),
        do=lambda app: app.variant_browser.keep_all(),
        icon="keep-all",
        needs=(HAS_VARIANTS,),
        tip=QT_TRANSLATE_NOOP("Actions", "Keep every variant in its layer, to choose later."),
    ),
    Action(
        "replay",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Replay stale layers"),
        do=lambda app: app.generation.replay_stale(),
        icon="replay",
        needs=(ENGINE_WORKS, ENGINE_IS_READY, HAS_STALE_EDITS),
        gap=True,
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Run layers again that no longer match what lies beneath them."
        ),
    ),
    Action(
        "check-locality",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Verify untouched pixels"),
        do=lambda app: app.locality.run(),
        needs=(HAS_LAYERS,),
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Count the pixels outside all masks that differ from the picture as opened."
        ),
    ),
    Action(
        "teach",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Teach a word…"),
        do=lambda app: app.words.teach(),
        icon="teach",
        needs=(ENGINE_WORKS, ENGINE_IS_READY, IS_TEACHABLE, HAS_MASK),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Name what the mask covers, to use that word in prompts."),
    ),
    Action(
        "browse-words",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Browse words…"),
        do=lambda app: app.prompt_words.browse(),
        keys=("Ctrl+B",),
        icon="search",
        tip=QT_TRANSLATE_NOOP("Actions", "All words that the model knows, with their pictures."),
    ),
    Action(
        "words",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Taught words…"),
        do=lambda app: app.words.show(),
        tip=QT_TRANSLATE_NOOP("Actions", "See the words you have taught, and forget some."),
    ),
    Action(
        "recall",
        FILL,
        QT_TRANSLATE_NOOP("Actions", "Load prompt from picture…"),
        do=lambda app: app.recipe_import.ask(),
        icon="reuse",
        needs=(HAS_RECIPES,),
        gap=True,
        tip=QT_TRANSLATE_NOOP("Actions", "Use the prompt, seed and options stored in the picture."),
    ),
    Action(
        "models",
        MODEL,
        QT_TRANSLATE_NOOP("Actions", "Model and device…"),
        do=lambda app: app.models.open(),
        tip=QT_TRANSLATE_NOOP("Actions", "Choose, add or download a model."),
    ),
    Action(
        "offline",
        MODEL,
        QT_TRANSLATE_NOOP("Actions", "Work offline"),
        turn=lambda app, on: app.network.set_offline(on),
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Ask no hub and no other machine for anything. Painting needs no network."
        ),
    ),
    Action(
        "restart-engine",
        MODEL,
        QT_TRANSLATE_NOOP("Actions", "Restart the engine"),
        do=lambda app: app.generation.restart(),
        tip=QT_TRANSLATE_NOOP("Actions", "Reload the model; your picture is not changed."),
    ),
    Action(
        "release-memory",
        MODEL,
        QT_TRANSLATE_NOOP("Actions", "Release memory"),
        do=lambda app: app.memory.release(),
        needs=(ENGINE_IS_READY, HOLDS_MEMORY, NOTHING_RUNS),
        tip=QT_TRANSLATE_NOOP(
            "Actions", "Free the card for other programs; the next fill loads the model again."
        ),
    ),
    *_idle_rows(),
)
