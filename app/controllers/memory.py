"""Letting go of the model's memory: when the artist asks, or after a while without work for it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.document.document import Document
from app.engine.generation import Generation
from app.system.settings import SettingsStore
from app.ui.messages import Messages

_MINUTE_MS = 60_000


class Memory(QObject):
    """The card's memory serves other programs meanwhile; the next use loads the model again."""

    def __init__(
        self,
        document: Document,
        generation: Generation,
        settings: SettingsStore,
        messages: Messages,
    ) -> None:
        super().__init__(generation)
        self._generation, self._settings, self._messages = generation, settings, messages
        self.rest = QTimer(self, singleShot=True)
        self.rest.timeout.connect(self._on_rest)
        generation.state_changed.connect(self._wait)
        document.mask_changed.connect(self._wait)
        generation.loader.released.connect(self._on_released)

    def release(self) -> None:
        """Let go of it now."""
        self._generation.release()

    def release_after(self, minutes: int) -> None:
        """Let go of it whenever it was idle for so long; 0 = never."""
        self._settings.update(release_after=minutes)
        self._wait()

    def _on_released(self) -> None:
        if not self._generation.loader.is_switching:
            self._messages.news(
                self.tr("The model\u2019s memory is free. The next fill loads the model again.")
            )

    def _wait(self) -> None:
        minutes = self._settings.value.release_after
        if minutes and self._generation.loader.has_engine:
            self.rest.start(minutes * _MINUTE_MS)
        else:
            self.rest.stop()

    def _on_rest(self) -> None:
        if self._generation.is_running:
            self._wait()
        else:
            self._generation.release()
