"""Running edits of a picture again, each on the new canvas below it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.document.commands import EditsCommand
from app.document.document import Document
from app.document.edit_stack import EditStack
from app.document.edits import Edit
from app.engine.jobs import RunRequest
from app.engine.requests import edit_again, request_again
from app.engine.timetable import Row
from lazydiff_core.contract import EditRequest, EditResult, EngineInfo
from lazydiff_core.generation_settings import GenerationSettings


@dataclass(frozen=True, eq=False)
class Replay:
    """The edits still to run, in order, and the picture with the finished ones.

    origin:   the edits of the picture at the start; if they change, the replay is void.
    settings: new settings of the first edit; later edits keep their own.
    """

    origin: tuple[Edit, ...]
    stack: EditStack
    todo: tuple[UUID, ...]
    count: int
    settings: GenerationSettings | None = None

    @classmethod
    def of(
        cls, stack: EditStack, todo: tuple[UUID, ...], settings: GenerationSettings | None = None
    ) -> Replay:
        """Start a replay of the edits `todo`, at least one of the stack."""
        order = {edit.id: place for place, edit in enumerate(stack.edits)}
        row = tuple(sorted(todo, key=lambda edit_id: order[edit_id]))
        return cls(stack.edits, stack, row, len(row), settings)

    @property
    def number(self) -> int:
        """The number of the next edit, from 1."""
        return self.count - len(self.todo) + 1

    def request(self, info: EngineInfo) -> EditRequest:
        """The request of the next edit."""
        recipe = self._edit().recipe
        assert recipe is not None, "what was not generated is not run again"
        settings = self.settings or recipe.settings
        return request_again(self.stack, self._place(), settings, info)

    def after(self, request: EditRequest, result: EditResult, info: EngineInfo) -> Replay:
        """The replay with the result of `request` in place; finished when `todo` is empty."""
        edit = edit_again(self._edit(), request, result, info)
        stack = self.stack.with_edit(self._place(), edit)
        return replace(self, stack=stack, todo=self.todo[1:], settings=None)

    def _edit(self) -> Edit:
        return self.stack.edits[self._place()]

    def _place(self) -> int:
        return next(k for k, edit in enumerate(self.stack.edits) if edit.id == self.todo[0])


class Replays(QObject):
    """Runs one replay edit by edit; all its results land together as one undo step."""

    wanted = Signal()  # the next edit waits to run

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._choose: Callable[[], tuple[UUID, ...]] = tuple
        self._settings: GenerationSettings | None = None
        self._replay: Replay | None = None
        self.info: EngineInfo | None = None

    @property
    def step(self) -> tuple[int, int] | None:
        """(number, count) of the running edit; None while no edit runs."""
        return None if self._replay is None else (self._replay.number, self._replay.count)

    def ask(self, edit_id: UUID, settings: GenerationSettings) -> None:
        """Run an edit again with other settings; later edits that depend on it become stale."""
        self._ask(lambda: (edit_id,), settings)

    def ask_stale(self) -> None:
        """Run all stale edits again, in order, with their own settings."""
        self._ask(self._stale, None)

    def _ask(
        self, choose: Callable[[], tuple[UUID, ...]], settings: GenerationSettings | None
    ) -> None:
        """Replace any current replay. The edits are looked up when the replay's turn comes."""
        self._choose, self._settings, self._replay = choose, settings, None
        self.wanted.emit()

    def _stale(self) -> tuple[UUID, ...]:
        return tuple(e.id for e in self._document.edits if e.stale and e.can_be_stale)

    def drop(self) -> None:
        """Drop the replay."""
        self._replay = None

    # --- the client of Generation ----------------------------------------------------------------

    def work(self, row: Row) -> RunRequest | None:
        """The next edit's request; None if an edit no longer exists or there is nothing to run."""
        assert self.info is not None
        if self._replay is None:
            stack, ids = self._document.stack(), self._choose()
            if not ids or any(stack.index(edit_id) is None for edit_id in ids):
                return None
            self._replay = Replay.of(stack, ids, self._settings)
        return RunRequest(self._replay.request(self.info))

    def land(self, row: Row, value: EditResult) -> None:
        """Continue with the next edit, or put all results on the canvas after the last."""
        assert self._replay is not None
        assert self.info is not None
        assert isinstance(row.work, RunRequest)
        replay = self._replay.after(row.work.request, value, self.info)
        if replay.todo:
            self._replay = replay
            self.wanted.emit()
            return
        self._replay = None
        text = self.tr("Replay")
        self._document.undo_stack.push(EditsCommand(self._document, text, replay.stack.edits))

    def fail(self, row: Row, sentence: str) -> None:
        self._replay = None

    @property
    def is_void(self) -> bool:
        """Whether the edits of the document have changed since the start."""
        return self._replay is not None and self._replay.origin is not self._document.edits
