"""What the artist is told, and offered, about an engine that cannot be loaded or seems to hang."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.engine.session import Session
from app.ui.messages import Messages, Offer


class EngineFaults(QObject):
    """Speaks through the message bar; what it offers is never done unasked."""

    def __init__(self, session: Session, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._messages = session, messages
        self._fault = ""
        self._hint = self.tr(
            "The engine has said nothing for a minute. A large step can take that long; if it "
            "hangs, restart it. Your picture is safe."
        )
        session.engine_failed.connect(self._on_failed)
        session.engine_ready.connect(self._on_ready)
        session.engine_silent.connect(self._on_silent)
        session.engine_heard.connect(self._on_heard)

    def _on_failed(self, sentence: str) -> None:
        offer = Offer(self.tr("Load it again"), self._session.restart_engine)
        self._fault = sentence
        self._messages.error(sentence, offer, lasting=True)

    def _on_ready(self) -> None:
        self._messages.withdraw(self._fault)

    def _on_silent(self) -> None:
        offer = Offer(self.tr("Restart the engine"), self._session.restart_engine)
        self._messages.error(self._hint, offer)

    def _on_heard(self) -> None:
        self._messages.withdraw(self._hint)
