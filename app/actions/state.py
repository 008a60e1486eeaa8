"""A snapshot of the app's state, and the conditions that enable actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.ui.translation import QT_TRANSLATE_NOOP, translate


@dataclass(frozen=True)
class AppState:
    """All facts that decide which actions are enabled; the defaults describe an empty app."""

    has_mask: bool = False
    object_is_sought: bool = False  # and becomes the mask once it is found
    has_alpha: bool = False  # the canvas can be transparent
    mask_is_filled: bool = False  # by a fill that can be tried again
    has_sketch: bool = False
    has_fill: bool = False  # a fill is on the canvas or in the queue
    has_layers: bool = False
    has_edit: bool = False  # an edit is being browsed
    layers_below: int = 0  # of the browsed edit
    layers_above: int = 0
    has_cut_out: bool = False  # it is a thing without ground of its own
    has_thing: bool = False  # it was generated and is not lifted yet
    has_variants: bool = False  # the browsed edit has several variants
    has_stale_edits: bool = False
    has_recipes: bool = False
    can_undo: bool = False
    can_redo: bool = False
    engine_works: bool = False  # the engine is loaded or loading
    engine_is_ready: bool = False
    is_switching: bool = False  # another engine is being loaded
    is_released: bool = False  # the engine is loaded again when it is used
    is_teachable: bool = False
    is_filling: bool = False
    live_is_on: bool = False
    has_live_fill: bool = False
    live_limit: int | None = None  # tokens; set if the mask needs more than this

    @property
    def can_cancel(self) -> bool:
        return self.is_filling or self.is_switching or self.has_live_fill

    @property
    def is_loading(self) -> bool:
        return self.engine_works and (self.is_switching or not self.engine_is_ready)


@dataclass(frozen=True)
class Condition:
    """A condition of an action. `reason`, a source string, tells why it does not hold."""

    reason: str
    holds: Callable[[AppState], bool]


HAS_MASK = Condition(
    QT_TRANSLATE_NOOP("Actions", "Paint a mask first: brush over the area to fill."),
    lambda state: state.has_mask,
)
HAS_HOLE = Condition(HAS_MASK.reason, lambda state: state.has_mask or state.object_is_sought)
HAS_ALPHA = Condition(
    QT_TRANSLATE_NOOP("Actions", "This picture has no transparency."),
    lambda state: state.has_alpha,
)
ENGINE_IS_READY = Condition(
    QT_TRANSLATE_NOOP("Actions", "The model is still loading."),
    lambda state: state.engine_is_ready,
)
ENGINE_WORKS = Condition(
    QT_TRANSLATE_NOOP("Actions", "No model could be loaded."),
    lambda state: state.engine_works,
)
IS_TEACHABLE = Condition(
    QT_TRANSLATE_NOOP("Actions", "This model cannot be taught words: choose the bundled one."),
    lambda state: state.is_teachable,
)
CAN_CANCEL = Condition(
    QT_TRANSLATE_NOOP("Actions", "Nothing is being generated."),
    lambda state: state.can_cancel,
)
HAS_LIVE_FILL = Condition(
    QT_TRANSLATE_NOOP("Actions", "There is no live result."),
    lambda state: state.has_live_fill,
)
CAN_KEEP = Condition(
    QT_TRANSLATE_NOOP("Actions", "There is no result to keep."),
    lambda state: state.has_live_fill or state.has_edit,
)
HAS_FILL = Condition(
    QT_TRANSLATE_NOOP("Actions", "Generate something first."),
    lambda state: state.has_fill,
)
HAS_EDIT = Condition(
    QT_TRANSLATE_NOOP("Actions", "Choose a layer first."),
    lambda state: state.has_edit,
)
HAS_LAYER_BELOW = Condition(
    QT_TRANSLATE_NOOP("Actions", "There is no layer below it."),
    lambda state: state.layers_below > 0,
)
HAS_LAYER_ABOVE = Condition(
    QT_TRANSLATE_NOOP("Actions", "There is no layer above it."),
    lambda state: state.layers_above > 0,
)
HAS_LAYERS = Condition(
    QT_TRANSLATE_NOOP("Actions", "There is no layer yet: generate or paste something."),
    lambda state: state.has_layers,
)
HAS_CUT_OUT = Condition(
    QT_TRANSLATE_NOOP("Actions", "Choose a layer that is lifted or pasted first."),
    lambda state: state.has_cut_out,
)
HAS_THING = Condition(
    QT_TRANSLATE_NOOP("Actions", "There is nothing left to lift from this layer."),
    lambda state: state.has_thing,
)
HAS_VARIANTS = Condition(
    QT_TRANSLATE_NOOP("Actions", "This layer has no other variants."),
    lambda state: state.has_variants,
)
HAS_SKETCH = Condition(
    QT_TRANSLATE_NOOP("Actions", "There is no sketch."),
    lambda state: state.has_sketch,
)
HAS_STALE_EDITS = Condition(
    QT_TRANSLATE_NOOP("Actions", "All layers are up to date."),
    lambda state: state.has_stale_edits,
)
HAS_RECIPES = Condition(
    QT_TRANSLATE_NOOP("Actions", "This picture contains no prompts."),
    lambda state: state.has_recipes,
)
CAN_UNDO = Condition(
    QT_TRANSLATE_NOOP("Actions", "There is nothing to undo."),
    lambda state: state.can_undo,
)
CAN_REDO = Condition(
    QT_TRANSLATE_NOOP("Actions", "There is nothing to redo."),
    lambda state: state.can_redo,
)
NOTHING_RUNS = Condition(
    QT_TRANSLATE_NOOP("Actions", "Something is being generated: wait for it, or cancel it."),
    lambda state: not state.is_filling,
)
HOLDS_MEMORY = Condition(
    QT_TRANSLATE_NOOP("Actions", "The model\u2019s memory is free already."),
    lambda state: not state.is_released,
)
CAN_FILL = (ENGINE_WORKS, ENGINE_IS_READY, HAS_HOLE)


def missing(needs: Iterable[Condition], state: AppState) -> Condition | None:
    """The first condition that does not hold; None if all hold."""
    return next((need for need in needs if not need.holds(state)), None)


def why_not(needs: Iterable[Condition], state: AppState) -> str:
    """The translated reason of the first condition that does not hold; "" if all hold."""
    found = missing(needs, state)
    return "" if found is None else translate("Actions", found.reason)
