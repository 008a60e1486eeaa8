"""Asks for fills and stops them, and says what comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.actions.keymap import Keymap
from app.actions.menus import how_to
from app.actions.state import CAN_FILL, HAS_HOLE, AppState, why_not
from app.canvas.object_finder import ObjectFinder
from app.controllers.live_fill import LiveFill
from app.controllers.state_tracker import StateTracker
from app.document.variants import VariantBrowser
from app.engine.generation import Generation
from app.panels.fill.fill_panel import FillPanel
from app.panels.fill.prompt_history import PastPrompts
from app.ui.messages import Messages
from lazydiff_core.contract import is_removal
from lazydiff_core.generation_settings import GenerationSettings


class FillController(QObject):
    """Between the panel, where fills are asked for, and the generation.

    A fill asked for while an object is looked for begins once that is the mask; if it is not found,
    nothing is filled.
    """

    asked = Signal()  # a fill is on its way

    def __init__(
        self,
        generation: Generation,
        live: LiveFill,
        browser: VariantBrowser,
        objects: ObjectFinder,
        panel: FillPanel,
        past_prompts: PastPrompts,
        tracker: StateTracker,
        keymap: Keymap,
        messages: Messages,
        may_paint: Sequence[Callable[[GenerationSettings], bool]],
    ) -> None:
        """may_paint: all are asked last, in turn; who objects says itself why."""
        super().__init__(generation)
        self._may_paint = may_paint
        self._generation, self._live, self._panel = generation, live, panel
        self._browser = browser
        self._past_prompts, self._tracker = past_prompts, tracker
        self._keymap, self._messages = keymap, messages
        self._objects = objects
        self._waiting: Callable[[], None] | None = None
        self._was_filling = False
        objects.ended.connect(self._on_search)
        panel.asked.connect(partial(self._ask, generation.fill))
        panel.asked_first.connect(partial(self._ask, partial(generation.fill, front=True)))
        panel.asked_again.connect(partial(self._ask, self._try_again))
        tracker.changed.connect(self._show)
        keymap.changed.connect(lambda: self._show(tracker.state))

    def cancel(self) -> None:
        """Drop what is shown live or, without, stop what is running."""
        if self._live.has_preview:
            self._live.drop()
        else:
            self._generation.cancel()

    def keep(self) -> None:
        """Keep what is shown live or, without, the variant on the canvas."""
        if self._live.has_preview:
            self._live.accept()
        else:
            self._browser.apply()

    def _try_again(self, settings: GenerationSettings) -> None:
        self._panel.options.show_seed(self._generation.try_again(settings))

    def _ask(
        self, start: Callable[[GenerationSettings], None], settings: GenerationSettings
    ) -> None:
        reason = self._why_not(settings)
        if reason:
            self._messages.news(reason)
        elif all(may(settings) for may in self._may_paint):
            self._messages.settle()
            self._past_prompts.remember(settings.prompt)
            if self._objects.is_waiting:
                self._waiting = partial(self._begin, start, settings)
            else:
                start(settings)
            self.asked.emit()

    def _on_search(self, found: bool) -> None:
        begin, self._waiting = self._waiting, None
        if begin is not None and found:
            begin()

    def _begin(
        self, start: Callable[[GenerationSettings], None], settings: GenerationSettings
    ) -> None:
        """Start what has waited; what was found may have been taken from the mask."""
        reason = self._why_not(settings)
        if reason:
            self._messages.news(reason)
        else:
            start(settings)

    def _why_not(self, settings: GenerationSettings) -> str:
        self._tracker.settle()
        needs = (HAS_HOLE,) if is_removal(settings) else CAN_FILL
        return why_not(needs, self._tracker.state)

    def _show(self, state: AppState) -> None:
        self._panel.layers.set_ready(state.engine_is_ready)
        progress = self._panel.progress
        if state.is_filling:
            if not self._was_filling:
                progress.wait(self.tr("Starting"))
        elif state.object_is_sought:
            progress.wait(self.tr("Looking for the object…"))
        elif state.is_loading:
            progress.wait(self.tr("Loading the model…"))
        else:
            progress.rest(why_not(CAN_FILL, state) or self._what_next(state))
        self._was_filling = state.is_filling

    def _what_next(self, state: AppState) -> str:
        if state.mask_is_filled:
            return self.tr("Done: {} tries another seed.").format(self._how_to("retry"))
        if state.has_live_fill:
            keep, drop = self._how_to("apply-variant"), self._how_to("cancel")
            return self.tr("Live: {} keeps it, {} drops it.").format(keep, drop)
        if state.live_limit is not None:
            text = self.tr("Live mode is paused: the mask takes more than {} tokens.")
            return text.format(state.live_limit)
        if state.live_is_on:
            return self.tr("Live: brush, sketch or type.")
        return self.tr("Ready: {} fills the mask.").format(self._how_to("generate"))

    def _how_to(self, action: str) -> str:
        return how_to(action, self._keymap)
