"""Running edits of a picture again, each on what the ones below it have become."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.document.commands import EditsCommand
from app.document.document import Document
from app.document.edits import Edit, EditStack
from app.engine.jobs import RunRequest
from app.engine.requests import edit_again, request_again
from app.engine.timetable import Row
from lazydiff_core.contract import EditRequest, EditResult, EngineInfo
from lazydiff_core.generation_settings import GenerationSettings


@dataclass(frozen=True, eq=False)
class Replay:
    """Edits still to be run, in order, and the picture as it is with those that have been.

    origin: the edits of the picture when it began: if they change, the replay is void.
    settings: others for the first edit; the later ones keep theirs.
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
        """The beginning of a replay; `todo` names edits of the stack, not none."""
        order = {edit.id: place for place, edit in enumerate(stack.edits)}
        row = tuple(sorted(todo, key=lambda edit_id: order[edit_id]))
        return cls(stack.edits, stack, row, len(row), settings)

    @property
    def number(self) -> int:
        """Which edit of the row is next, from 1 on."""
        return self.count - len(self.todo) + 1

    def request(self, info: EngineInfo) -> EditRequest:
        """What to run next."""
        settings = self.settings or self._edit().recipe.settings
        return request_again(self.stack, self._place(), settings, info)

    def after(self, request: EditRequest, result: EditResult, info: EngineInfo) -> Replay:
        """With the result of `request` in place; finished when `todo` is empty."""
        edit = edit_again(self._edit(), request, result, info)
        stack = self.stack.with_edit(self._place(), edit)
        return replace(self, stack=stack, todo=self.todo[1:], settings=None)

    def _edit(self) -> Edit:
        return self.stack.edits[self._place()]

    def _place(self) -> int:
        return next(k for k, edit in enumerate(self.stack.edits) if edit.id == self.todo[0])


class Replays(QObject):
    """The replay that runs or waits, step by step; all of it lands together as one undo step."""

    wanted = Signal()  # a step waits to be run

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._choose: Callable[[], tuple[UUID, ...]] = tuple
        self._settings: GenerationSettings | None = None
        self._replay: Replay | None = None
        self.info: EngineInfo | None = None

    @property
    def step(self) -> tuple[int, int] | None:
        """Which edit of how many runs; None while none does."""
        return None if self._replay is None else (self._replay.number, self._replay.count)

    def ask(self, edit_id: UUID, settings: GenerationSettings) -> None:
        """Run an edit again by other settings; later ones that depend on it become stale."""
        self._ask(lambda: (edit_id,), settings)

    def ask_stale(self) -> None:
        """Run all stale edits again, in order, by the settings they have."""
        self._ask(self._stale, None)

    def _ask(
        self, choose: Callable[[], tuple[UUID, ...]], settings: GenerationSettings | None
    ) -> None:
        """A replay that runs gives way. Edits are looked up when its turn has come."""
        self._choose, self._settings, self._replay = choose, settings, None
        self.wanted.emit()

    def _stale(self) -> tuple[UUID, ...]:
        return tuple(e.id for e in self._document.edits if e.stale and e.chosen is not None)

    def drop(self) -> None:
        """Forget the replay."""
        self._replay = None

    # --- what the generation calls ---------------------------------------------------------------

    def work(self, row: Row) -> RunRequest | None:
        """None where an edit is not there any more, or none was meant."""
        assert self.info is not None
        if self._replay is None:
            stack, ids = self._document.stack(), self._choose()
            if not ids or any(stack.index(edit_id) is None for edit_id in ids):
                return None
            self._replay = Replay.of(stack, ids, self._settings)
        return RunRequest(self._replay.request(self.info))

    def land(self, row: Row, value: EditResult) -> None:
        """Go on with the next edit, or put all of them on the canvas."""
        assert self._replay is not None
        assert self.info is not None
        assert row.job is not None
        assert isinstance(row.job.work, RunRequest)
        replay = self._replay.after(row.job.work.request, value, self.info)
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
        """The edits were changed meanwhile."""
        return self._replay is not None and self._replay.origin is not self._document.edits
