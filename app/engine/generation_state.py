"""The state of the generation for widgets: one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.engine.timetable import ON_CANVAS, Kind, Timetable
from lazydiff_core.contract import EngineInfo


@dataclass(frozen=True)
class GenerationState:
    """Everything that widgets show of the generation, except progress.

    info:          the engine; None = not loaded.
    fault:         why there is no engine; "" = it is loaded or being loaded.
    table:         running and waiting rows.
    silent:        the engine has work but does not report: it may hang.
    context_ready: the context is encoded, so a fill of the current mask skips the encoder.
    replaying:     (number, count) of the edit being run again; None = no replay.
    released:      the engine's memory was let go of; the next use loads it again.
    """

    info: EngineInfo | None = None
    fault: str = ""
    table: Timetable = field(default_factory=Timetable)
    silent: bool = False
    context_ready: bool = False
    replaying: tuple[int, int] | None = None
    released: bool = False

    @property
    def is_running(self) -> bool:
        """Whether a fill or a replay is running."""
        return self.table.runs(*ON_CANVAS)

    @property
    def is_switching(self) -> bool:
        """Whether another engine is loading or waits to be loaded."""
        return self.info is not None and self.table.has(Kind.LOAD)
