"""What the artist is told, and offered, about an engine that cannot be loaded or seems to hang."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.engine.generation import Generation
from app.engine.generation_state import GenerationState
from app.ui.messages import Messages, Offer


class EngineFaults(QObject):
    """Speaks through the message bar; what it offers is never done unasked."""

    def __init__(self, generation: Generation, messages: Messages) -> None:
        super().__init__(generation)
        self._generation, self._messages = generation, messages
        self._fault = ""
        self._is_silent = False
        self._hint = self.tr(
            "The engine has said nothing for a minute. A large step can take that long; if it "
            "hangs, restart it. Your picture is safe."
        )
        generation.loader.load_failed.connect(self._on_failed)
        generation.loader.loaded.connect(self._on_loaded)
        generation.state_changed.connect(self._on_state)

    def _on_failed(self, sentence: str) -> None:
        offer = Offer(self.tr("Load it again"), self._generation.restart)
        self._fault = sentence
        self._messages.error(sentence, offer, lasting=True)

    def _on_loaded(self) -> None:
        self._messages.withdraw(self._fault)

    def _on_state(self, state: GenerationState) -> None:
        if state.silent == self._is_silent:
            return
        self._is_silent = state.silent
        if state.silent:
            offer = Offer(self.tr("Restart the engine"), self._generation.restart)
            self._messages.error(self._hint, offer)
        else:
            self._messages.withdraw(self._hint)
