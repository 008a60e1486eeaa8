"""Which public models fit this machine, found out on the engine's thread while it is idle."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.engine.generation import Generation
from app.engine.jobs import Recommend
from app.engine.timetable import Kind, Row
from lazydiff_core.model_store.recommendation import Recommendation


class Recommendations(QObject):
    """`device`: what they are for; "" = the best of this machine."""

    found = Signal(object)  # tuple[Recommendation, ...], the best first
    failed = Signal(str)

    def __init__(self, generation: Generation) -> None:
        super().__init__(generation)
        self._generation = generation
        self.device = ""
        generation.serve(Kind.MODELS, self)

    def ask(self, device: str) -> None:
        """Find out now, or as soon as nothing else runs."""
        self.device = device
        self._generation.ask(Kind.MODELS)

    # --- the client of Generation ----------------------------------------------------------------

    def work(self, row: Row) -> Recommend:
        return Recommend(self.device)

    def land(self, row: Row, value: tuple[Recommendation, ...]) -> None:
        self.found.emit(value)

    def fail(self, row: Row, sentence: str) -> None:
        self.failed.emit(sentence)
