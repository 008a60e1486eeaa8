"""Running edits of a picture again, each on what the ones below it have become: Qt-free."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from app.document.edits import Edit, EditStack
from app.engine.requests import edit_again, request_again
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
