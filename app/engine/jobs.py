"""What the engine's thread can be asked to do, and what it reports: frozen values, Qt-free."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Protocol, TypeAlias

from lazydiff_core.contract import (
    RGB,
    EditRequest,
    EditResult,
    EngineInfo,
    IsCancelled,
    Mask,
    OnProgress,
    Progress,
    Scope,
)


class EngineLike(Protocol):
    """What the app needs of an engine."""

    @property
    def info(self) -> EngineInfo: ...

    def run(
        self,
        request: EditRequest,
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> EditResult: ...

    def prepare(
        self, image: RGB, mask: Mask, scope: Scope, is_superseded: IsCancelled | None = None
    ) -> bool: ...

    def time_run(
        self, across: int, is_cancelled: IsCancelled | None = None, *, counting: bool = False
    ) -> EditResult: ...


LoadEngine: TypeAlias = Callable[[], EngineLike]


@dataclass(frozen=True, eq=False)
class RunRequest:
    """Generate the hole of a request; done with an EditResult."""

    request: EditRequest


@dataclass(frozen=True, eq=False)
class EncodeContext:
    """Compute a context before anyone asks for a fill; done with None.

    image: (h, w, 3) uint8 canvas or a part of it. mask: (h, w) bool, True = hole.
    """

    image: RGB
    mask: Mask
    scope: Scope = "auto"


@dataclass(frozen=True)
class TimeRun:
    """Time a short run on a grey canvas; done with an EditResult.

    across: tokens along a side of its square hole. counting: count its memory as well.
    """

    across: int
    counting: bool = False


@dataclass(frozen=True, eq=False)
class Load:
    """Load an engine in the place of the one there is; done with an EngineInfo."""

    load: LoadEngine


Work: TypeAlias = RunRequest | EncodeContext | TimeRun | Load


@dataclass(frozen=True, eq=False)
class Job:
    """Work that was handed to the thread, and the flag that takes it back."""

    id: int
    work: Work
    cancelled: Event = field(default_factory=Event)


@dataclass(frozen=True, eq=False)
class Done:
    """The work is done; what came of it is said beside each kind of work."""

    value: EditResult | EngineInfo | None


@dataclass(frozen=True)
class Failed:
    """The work came to nothing. lost: the engine went with it and has to be loaded again."""

    sentence: str
    lost: bool = False


@dataclass(frozen=True)
class Stopped:
    """The work was taken back."""


News: TypeAlias = Progress | Done | Failed | Stopped


@dataclass(frozen=True, eq=False)
class Report:
    """News of a job. Every job ends in just one of Done, Failed and Stopped."""

    job: int
    news: News
