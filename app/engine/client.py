"""What whoever asks for engine work has to say about it."""

from __future__ import annotations

from typing import Any, Protocol

from app.engine.jobs import Work
from app.engine.timetable import Row


class Client(Protocol):
    """Stands behind the rows of one kind; called on the app's thread, by the generation only."""

    def work(self, row: Row) -> Work | None:
        """What a row is to run now that its turn has come; None = nothing any more."""

    def land(self, row: Row, value: Any) -> None:
        """Take what came of a row's work: see app.engine.jobs for its type."""

    def fail(self, row: Row, sentence: str) -> None:
        """The work came to nothing; the sentence says why."""
