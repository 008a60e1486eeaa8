"""The interface of the parts of the app that ask for engine work."""

from __future__ import annotations

from typing import Any, Protocol

from app.engine.jobs import Work
from app.engine.timetable import Row


class Client(Protocol):
    """Supplies the work of one kind of row. Only Generation calls it, on the app's thread."""

    def work(self, row: Row) -> Work | None:
        """The work of a row whose turn has come; None = nothing left to do."""

    def land(self, row: Row, value: Any) -> None:
        """Handle the result of a row's work; app.engine.jobs gives its type."""

    def fail(self, row: Row, sentence: str) -> None:
        """Handle a failure of the work; the sentence says why."""
