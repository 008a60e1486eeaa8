"""The jobs and reports of the engine's thread: frozen values, Qt-free."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Protocol, TypeAlias

from lazydiff_core.contract import (
    RGBA,
    Box,
    EditRequest,
    EditResult,
    EngineInfo,
    IsCancelled,
    Mask,
    OnProgress,
    Pixels,
    Progress,
    Scope,
)
from lazydiff_core.model_store.recommendation import Recommendation

if TYPE_CHECKING:
    from lazydiff_core.matting import Lifted


class EngineLike(Protocol):
    """The interface that the app needs of an engine."""

    @property
    def info(self) -> EngineInfo: ...

    def run(
        self,
        request: EditRequest,
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
    ) -> EditResult: ...

    def prepare(
        self,
        image: Pixels,
        mask: Mask,
        scope: Scope,
        is_superseded: IsCancelled | None = None,
        *,
        edit: bool = False,
        references: str = "",
        control: str = "",
        sketch: RGBA | None = None,
    ) -> bool: ...

    def time_run(
        self, across: int, is_cancelled: IsCancelled | None = None, *, counting: bool = False
    ) -> EditResult: ...

    def lora_fault(self, path: Path) -> str: ...


LoadEngine: TypeAlias = Callable[[], EngineLike]


@dataclass(frozen=True, eq=False)
class RunRequest:
    """Generate the hole of a request. Result: EditResult."""

    request: EditRequest


@dataclass(frozen=True, eq=False)
class EncodeContext:
    """Compute a context before a fill is asked for. Result: None.

    image: (h, w, 3) uint8, the canvas or a part of it. mask: (h, w) bool, True = hole.
    edit, references, control: as in GenerationSettings.
    sketch: (h, w, 4) uint8 RGBA for a control that follows it; None = no such control.
    """

    image: Pixels
    mask: Mask
    scope: Scope = "auto"
    edit: bool = False
    references: str = ""
    control: str = ""
    sketch: RGBA | None = None


@dataclass(frozen=True)
class TimeRun:
    """Time a short run on a grey canvas. Result: EditResult.

    across: side of the square hole in tokens. counting: also measure memory.
    """

    across: int
    counting: bool = False


@dataclass(frozen=True, eq=False)
class Load:
    """Load an engine to replace the current one. Result: EngineInfo."""

    load: LoadEngine


@dataclass(frozen=True)
class CheckLoras:
    """See which LoRAs fit the engine. Result: {path: why it does not fit, "" if it does}."""

    paths: tuple[Path, ...]


@dataclass(frozen=True)
class Release:
    """Let go of the engine, and of the device's memory. Result: None."""


@dataclass(frozen=True)
class Recommend:
    """See which public models fit a device, "" = the best. Result: a tuple of Recommendation."""

    device: str


@dataclass(frozen=True, eq=False)
class LiftThing:
    """Part the thing that a fill painted from its ground. Result: LiftedThing.

    request: of the same hole without the prompt. area: a box of the canvas around the hole.
    shown:   (h, w, c) uint8, the area with the fill.
    """

    request: EditRequest
    area: Box
    shown: Pixels


@dataclass(frozen=True, eq=False)
class LiftedThing:
    """ground: the fill without the prompt. parts: of the area."""

    ground: EditResult
    parts: Lifted


Work: TypeAlias = (
    RunRequest | EncodeContext | TimeRun | Load | CheckLoras | Release | Recommend | LiftThing
)


@dataclass(frozen=True, eq=False)
class Job:
    """Work submitted to the thread, and the flag that cancels it."""

    id: int
    work: Work
    cancelled: Event = field(default_factory=Event)


@dataclass(frozen=True, eq=False)
class Done:
    """The work is done; the class of the work names the type of the result."""

    value: (
        EditResult | EngineInfo | LiftedThing | dict[Path, str] | tuple[Recommendation, ...] | None
    )


@dataclass(frozen=True)
class Failed:
    """The work failed. lost: the engine is unusable and must be loaded again."""

    sentence: str
    lost: bool = False


@dataclass(frozen=True)
class Stopped:
    """The work was cancelled."""


@dataclass(frozen=True)
class Measuring:
    """A model that is being loaded measures something, once: steps done, of how many."""

    done: int
    total: int


News: TypeAlias = Progress | Measuring | Done | Failed | Stopped


@dataclass(frozen=True, eq=False)
class Report:
    """News of a job. Every job ends with exactly one of Done, Failed and Stopped."""

    job: int
    news: News
