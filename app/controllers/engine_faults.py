"""What the artist is told, and offered, about an engine that cannot be loaded or seems to hang."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.engine.generation import Generation
from app.engine.generation_state import GenerationState
from app.engine.model_choice import ModelChoice
from app.ui.messages import Messages, Offer

RECONNECT_MS = 5000


class EngineFaults(QObject):
    """Speaks through the message bar; what it offers is never done unasked.

    Another machine that does not answer is asked again every few seconds.
    """

    def __init__(self, generation: Generation, choice: ModelChoice, messages: Messages) -> None:
        super().__init__(generation)
        self._generation, self._choice, self._messages = generation, choice, messages
        self._fault = ""
        self._is_silent = False
        self._hint = self.tr(
            "The engine has said nothing for a minute. A large step can take that long; if it "
            "hangs, restart it. Your picture is safe."
        )
        self.again = QTimer(self, singleShot=True, interval=RECONNECT_MS)
        self.again.timeout.connect(self._reconnect)
        generation.loader.load_failed.connect(self._on_failed)
        generation.loader.loaded.connect(self._on_loaded)
        generation.state_changed.connect(self._on_state)

    def _on_failed(self, sentence: str) -> None:
        if self._choice.now.is_remote:
            self.again.start()
            offer = Offer(self.tr("Use this computer"), lambda: self._choice.use_device(""))
        else:
            offer = Offer(self.tr("Load it again"), self._generation.restart)
        if sentence != self._fault:
            self._messages.withdraw(self._fault)
            self._messages.error(sentence, offer, lasting=True)
        self._fault = sentence

    def _reconnect(self) -> None:
        is_wanted = self._choice.now.is_remote and not self._choice.is_loading
        if is_wanted and self._generation.info is None:
            self._generation.start()

    def _on_loaded(self) -> None:
        self.again.stop()
        self._messages.withdraw(self._fault)
        self._fault = ""

    def _on_state(self, state: GenerationState) -> None:
        if state.silent == self._is_silent:
            return
        self._is_silent = state.silent
        if state.silent:
            offer = Offer(self.tr("Restart the engine"), self._generation.restart)
            self._messages.error(self._hint, offer, lasting=True)
        else:
            self._messages.withdraw(self._hint)
